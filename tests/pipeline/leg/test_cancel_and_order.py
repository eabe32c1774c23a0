"""Cancelling, and runs of one export one after the other."""

import asyncio
from datetime import timedelta
from typing import Any

from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.watching.watch import LOOK_EVERY_SECONDS
from shared.store.new_run import write_run
from shared.store.run_markers import Marker
from tests.builders import SlowSegments, World, checked, ndjson, people
from tests.fakes.clock import FakeClock
from tests.fakes.sink import LIST
from tests.pipeline.leg.stops import cancel, cancelled_after_its_first_batch


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


async def test_a_queued_run_that_is_cancelled_sends_nothing() -> None:
    world = world_of()
    wake_up = await world.start()
    await cancel(world, wake_up)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally())
    assert run.ending is not None
    assert (run.ending.reason, run.ending.detail) == ("cancelled", "Dana cancelled the run.")
    assert world.sink.faults.log == []


async def test_a_run_that_is_cancelled_in_the_middle_settles_what_was_sent() -> None:
    world = world_of(100)
    world.sink.seconds = lambda _batch: 4.0
    world.sink.fail_late("p1@*")
    wake_up, leg = await world.begin(13)
    await cancel(world, wake_up)
    await leg
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert run.tally == Tally(read=40, accepted=39, rejected=1)
    assert world.clock.monotonic() <= 13 + LOOK_EVERY_SECONDS + 4
    assert run.jobs.ended == 4


async def test_a_paused_run_that_is_cancelled_settles_what_was_sent() -> None:
    run = await cancelled_after_its_first_batch(world_of())
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally(read=10, accepted=10))


async def test_a_run_hears_that_it_is_cancelled_while_it_only_reads() -> None:
    clock = FakeClock()
    body = ndjson([{"EMail": "one@example.com", "FirstName": "A"}] * 200)
    world = World(segments=SlowSegments({"vip/1.ndjson": body}, clock, seconds=1, piece_bytes=100), clock=clock)
    exporting = len(body) // 100 + 7  # the top of the file, a second a piece, is read before
    wake_up, leg = await world.begin(exporting)
    assert world.run(wake_up).status is RunStatus.EXPORTING
    await cancel(world, wake_up)
    await leg
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert clock.monotonic() <= exporting + LOOK_EVERY_SECONDS + 1


async def test_a_cancel_that_comes_while_the_run_settles_changes_nothing() -> None:
    world = world_of(sweeps_to_end=9)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.SETTLING
    await cancel(world, wake_up)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30))


async def test_only_the_first_note_to_cancel_counts() -> None:
    world = world_of()
    wake_up = await world.start()
    await cancel(world, wake_up)
    await world.store.runs.ask_to_cancel(world.run(wake_up), by="Somebody else", now=world.clock.now())
    assert str(await world.store.runs.why_cancelled(world.run(wake_up))) == "Dana cancelled the run."


async def two_runs(world: World) -> tuple[WakeUp, WakeUp]:
    older = await world.start()
    await world.clock.advance(1)
    return older, await world.start()


async def test_a_run_waits_for_an_older_one_and_is_woken_when_that_ends() -> None:
    world = world_of()
    older, newer = await two_runs(world)
    assert await world.leg(newer) == []
    waiting = world.run(newer).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.next_try - waiting.since) == ("previous_run_active", timedelta(minutes=1))
    assert world.run(newer).status is RunStatus.QUEUED
    assert world.sink.faults.log == []

    assert await world.leg(older) == [newer]
    assert await world.leg(newer) == []
    assert [run.status for run in world.all_runs()] == [RunStatus.SUCCEEDED] * 2


async def test_runs_end_in_the_order_in_which_they_were_requested() -> None:
    world = world_of(sweeps_to_end=20)
    wake_ups = [await world.start() for _ in range(3)]
    await world.go(*reversed(wake_ups))
    runs = [checked(world.run(wake_up)) for wake_up in wake_ups]
    ends = [run.ended_at for run in runs if run.ended_at]
    assert ends == sorted(ends)
    assert len(set(ends)) == 3
    assert {run.status for run in runs} == {RunStatus.SUCCEEDED}


