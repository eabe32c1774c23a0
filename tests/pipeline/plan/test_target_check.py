"""What Klaviyo says about the target of a run: all is asked at once, and the first fault counts."""

import asyncio

import pytest

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, LiveFlow, Unavailable, UnknownList
from shared.pipeline.plan.target_check import check_target
from shared.ports import Flow
from tests.builders import connection_document, export_document
from tests.fakes.sink import LIST, MemorySink

CALLS = ("account", "list_details", "live_flows")
CONNECTION = Connection.from_document(connection_document())


def export(**fields: object) -> Export:
    return Export.from_document(export_document(**fields))


async def test_all_is_asked_before_anything_is_answered() -> None:
    sink, barrier = MemorySink(), asyncio.Barrier(len(CALLS))

    async def all_are_asked() -> None:
        async with asyncio.timeout(10):
            await barrier.wait()

    for call in CALLS:
        sink.faults.when(call, "*", all_are_asked)
    target = await check_target(export(), CONNECTION, sink, is_first=True)
    assert (target.account_id, target.list.id, target.warnings) == (sink.owner.id, LIST, ())


async def test_flows_are_not_asked_for_where_they_are_allowed() -> None:
    sink = MemorySink(flows=[Flow("F1", "Welcome", "live")])
    assert (await check_target(export(allow_flows=True), CONNECTION, sink, is_first=True)).warnings == ()
    assert not sink.faults.count("live_flows")


@pytest.mark.parametrize(
    ("failing", "error"),
    [(CALLS, ConfigurationError), (CALLS[1:], UnknownList), (CALLS[2:], Unavailable), ((), LiveFlow)],
)
async def test_of_several_faults_the_first_one_is_told(failing: tuple[str, ...], error: type[Exception]) -> None:
    sink, last_asked = MemorySink(flows=[Flow("F1", "Welcome", "live")]), asyncio.Event()

    async def wait() -> None:
        await last_asked.wait()

    async def go_on() -> None:
        last_asked.set()

    sink.faults.when("account", "*", wait)  # the fault that counts comes last
    sink.faults.when("live_flows", "*", go_on)
    faults = (ConfigurationError("account"), UnknownList("list"), Unavailable("flows"))
    for call, fault in zip(CALLS, faults, strict=True):
        if call in failing:
            sink.faults.fail(call, error=fault)
    with pytest.raises(error) as caught:
        await check_target(export(), CONNECTION, sink, is_first=True)
    assert type(caught.value) is error
    assert len(asyncio.all_tasks()) == 1
