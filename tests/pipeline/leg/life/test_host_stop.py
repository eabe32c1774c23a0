"""A leg whose host stops: it ends within five seconds and leaves everything ready for the next leg."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.watching.watch import HURRIED_SECONDS
from shared.ports.host_stop import HostStop
from shared.store.paths import run_lease
from tests.builders import World, checked, ndjson, people
from tests.fakes.sink import LIST
from tests.pipeline.leg.life.test_watched_from_the_start import Hold, in_each_step_of_planning, stall

ACCOUNT = "accounts/AbC123"
LONGEST = 5.0
"""Seconds from the notice to the end of the leg."""
HEARD_AT_ONCE = HURRIED_SECONDS
"""The same for a leg that waits for answers, and hears of the notice in the moment that it comes."""


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


async def stopped(world: World, wake_up: WakeUp, leg: "asyncio.Task[list[WakeUp]]", *, within: float = LONGEST) -> Run:
    """Tell the app that its host stops; return the run that the leg has left behind, in time and in good order."""
    told_at = world.clock.monotonic()
    world.resources.stop.tell()
    assert await leg == [wake_up]
    assert world.clock.monotonic() - told_at <= within
    assert await world.leases.is_free(run_lease(wake_up.export_id, wake_up.run_id))
    assert await world.leases.is_free(ACCOUNT)
    run = checked(world.run(wake_up))
    assert run.waiting is not None
    assert (run.waiting.reason, run.waiting.next_try <= world.clock.now()) == ("time_budget", True)
    assert (run.starts, run.pauses, run.failure) == (0, 0, None)
    return run


async def taken_up_elsewhere(world: World, wake_up: WakeUp) -> Run:
    """Let another process go on with the run until it has ended."""
    world.resources = replace(world.resources, stop=HostStop())
    await world.go(wake_up)
    return checked(world.run(wake_up))


async def test_a_leg_that_exports_ends_its_batches_and_the_next_one_goes_on_behind_them() -> None:
    world = world_of(120)
    world.sink.seconds = lambda _batch: 2.0
    wake_up, leg = await world.begin(3)
    run = await stopped(world, wake_up, leg)
    assert (run.status, run.checkpoint.batches) == (RunStatus.EXPORTING, world.sink.faults.calls["send"])
    assert 0 < run.checkpoint.batches < 12
    run = await taken_up_elsewhere(world, wake_up)
    assert (run.status, run.tally.accepted, run.legs) == (RunStatus.SUCCEEDED, 120, 2)
    assert world.sink.faults.calls["send"] == 12


async def test_a_batch_without_an_answer_is_sent_again_by_the_next_leg() -> None:
    world = world_of()
    world.sink.seconds = lambda batch: 1_000.0 if batch.number == 2 else 0.0
    wake_up, leg = await world.begin(1)
    run = await stopped(world, wake_up, leg, within=HEARD_AT_ONCE)
    assert run.checkpoint.batches == 1
    world.sink.seconds = lambda _batch: 0.0
    run = await taken_up_elsewhere(world, wake_up)
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 60)


@in_each_step_of_planning
async def test_a_leg_that_plans_is_cut_off_and_the_next_one_plans_anew(hold: Hold) -> None:
    world = world_of()
    hold(world)
    wake_up, leg = await world.begin(13)
    assert (await stopped(world, wake_up, leg)).status is RunStatus.QUEUED
    assert world.segments.open_reads == 0
    assert (await taken_up_elsewhere(world, wake_up)).status is RunStatus.SUCCEEDED


async def test_a_leg_that_is_held_up_by_what_it_reads_is_cut_off() -> None:
    world = world_of()
    world.segments.faults.when("read", "*", stall(world), skip=1)
    wake_up, leg = await world.begin(13)
    assert (await stopped(world, wake_up, leg)).status is RunStatus.EXPORTING
    assert (await taken_up_elsewhere(world, wake_up)).tally.accepted == 60


async def test_a_leg_that_settles_leaves_the_jobs_to_the_next_one() -> None:
    world = world_of(sweeps_to_end=6)
    wake_up, leg = await world.begin(13)
    assert world.run(wake_up).status is RunStatus.SETTLING
    assert (await stopped(world, wake_up, leg)).status is RunStatus.SETTLING
    run = await taken_up_elsewhere(world, wake_up)
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 60)


async def test_a_process_that_stops_takes_up_no_run_and_gives_its_message_back() -> None:
    world = world_of()
    wake_up = await world.start()
    world.resources.stop.tell()
    assert await world.leg(wake_up) == [wake_up]
    assert (world.run(wake_up).legs, world.leases.faults.calls["take"]) == (0, 0)


async def test_a_leg_that_begins_its_phase_as_the_notice_comes_ends_before_it_sends() -> None:
    world = world_of()

    async def notice() -> None:
        world.resources.stop.tell()

    world.sink.faults.when("list_details", LIST, notice, after=True)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    assert world.sink.faults.calls["send"] == 0


@pytest.mark.parametrize("told", [True, False])
async def test_a_run_that_waits_for_the_account_is_woken_by_a_leg_whose_host_stops(told: bool) -> None:
    world = world_of()
    world.put_export(id="other")
    world.sink.seconds = lambda _batch: 2.0
    wake_up, leg = await world.begin(3)
    other = await world.start("other")
    assert await world.leg(other) == []
    if told:
        world.resources.stop.tell()
        assert set(await leg) == {wake_up, other}
    else:
        leg.cancel()
        await asyncio.gather(leg, return_exceptions=True)