async def test_a_long_wait_for_an_older_run_does_not_make_later_pauses_long() -> None:
    world = world_of()
    older, newer = await two_runs(world)
    for _ in range(5):
        await world.leg(newer)
    await world.leg(older)
    world.sink.faults.fail("list_details")
    await world.leg(newer)
    waiting = world.run(newer).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.next_try - waiting.since) == ("unavailable", timedelta(minutes=1))


async def test_a_run_that_waits_for_an_older_one_can_be_cancelled() -> None:
    world = world_of()
    _, newer = await two_runs(world)
    await world.leg(newer)
    await cancel(world, newer)
    await world.leg(newer)
    assert world.run(newer).status is RunStatus.CANCELLED


async def test_an_older_run_of_which_only_the_marker_was_written_is_waited_for() -> None:
    world = world_of()
    older, newer = await two_runs(world)
    await world.documents.delete(f"runs/vip/{older.run_id}/run.json")
    await world.leg(newer)
    assert world.run(newer).waiting is not None
    await world.go()
    assert [run.status for run in world.all_runs()] == [RunStatus.SUCCEEDED] * 2
    first, second = world.all_runs()
    assert first.ended_at is not None
    assert second.ended_at is not None
    assert first.ended_at <= second.ended_at


async def test_a_run_does_not_wait_for_one_that_has_ended_but_left_its_marker() -> None:
    world = world_of()
    older, newer = await two_runs(world)
    world.documents.faults.fail("delete", "active/*", times=2)
    for _ in range(2):
        assert await world.leg(older) == [newer]  # the run has ended, but the leg cannot tidy up
    assert world.run(older).status is RunStatus.SUCCEEDED
    await world.leg(newer)
    assert world.run(newer).status is RunStatus.SUCCEEDED


async def test_runs_of_different_exports_do_not_wait_for_each_other() -> None:
    world = world_of()
    world.put_export(id="gold")
    older = await world.start()
    newer = await world.start("gold")
    await world.leg(newer)
    assert world.run(newer).status is RunStatus.SUCCEEDED
    assert world.run(older).status is RunStatus.QUEUED


async def test_the_next_run_of_the_export_begins_when_the_cancelled_one_has_been_settled() -> None:
    world = world_of(100, in_flight=3, sweeps_to_end=20)
    first = await world.start()
    world.sink.seconds = lambda _batch: 4.0
    leg = asyncio.create_task(world.leg(first))
    await world.clock.advance(5)
    second = await world.start()
    await cancel(world, first)
    await leg
    assert world.run(first).status is RunStatus.SETTLING
    await world.leg(second)
    waiting = world.run(second).waiting
    assert waiting is not None
    assert waiting.reason == "previous_run_active"
    await world.go(first, second)
    assert checked(world.run(second)).tally == Tally(read=100, accepted=100)


async def test_a_run_that_has_begun_is_waited_for_by_one_that_turns_out_to_be_older() -> None:
    world = world_of(100)
    request = Marker("vip", "20261123t055900z-0001", "http", world.clock.now())
    await world.clock.advance(1)
    newer = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(newer)
    await write_run(request, world.store)  # a release without gates wrote the marker, and late
    older = request.wake_up
    await world.leg(older)
    waiting = world.run(older).waiting
    assert waiting is not None
    assert waiting.reason == "previous_run_active"
    await world.go(older, newer)
    ends = [checked(world.run(each)).ended_at for each in (newer, older)]
    assert ends == sorted(end for end in ends if end)


async def test_a_run_that_has_begun_is_waited_for_also_by_one_with_a_place_before_it() -> None:
    world = world_of()
    begun = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(begun)
    queued = await world.start()
    gate = world.documents.value("active/vip.json")
    # As after an upgrade: the run that a release without gates had begun got its place behind a new one.
    world.documents.put("active/vip.json", {**gate, "requests": gate["requests"][::-1]})
    await world.leg(queued)
    waiting = world.run(queued).waiting
    assert waiting is not None
    assert waiting.reason == "previous_run_active"
    await world.go(queued, begun)
    assert {checked(run).status for run in world.all_runs()} == {RunStatus.SUCCEEDED}
