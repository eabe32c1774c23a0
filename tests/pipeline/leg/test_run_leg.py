"""One leg: who works on a run, and when."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, checked, ndjson, people
from tests.fakes.sink import LIST


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


async def test_a_run_of_one_leg_tells_its_whole_story() -> None:
    world = world_of()
    wake_up = await world.start()
    began = world.clock.now()
    assert world.documents.paths("active/") == ["active/vip.json", f"active/vip/{wake_up.run_id}.json"]
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.legs, run.trigger) == (RunStatus.SUCCEEDED, 1, "http")
    assert (run.created_at, run.started_at, run.ended_at) == (began, began, began)
    assert (run.waiting, run.ending, run.pauses) == (None, None, 0)
    assert world.documents.paths("active/") == []


@pytest.mark.parametrize("wake_up", [WakeUp("vip", "20200101t000000z-0000"), WakeUp("nobody", "1")])
async def test_a_wake_up_for_an_unknown_run_does_nothing(wake_up: WakeUp) -> None:
    world = world_of()
    before = dict(world.documents.blobs)
    assert await world.leg(wake_up) == []
    assert world.documents.blobs == before


async def test_a_wake_up_for_a_run_that_has_ended_does_nothing() -> None:
    world = world_of()
    run = await world.whole_run()
    before, sweeps = dict(world.documents.blobs), world.sink.sweeps
    assert await world.leg(WakeUp("vip", run.id)) == []
    assert world.documents.blobs == before
    assert (world.sink.sweeps, world.sink.faults.calls["send"]) == (sweeps, 3)


async def test_a_run_that_another_leg_works_on_is_left_alone() -> None:
    world = world_of()
    wake_up = await world.start()
    gate = asyncio.Event()
    world.sink.faults.when("send", f"{LIST}/2", gate.wait)  # type: ignore[arg-type]  # what it returns does not matter
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(600)
    run = world.run(wake_up)
    assert await world.leg(wake_up) == []
    assert world.run(wake_up) == run
    assert run.heartbeat_at is not None
    assert world.clock.now() - run.heartbeat_at <= timedelta(seconds=30)
    gate.set()
    await leg
    assert checked(world.run(wake_up)).legs == 1


async def test_of_two_legs_that_begin_at_the_same_moment_one_gives_way() -> None:
    world = world_of()
    wake_up = await world.start()
    assert list(await asyncio.gather(world.leg(wake_up), world.leg(wake_up))) == [[], []]
    run = checked(world.run(wake_up))
    assert (run.status, run.legs) == (RunStatus.SUCCEEDED, 1)
    assert len(world.sink.made) == 3


async def test_a_run_whose_leg_died_is_taken_up_when_its_lease_has_run_out() -> None:
    world = world_of()
    world.leases.faults.fail("release", times=2)  # the dead let go of nothing
    wake_up = await world.start()
    world.sink.faults.when("send", f"{LIST}/2", asyncio.Event().wait)  # type: ignore[arg-type]  # for ever
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(2)
    leg.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leg
    assert await world.leg(wake_up) == []
    assert world.run(wake_up).legs == 1
    await world.clock.advance(90)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.legs, run.tally) == (RunStatus.SUCCEEDED, 2, Tally(read=30, accepted=30))
    assert [job.batch for job in world.sink.made] == [1, 2, 3]
    assert world.sink.in_flight == 0


async def test_a_run_whose_documents_cannot_be_written_is_left_to_the_tick() -> None:
    world = world_of()
    wake_up = await world.start()
    world.documents.faults.fail("replace", "*/run.json")
    assert await world.leg(wake_up) == []
    await world.go()
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize("skip", range(2, 9))
async def test_a_save_whose_answer_is_lost_is_known_again(skip: int) -> None:
    world = world_of()
    wake_up = await world.start()
    world.documents.faults.fail("replace", "*/run.json", after=True, skip=skip)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30))
    assert len(world.sink.made) <= 4
