"""From its first step on, a leg hears within seconds that its run is not wanted, and shows life, whatever it does."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus, Tally
from shared.pipeline.watching.watch import GRACE_SECONDS, HEARTBEAT_SECONDS, LOOK_EVERY_SECONDS
from shared.ports import LEASE_SECONDS
from tests.builders import SlowSegments, World, checked, ndjson, packed, people
from tests.fakes.clock import FakeClock
from tests.fakes.sink import LIST
from tests.pipeline.leg.life.test_taken_up_again import ACCOUNT, kill
from tests.pipeline.leg.stops import Stop, cancel, delete_export, disable, every_stop, is_stopped

Hold = Callable[[World], Any]


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


def stall(world: World) -> Callable[[], Awaitable[None]]:
    return lambda: world.clock.sleep(1_000)


PLANNING: dict[str, Hold] = {
    "listing": lambda world: world.segments.faults.when("listed", "*", stall(world)),
    "the survey of the files": lambda world: world.segments.faults.when("read", "*", stall(world)),
    "asking for the account": lambda world: world.sink.faults.when("account", "*", stall(world)),
    "asking for the list": lambda world: world.sink.faults.when("list_details", "*", stall(world)),
    "asking for flows": lambda world: world.sink.faults.when("live_flows", "*", stall(world)),
}
in_each_step_of_planning = pytest.mark.parametrize("hold", PLANNING.values(), ids=PLANNING)


@every_stop
@in_each_step_of_planning
async def test_a_leg_that_plans_hears_within_five_seconds_that_it_must_stop(hold: Hold, stop: Stop, why: str) -> None:
    world = world_of()
    hold(world)
    wake_up, leg = await world.begin(13)
    await stop(world, wake_up)
    asked_at = world.clock.monotonic()
    await leg
    assert world.clock.monotonic() - asked_at <= LOOK_EVERY_SECONDS
    assert is_stopped(world, wake_up, why) == Tally()
    assert world.sink.faults.calls["send"] == 0
    assert world.segments.open_reads == 0


async def test_a_leg_that_looks_for_columns_hears_that_it_must_stop() -> None:
    clock = FakeClock()
    body = ndjson([{"EMail": f"p{n}@example.com"} for n in range(5_000)])  # the mapping names a column that is nowhere
    world = World(segments=SlowSegments({"vip/1.ndjson": body}, clock, seconds=2, piece_bytes=10_000), clock=clock)
    wake_up, leg = await world.begin(8)
    assert world.run(wake_up).status is RunStatus.QUEUED
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally()
    assert clock.monotonic() <= 8 + LOOK_EVERY_SECONDS


async def test_a_leg_that_asks_klaviyo_before_it_goes_on_sending_hears_that_it_must_stop_and_wakes_the_next() -> None:
    world = world_of()
    world.put_export(id="gold")
    world.sink.faults.fail("send", f"{LIST}/2")
    wake_up = await world.start()
    await world.leg(wake_up)
    world.sink.faults.when("list_details", "*", stall(world))
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(1)
    other = await world.start("gold")
    await world.leg(other)  # waits for the account
    await cancel(world, wake_up)
    asked_at = world.clock.monotonic()
    assert other in await leg
    assert world.clock.monotonic() - asked_at <= LOOK_EVERY_SECONDS
    await world.go(wake_up, other)
    assert is_stopped(world, wake_up, "Dana cancelled the run.").read == world.run(wake_up).checkpoint.row


async def test_a_leg_that_is_held_up_by_what_it_reads_ends_and_keeps_what_klaviyo_took() -> None:
    world = world_of()
    world.segments.faults.when("read", "*", stall(world), skip=1)  # the survey reads first
    wake_up, leg = await world.begin(7)
    assert world.run(wake_up).status is RunStatus.EXPORTING
    await cancel(world, wake_up)
    asked_at = world.clock.monotonic()
    await leg
    assert world.clock.monotonic() - asked_at <= LOOK_EVERY_SECONDS + GRACE_SECONDS + 1
    is_stopped(world, wake_up, "Dana cancelled the run.")


@pytest.mark.parametrize("stop", [disable, delete_export])
async def test_what_was_so_before_the_run_was_planned_stops_nobody(stop: Stop) -> None:
    world = world_of()
    world.sink.faults.when("list_details", "*", lambda: world.clock.sleep(60))
    wake_up = await world.start()
    if stop is disable:
        await stop(world, wake_up)
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally.accepted == 30


async def beats(world: World, call: str, path: str, port: Any, seconds: int) -> list[float]:
    """Let a call take *seconds*; return the pauses between the heartbeats that a look a second later shows."""
    seen: list[Any] = []
    port.faults.when(call, path, lambda: world.clock.sleep(seconds))
    wake_up, leg = await world.begin(0.5)
    while not leg.done():
        beat = world.run(wake_up).heartbeat_at
        seen += [beat] if beat not in seen else []
        await world.clock.advance(1)
    return [(after - before).total_seconds() for before, after in pairwise(seen)]


@pytest.mark.parametrize(
    ("call", "path"),
    [("account", "*"), ("send", f"{LIST}/2"), ("jobs", "*"), ("import_faults", "*")],
)
async def test_the_heart_beats_every_half_minute_in_every_phase(call: str, path: str) -> None:
    world = world_of()
    world.sink.fail_late("p5@*")
    pauses = await beats(world, call, path, world.sink, 200)
    assert len(pauses) >= 6
    assert max(pauses) <= HEARTBEAT_SECONDS + LOOK_EVERY_SECONDS


async def test_the_heart_beats_while_rows_up_to_the_checkpoint_are_read_again() -> None:
    world = world_of()
    world.sink.faults.fail("send", f"{LIST}/3")
    wake_up = await world.start()
    await world.leg(wake_up)
    world.segments.faults.when("read", "*", lambda: world.clock.sleep(200))
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(150)
    beat = world.run(wake_up).heartbeat_at
    assert beat is not None
    assert (world.clock.now() - beat).total_seconds() <= HEARTBEAT_SECONDS + LOOK_EVERY_SECONDS
    await leg


async def test_a_leg_that_waits_in_place_for_the_account_hears_that_it_must_stop() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 50.0
    wake_up, leg = await world.begin(20)
    await kill(world, leg)
    await world.clock.advance(LEASE_SECONDS)
    world.leases.hand_over(ACCOUNT)
    following = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(1)
    await cancel(world, wake_up)
    await following
    assert world.clock.monotonic() <= 20 + LEASE_SECONDS + 1 + LOOK_EVERY_SECONDS
    assert world.run(wake_up).ending is not None


async def test_planning_that_takes_longer_than_a_leg_may_is_tried_again() -> None:
    world = world_of()
    world.segments.faults.when("listed", "*", lambda: world.clock.sleep(100_000))
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.code) == ("unavailable", "answers_too_slow")
    assert world.clock.monotonic() <= 1200 + LOOK_EVERY_SECONDS
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally.accepted == 30


@pytest.mark.parametrize("nothing", [b"\n" * 10_000, b""])
async def test_a_leg_that_reads_what_holds_no_row_hears_that_it_must_stop(nothing: bytes) -> None:
    clock = FakeClock()
    body = packed(ndjson(people(1))) + packed(nothing) * 2_000
    segments = SlowSegments({"vip/1.ndjson.gz": body}, clock, seconds=1, piece_bytes=1_000)
    world = World(segments=segments, clock=clock)
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    while world.run(wake_up).status is RunStatus.QUEUED:
        await clock.advance(5)
    await cancel(world, wake_up)
    asked_at = clock.monotonic()
    await leg
    assert clock.monotonic() - asked_at <= LOOK_EVERY_SECONDS + 1
    assert world.run(wake_up).status is RunStatus.CANCELLED
