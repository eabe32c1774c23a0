"""A leg that is killed: the tick finds that its lease is free, and the next leg goes on 90 seconds later at most."""

import asyncio
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, checked, ndjson, people

ACCOUNT = "accounts/AbC123"
TICK_SECONDS = 30
POLL_SECONDS = 15
"""So long at most a message lies in the queue, as host.json has it."""


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


async def kill(world: World, leg: "asyncio.Task[Any]") -> None:
    """End *leg* as a process ends that is killed: it lets go of nothing."""
    world.leases.faults.fail("release", "*", times=2)
    leg.cancel()
    await asyncio.gather(leg, return_exceptions=True)


async def taken_up(world: World, run: WakeUp) -> "asyncio.Task[Any]":
    """Let the timer fire and the queue deliver as late as they may, until a leg of *run* begins."""
    for _ in range(100):
        await world.clock.advance(TICK_SECONDS - world.clock.monotonic() % TICK_SECONDS)
        if run in await world.tick():
            await world.clock.advance(POLL_SECONDS)
            return asyncio.create_task(world.leg(run))
    raise AssertionError("The run was never woken.")


async def until(world: World, moment: float) -> None:
    """Let time pass until *moment*, which must not be over."""
    assert world.clock.monotonic() < moment
    await world.clock.advance(moment - world.clock.monotonic())


@pytest.mark.parametrize("killed_after", [1, 7.5, 29, 31, 44, 59.5, 61, 75])
async def test_a_killed_leg_is_taken_up_again_within_90_seconds_of_its_death(killed_after: float) -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 50.0
    wake_up, leg = await world.begin(killed_after)
    await kill(world, leg)
    death = world.clock.monotonic()
    assert world.sink.in_flight == 0

    following = await taken_up(world, wake_up)
    await until(world, death + 90)
    assert world.sink.in_flight == 1  # it works again, and has the account

    await following
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally, run.legs) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60), 2)


async def test_a_leg_that_is_killed_as_soon_as_it_was_woken_is_taken_up_again_in_time() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up, leg = await world.begin(1)
    await kill(world, leg)
    following = await taken_up(world, wake_up)
    await world.clock.advance(1)
    await kill(world, following)
    death = world.clock.monotonic()
    assert world.sink.in_flight == 0
    last = await taken_up(world, wake_up)
    await until(world, death + 90)
    assert world.sink.in_flight == 1
    await kill(world, last)


async def test_the_account_that_the_dead_leg_still_has_is_waited_for_in_place() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 50.0
    wake_up, leg = await world.begin(20)
    await kill(world, leg)
    world.leases.hand_over(ACCOUNT)  # of two leases that a dead leg leaves, one runs out later
    await world.clock.advance(25)
    following = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(8)
    assert world.sink.in_flight == 1
    await following
    run = checked(world.run(wake_up))
    assert (run.tally.accepted, run.legs) == (60, 2)


async def test_an_account_that_another_run_has_is_not_waited_for_in_place_after_a_clean_pause() -> None:
    world = world_of()
    world.leases.hand_over(ACCOUNT)
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.reason == "account_busy"
    assert world.leases.faults.count("take", ACCOUNT) == 1


async def test_a_run_whose_leg_is_at_work_is_not_woken_however_long_it_is_silent() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 50.0
    wake_up, leg = await world.begin(1)
    world.documents.put(
        f"runs/vip/{wake_up.run_id}/run.json",
        {**world.documents.value(f"runs/vip/{wake_up.run_id}/run.json"), "heartbeat_at": "2026-11-22T00:00:00.000Z"},
    )
    await world.clock.advance(3)
    assert await world.tick() == []
    await kill(world, leg)
