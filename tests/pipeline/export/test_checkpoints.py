"""Parts and the run document: what counts when a leg loses, and when a save fails."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import Conflict, Unavailable
from shared.domain.runs.run import Checkpoint, Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.store.paths import run_path
from shared.store.run_saver import RunSaver
from shared.store.runs import Runs
from tests.builders import SlowSegments, World, checked, ndjson, people
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
from tests.fakes.sink import LIST


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


async def take_over(world: World, wake_up: WakeUp) -> None:
    """Write the run as another leg does that takes it up."""
    run = world.run(wake_up)
    world.documents.put(run_path("vip", run.id), replace(run, legs=run.legs + 1).document())


def parts(world: World, wake_up: WakeUp) -> list[str]:
    prefix = f"runs/vip/{wake_up.run_id}/parts/"
    return [path.removeprefix(prefix) for path in world.documents.paths(prefix)]


async def test_a_part_of_a_leg_that_was_overtaken_counts_for_nothing() -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()
    world.sink.faults.when("send", "*/3", lambda: take_over(world, wake_up))
    assert await world.leg(wake_up) == [wake_up]  # whoever wrote the run does not hold its lease
    run = checked(world.run(wake_up))
    assert (run.legs, run.parts, run.checkpoint) == (2, {"1": 2}, Checkpoint(20, 2))
    assert parts(world, wake_up) == ["1-1.ndjson", "1-2.ndjson", "1-3.ndjson"]
    assert [job.batch for job in world.sink.made] == [1, 2, 3]

    await world.clock.advance(91)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))
    assert run.parts == {"1": 2, "3": 4}
    assert run.jobs.submitted == run.jobs.ended == 6
    assert len(world.sink.made) == 7


async def test_a_leg_that_was_overtaken_stops_the_sends_that_are_under_way() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.seconds = lambda batch: 1.0 if batch.number == 1 else 100.0
    world.sink.faults.when("send", "*/1", lambda: take_over(world, wake_up))
    began = world.clock.now()
    assert await world.leg(wake_up) == [wake_up]
    assert world.clock.now() - began < timedelta(seconds=100)
    assert [job.batch for job in world.sink.made] == [1]
    assert world.sink.in_flight == 0
    assert world.segments.open_reads == 0


async def test_a_leg_that_was_overtaken_hears_it_by_its_heartbeat() -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()
    world.sink.seconds = lambda _batch: 31.0
    world.sink.faults.when("send", "*/2", lambda: take_over(world, wake_up))
    assert await world.leg(wake_up) == [wake_up]
    assert world.run(wake_up).checkpoint == Checkpoint(10, 1)


@pytest.mark.parametrize("after", [False, True])
async def test_after_a_checkpoint_that_could_not_be_saved_nothing_more_counts(*, after: bool) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.seconds = lambda batch: float(batch.number)
    world.documents.faults.fail("write_lines", "*/parts/1-2.ndjson", after=after)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.checkpoint, run.parts, run.jobs.submitted) == (Checkpoint(10, 1), {"1": 1}, 1)
    assert run.waiting is not None
    assert run.waiting.reason == "unavailable"
    assert len(world.sink.made) == 4  # those that were under way ended by themselves

    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))
    assert run.jobs.submitted == 6


async def test_a_checkpoint_whose_answer_was_lost_counts_and_is_not_sent_again() -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()
    world.documents.faults.when("write_lines", "*/parts/1-2.ndjson", lambda: lose_next_answer(world), after=True)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.checkpoint, run.parts) == (Checkpoint(20, 2), {"1": 2})
    assert run.waiting is not None
    await world.go()
    assert len(world.sink.made) == 6
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def lose_next_answer(world: World) -> None:
    world.documents.faults.fail("replace", "*/run.json", after=True)


async def test_batches_that_are_acknowledged_during_a_save_go_with_the_next_one() -> None:
    world = world_of(in_flight=6)
    gate = asyncio.Event()
    world.documents.faults.when("write_lines", "*/parts/1-1.ndjson", lambda: wait_for(gate))
    wake_up, leg = await world.begin(3)
    assert len(world.sink.made) == 6
    assert world.run(wake_up).checkpoint == Checkpoint()
    gate.set()
    await leg
    run = checked(world.run(wake_up))
    assert (run.parts, run.checkpoint) == ({"1": 2}, Checkpoint(60, 6))


async def wait_for(gate: asyncio.Event) -> None:
    await gate.wait()


async def test_batches_without_receipts_and_rejections_need_no_part() -> None:
    clock, body = FakeClock(), ndjson(people(10))
    segments = SlowSegments({"vip/1.ndjson": body * 3}, clock, seconds=1, piece_bytes=len(body))
    world = World(segments=segments, clock=clock, budget_seconds=0.5)
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=30, accepted=10, duplicates=20)
    assert (run.checkpoint, run.parts) == (Checkpoint(30, 3), {"1": 1})
    assert [path for path in world.documents.paths() if "/parts/" in path] == [f"runs/vip/{run.id}/parts/1-1.ndjson"]


async def test_a_cancelled_leg_cancels_its_sends_and_saves_nothing_more() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.when("send", f"{LIST}/2", lambda: wait_for(asyncio.Event()))
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(2)
    before = dict(world.documents.blobs)
    leg.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leg
    await world.clock.advance(200)
    assert world.documents.blobs == before
    assert (world.sink.in_flight, world.clock.sleepers, world.segments.open_reads) == (0, 0, 0)


async def saver_of(documents: MemoryDocuments) -> RunSaver:
    world = World()
    run = Run(id="1", export_id="vip", trigger="http", created_at=world.clock.now())
    documents.put(run_path("vip", "1"), run.document())
    saver = await Runs(documents).open("vip", "1")
    assert saver is not None
    return saver


def with_legs(legs: int) -> Any:
    return lambda run: replace(run, legs=legs)


async def test_saves_that_overlap_are_made_one_after_the_other() -> None:
    documents = MemoryDocuments()
    saver = await saver_of(documents)
    await asyncio.gather(*[saver.save(lambda run: replace(run, legs=run.legs + 1)) for _ in range(20)])
    assert saver.run.legs == documents.value("runs/vip/1/run.json")["legs"] == 20


async def test_a_write_of_somebody_else_is_a_conflict_even_when_it_wrote_the_same() -> None:
    documents = MemoryDocuments()
    saver = await saver_of(documents)
    documents.put("runs/vip/1/run.json", replace(saver.run, legs=1).document())
    for _ in range(2):
        with pytest.raises(Conflict):
            await saver.save(with_legs(1))
    assert documents.value("runs/vip/1/run.json")["legs"] == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_save_without_an_answer_is_looked_for_before_the_next_one(*, after: bool) -> None:
    documents = MemoryDocuments()
    saver = await saver_of(documents)
    documents.faults.fail("replace", after=after)
    with pytest.raises(Unavailable):
        await saver.save(with_legs(7))
    run = await saver.save(lambda run: replace(run, pauses=1))
    assert (run.legs, run.pauses) == (7 if after else 0, 1)
    assert Run.from_document(documents.value("runs/vip/1/run.json")) == run


async def test_a_save_without_an_answer_does_not_hide_a_write_of_somebody_else() -> None:
    documents = MemoryDocuments()
    saver = await saver_of(documents)
    documents.faults.fail("replace")
    with pytest.raises(Unavailable):
        await saver.save(with_legs(7))
    documents.put("runs/vip/1/run.json", replace(saver.run, legs=8).document())
    with pytest.raises(Conflict):
        await saver.save(with_legs(7))
