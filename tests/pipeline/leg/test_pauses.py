"""A run waits where waiting helps, and a leg is over in time."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.domain.errors import (
    Throttled,
)
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.leg import LAST_MINUTES_SECONDS
from shared.pipeline.watching.watch import GRACE_SECONDS, LOOK_EVERY_SECONDS, OVERTIME_SECONDS
from shared.ports import LEASE_SECONDS
from shared.settings import LONGEST_LEG
from tests.builders import World, checked, ndjson, people


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


def pause(world: World, wake_up: WakeUp) -> tuple[str, timedelta]:
    """Return why the run waits and how long."""
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.since == world.clock.now()
    return waiting.reason, waiting.next_try - waiting.since


@pytest.mark.parametrize("call", ["list_details", "send"])
async def test_a_klaviyo_that_does_not_answer_pauses_the_run_longer_each_time(call: str) -> None:
    world = world_of()
    world.sink.faults.fail(call, times=7)
    wake_up = await world.start()
    pauses = []
    for _ in range(7):
        assert await world.leg(wake_up) == []
        reason, wait = pause(world, wake_up)
        assert reason == "unavailable"
        pauses.append(wait / timedelta(minutes=1))
        await world.clock.advance(wait.total_seconds())
        assert await world.tick() == [wake_up]
    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    await world.go(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_a_wait_that_klaviyo_asks_for_is_kept() -> None:
    world = world_of()
    world.sink.faults.fail("send", error=Throttled("Slow down.", after=3_000))
    wake_up = await world.start()
    await world.leg(wake_up)
    assert pause(world, wake_up) == ("throttled", timedelta(seconds=3_000))


async def test_a_wait_of_days_that_klaviyo_asks_for_is_kept_for_an_hour() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    world.sink.faults.fail("send", error=Throttled("Slow down.", after=999_999))
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.next_try - world.clock.now() == timedelta(hours=1)


async def test_requests_that_do_not_end_when_the_time_is_used_up_are_cut_off() -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, max_profiles=10, budget_seconds=60)
    world.sink.seconds = lambda batch: 100_000.0 if batch.number == 2 else 0.0
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    assert (
        60 + OVERTIME_SECONDS <= world.clock.monotonic() <= 60 + OVERTIME_SECONDS + LOOK_EVERY_SECONDS + GRACE_SECONDS
    )
    run = checked(world.run(wake_up))
    assert (run.status, run.tally, run.starts) == (RunStatus.EXPORTING, Tally(read=10, accepted=10), 0)
    assert run.waiting is not None
    assert (run.waiting.reason, run.waiting.detail[:24]) == ("unavailable", "The answers were so slow")
    assert run.parts == {"1": 2}  # the batch that may have been taken, and the one behind it that was
    assert world.sink.in_flight == 0
    assert not world.leases.is_held("accounts/AbC123")
    world.sink.seconds = lambda _batch: 0.0
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally == Tally(read=30, accepted=30)


@pytest.mark.parametrize(
    ("port", "call"),
    [("sink", "list_details"), ("segments", "read"), ("sink", "jobs"), ("leases", "take")],
)
async def test_whatever_keeps_a_leg_it_is_over_before_it_is_killed(port: str, call: str) -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, max_profiles=10, budget_seconds=1200)
    wake_up = await world.start()
    faults = {"sink": world.sink.faults, "segments": world.segments.faults, "leases": world.leases.faults}[port]
    faults.when(call, "accounts/*" if port == "leases" else "*", lambda: world.clock.sleep(100_000))
    assert await world.leg(wake_up) == []
    assert world.clock.monotonic() <= 20 * 60 + OVERTIME_SECONDS + GRACE_SECONDS
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.detail.startswith("The answers were so slow that the time of the leg did not do ")
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally == Tally(read=30, accepted=30)


def test_the_longest_leg_is_over_before_the_functions_host_kills_it() -> None:
    host = json.loads((Path(__file__).parents[3] / "host.json").read_text())
    hours, minutes, seconds = map(int, host["functionTimeout"].split(":"))
    timeout = hours * 3600 + minutes * 60 + seconds
    assert timeout >= LONGEST_LEG + LAST_MINUTES_SECONDS + LEASE_SECONDS


async def test_progress_makes_the_next_pause_short_again() -> None:
    world = world_of()
    world.sink.faults.fail("send", "*/1", times=3)
    world.sink.faults.fail("send", "*/2")
    wake_up = await world.start()
    for _ in range(3):
        await world.leg(wake_up)
    assert pause(world, wake_up)[1] == timedelta(minutes=4)
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint.batches == 1
    assert pause(world, wake_up)[1] == timedelta(minutes=1)


async def test_a_pause_for_the_time_budget_does_not_make_the_next_one_long() -> None:
    world = world_of(budget_seconds=1)
    world.segments.faults.when("read", "*", lambda: world.clock.sleep(2), skip=1)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    world.sink.faults.fail("list_details")
    await world.leg(wake_up)
    assert pause(world, wake_up) == ("unavailable", timedelta(minutes=1))


async def test_a_segment_that_cannot_be_read_for_now_pauses_the_run() -> None:
    world = world_of()
    world.segments.faults.fail("read", skip=1)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert pause(world, wake_up)[0] == "unavailable"
    await world.go()
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED
