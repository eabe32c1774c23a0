"""Flows that take up everybody who is added to a list stop the first run into the list; later runs warn of them."""

from typing import Any

import pytest

from shared.domain.config.export import Export
from shared.domain.errors import CredentialsRefused, LiveFlow, Unavailable
from shared.domain.runs.run import Run, RunStatus
from shared.pipeline.plan.live_flows import tell_of_flows
from shared.ports import Flow, ListInfo
from tests.builders import World, checked, export_document, ndjson, people, warnings_of
from tests.fakes.sink import LIST

WELCOME = Flow("XyZ789", "Welcome series", "live")
OTHER_LIST = "OtherL"
NOT_KNOWN = "is not known, as the key lacks the scope flows:read"


def world_of(*flows: Flow, rows: int = 3, **export: Any) -> World:
    names = {LIST: "VIP newsletter", OTHER_LIST: "Others"}
    blobs = {"vip/1.ndjson": ndjson(people(rows))}
    return World(blobs, export=export, flows=list(flows), list_names=names)


async def success(world: World) -> Run:
    run = checked(await world.whole_run())
    assert (run.status, run.ending) == (RunStatus.SUCCEEDED, None)
    return run


async def refusal(world: World) -> str:
    """See a run through that flows stop before anything is sent; return what it says."""
    sent = world.sink.faults.calls["send"]
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "live_flow"
    assert run.tally.read == 0
    assert world.sink.faults.calls["send"] == sent
    return run.ending.detail


async def test_a_live_flow_stops_the_first_run_and_is_named_with_what_to_do() -> None:
    world = world_of(WELCOME)
    assert await refusal(world) == (
        "Flow 'Welcome series' (XyZ789, live) would take up everybody who is added to list 'VIP newsletter' (Y6nRLr), "
        "and may write to everybody in the segments. This would be the first run of export 'vip' into the list, so "
        "nothing was sent. Set allow_flows of the export to true if that is wanted; otherwise set the flow to draft in "
        "Klaviyo, or choose another list."
    )
    assert world.sink.made == []


async def test_a_run_that_was_stopped_does_not_make_the_next_one_the_second() -> None:
    world = world_of(WELCOME)
    await refusal(world)
    await refusal(world)
    assert world.documents.paths("lists/") == []


async def test_who_allows_flows_is_not_asked_again_and_nor_is_klaviyo() -> None:
    world = world_of(WELCOME, allow_flows=True)
    assert (await success(world)).warnings == ()
    assert world.sink.faults.calls["live_flows"] == 0


async def test_a_draft_is_nothing_to_speak_of() -> None:
    world = world_of(Flow("XyZ789", "Welcome series", "draft"))
    assert (await success(world)).warnings == ()
    assert world.sink.faults.calls["live_flows"] == 1


@pytest.mark.parametrize("status", ["manual", "unknown"])
async def test_a_flow_that_takes_people_up_in_whatever_way_counts(status: str) -> None:
    assert f"(XyZ789, {status})" in await refusal(world_of(Flow("XyZ789", "Welcome series", status)))


async def test_a_flow_that_is_set_live_later_is_a_warning_on_every_run_until_it_is_allowed() -> None:
    world = world_of()
    assert (await success(world)).warnings == ()
    world.sink.flows.append(WELCOME)
    for _ in range(2):
        [warning] = warnings_of(await success(world))
        assert warning == (
            "Flow 'Welcome series' (XyZ789, live) would take up everybody who is added to list 'VIP newsletter' "
            "(Y6nRLr). Set allow_flows of the export to true if that is wanted, and this is not said again."
        )
    world.put_export(allow_flows=True)
    assert (await success(world)).warnings == ()


async def test_a_first_run_with_leave_makes_the_list_known() -> None:
    world = world_of(WELCOME, allow_flows=True)
    await success(world)
    world.put_export(allow_flows=False)
    assert len((await success(world)).warnings) == 1


async def test_another_list_has_a_first_run_of_its_own_and_so_has_the_way_back() -> None:
    world = world_of()
    await success(world)
    world.put_export(list_id=OTHER_LIST)
    world.sink.flows.append(WELCOME)
    assert "'Others' (OtherL)" in await refusal(world)
    world.sink.flows.clear()
    await success(world)
    world.sink.flows.append(WELCOME)
    assert len((await success(world)).warnings) == 1
    world.put_export(list_id=LIST)
    await refusal(world)


