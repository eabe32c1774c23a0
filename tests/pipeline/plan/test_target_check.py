"""What Klaviyo says about the target of a run: all is asked for at once, and the first fault counts."""

import asyncio
from datetime import timedelta

import pytest

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, LiveFlow, Unavailable, UnknownList
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.receipt import JobReport
from shared.pipeline.plan.target_check import IDLE_SECONDS, check_target
from shared.ports import Flow
from tests.builders import connection_document, export_document
from tests.fakes.sink import LIST, MemorySink

CALLS = ("account", "list_details", "live_flows", "newest_job")
CONNECTION = Connection.from_document(connection_document())


def export(**fields: object) -> Export:
    return Export.from_document(export_document(**fields))


async def test_all_is_asked_for_before_anything_is_answered() -> None:
    sink, barrier = MemorySink(), asyncio.Barrier(len(CALLS))

    async def all_are_asked() -> None:
        async with asyncio.timeout(10):
            await barrier.wait()

    for call in CALLS:
        sink.faults.when(call, "*", all_are_asked)
    target = await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert (target.account_id, target.list.id, target.warnings) == (sink.owner.id, LIST, ())


async def test_flows_are_not_asked_for_where_they_are_allowed() -> None:
    sink = MemorySink(flows=[Flow("F1", "Welcome", "live")])
    assert (await check_target(export(allow_flows=True), CONNECTION, sink, sink.clock, is_first=True)).warnings == ()
    assert not sink.faults.count("live_flows")


@pytest.mark.parametrize(
    ("failing", "error"),
    [(CALLS, ConfigurationError), (CALLS[1:], UnknownList), (CALLS[2:], Unavailable), (CALLS[3:], LiveFlow)],
)
async def test_of_several_faults_the_first_one_is_told(failing: tuple[str, ...], error: type[Exception]) -> None:
    sink, last_asked = MemorySink(flows=[Flow("F1", "Welcome", "live")]), asyncio.Event()

    async def wait() -> None:
        await last_asked.wait()

    async def go_on() -> None:
        last_asked.set()

    sink.faults.when("account", "*", wait)  # the fault that counts comes last
    sink.faults.when("live_flows", "*", go_on)
    faults = (ConfigurationError("account"), UnknownList("list"), Unavailable("flows"), Unavailable("jobs"))
    for call, fault in zip(CALLS, faults, strict=True):
        if call in failing:
            sink.faults.fail(call, error=fault)
    with pytest.raises(error) as caught:
        await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert type(caught.value) is error
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize(("minutes", "is_idle"), [((), True), ((1, 9), False), ((3, 9), True), ((-1,), False)])
async def test_a_run_begins_at_full_pace_only_where_nobody_has_imported_lately(
    minutes: tuple[int, ...], *, is_idle: bool
) -> None:
    sink = MemorySink()
    now = sink.clock.now()
    sink.strangers += [JobReport(f"job-{ago}", "complete", now - timedelta(minutes=ago), 1, 0, 1) for ago in minutes]
    await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert sink.gone_on_from == ([AccountUse(now, (), is_alone=True)] if is_idle else [])


async def test_a_run_goes_on_where_nobody_says_whether_the_account_is_idle() -> None:
    sink = MemorySink()
    sink.faults.fail("newest_job")
    assert (await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)).account_id == sink.owner.id
    assert sink.gone_on_from == []


async def test_a_run_does_not_wait_long_to_hear_whether_the_account_is_idle() -> None:
    sink = MemorySink()

    async def dawdle() -> None:
        await sink.clock.sleep(3_600.0)

    sink.faults.when("newest_job", "*", dawdle)
    target = await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert (target.account_id, sink.gone_on_from) == (sink.owner.id, [])
    assert sink.clock.monotonic() == IDLE_SECONDS


async def test_a_klaviyo_that_answers_slowly_tells_in_time_whether_the_account_is_idle() -> None:
    sink = MemorySink()

    async def answer_slowly() -> None:
        await sink.clock.sleep(2 * IDLE_SECONDS)

    for call in CALLS:
        sink.faults.when(call, "*", answer_slowly)
    await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert len(sink.gone_on_from) == 1


async def test_what_was_true_of_the_account_when_klaviyo_answered_is_not_taken_for_what_is_true_later() -> None:
    sink = MemorySink()
    asked_at = sink.clock.now()
    sink.strangers.append(JobReport("job", "complete", asked_at - timedelta(minutes=1), 1, 0, 1))

    async def answer_slowly() -> None:
        await sink.clock.sleep(100.0)

    sink.faults.when("list_details", "*", answer_slowly)
    await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert sink.gone_on_from == []
    sink.strangers.clear()
    asked_at = sink.clock.now()
    await check_target(export(), CONNECTION, sink, sink.clock, is_first=True)
    assert sink.gone_on_from == [AccountUse(asked_at, (), is_alone=True)]