async def test_another_export_into_the_same_list_has_a_first_run_of_its_own() -> None:
    world = world_of()
    await success(world)
    world.sink.flows.append(WELCOME)
    world.put_export(id="gold")
    run = await world.whole_run("gold")
    assert run.ending is not None
    assert run.ending.reason == "live_flow"


async def test_a_key_that_may_not_ask_is_a_warning_on_every_run() -> None:
    world = world_of(WELCOME)
    world.sink.lacks = {"flows:read"}
    for _ in range(2):
        [warning] = warnings_of(await success(world))
        assert NOT_KNOWN in warning
    world.put_export(allow_flows=True)
    assert (await success(world)).warnings == ()


async def test_a_run_that_only_tries_a_few_rows_is_stopped_as_well_but_is_not_the_first() -> None:
    world = world_of(rows=30)
    tried = await world.start(limit=5)
    await world.go(tried)
    assert world.run(tried).tally.accepted == 5
    world.sink.flows.append(WELCOME)
    await refusal(world)
    tried = await world.start(limit=5)
    await world.go(tried)
    ending = world.run(tried).ending
    assert ending is not None
    assert ending.reason == "live_flow"


async def test_a_run_of_which_nothing_was_sent_is_not_the_first() -> None:
    world = World({"vip/1.ndjson": ndjson([{"EMail": "nobody"}])}, export={"limits": {"max_rejected_share": 1}})
    assert checked(await world.whole_run()).status is RunStatus.FAILED
    world.sink.flows.append(WELCOME)
    await refusal(world)


async def test_a_run_that_failed_after_it_had_sent_something_was_the_first() -> None:
    world = World({"vip/1.ndjson": ndjson(people(100))}, max_profiles=10, in_flight=1)
    world.sink.faults.fail("send", f"{LIST}/3", error=CredentialsRefused("The key was revoked."))
    assert checked(await world.whole_run()).status is RunStatus.FAILED
    assert world.sink.made
    world.sink.flows.append(WELCOME)
    assert len((await success(world)).warnings) == 1


@pytest.mark.parametrize("call", ["get", "insert"])
async def test_storage_that_fails_while_a_list_is_noted_costs_a_pause(call: str) -> None:
    world = world_of()
    world.documents.faults.fail(call, "lists/*", skip=call == "get", after=True)
    await success(world)
    known = world.documents.value("lists/vip.json")
    assert (known["list_id"], known["run_id"]) == (LIST, world.all_runs()[0].id)
    assert world.sink.emails() == [row["EMail"] for row in people(3)]


async def test_an_export_that_was_deleted_meanwhile_leaves_no_list_behind() -> None:
    world = world_of()

    async def delete() -> None:
        await world.documents.delete("exports/vip.json")

    world.sink.faults.when("send", "*", delete, after=True)
    await world.whole_run()
    assert world.sink.made
    assert world.documents.paths("lists/") == []


async def test_klaviyo_that_does_not_answer_about_flows_costs_a_pause() -> None:
    world = world_of(WELCOME, allow_flows=False)
    world.sink.faults.fail("live_flows", error=Unavailable("Klaviyo is away."))
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.reason == "unavailable"
    await world.go()
    ending = world.run(wake_up).ending
    assert ending is not None
    assert ending.reason == "live_flow"


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (2, "Flow 'n0' (F0, live) and flow 'n1' (F1, live) would"),
        (6, "flow 'n4' (F4, live) and 1 more would"),
        (9, "flow 'n4' (F4, live) and 4 more would"),
    ],
)
def test_of_many_flows_a_few_are_named(count: int, named: str) -> None:
    flows = tuple(Flow(f"F{number}", f"n{number}", "live") for number in range(count))
    export = Export.from_document(export_document())
    with pytest.raises(LiveFlow) as caught:
        tell_of_flows(export, ListInfo(LIST, "VIP", None), flows, is_first=True)
    assert named in str(caught.value)
    assert "n5" not in str(caught.value)
