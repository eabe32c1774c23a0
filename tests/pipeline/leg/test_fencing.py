"""A leg that lost its lease sends nothing more and writes nothing that counts, wherever the leg is."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.store.paths import run_lease
from tests.builders import SlowSegments, World, checked, ndjson, people, warnings_of
from tests.fakes.clock import FakeClock
from tests.fakes.sink import LIST

ACCOUNT = "accounts/AbC123"


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


class Loser:
    """A leg that is held up somewhere and loses the lease of its run meanwhile; mutable."""

    def __init__(self, world: World, wake_up: WakeUp) -> None:
        self.world = world
        self.wake_up = wake_up
        self.lease = run_lease(wake_up.export_id, wake_up.run_id)
        self.sent = 0
        self.documents: dict[str, bytes] = {}

    async def lose(self) -> None:
        """Let somebody else have the lease, wait until the leg must have noticed, and remember how things stand."""
        self.world.leases.hand_over(self.lease)
        await self.world.clock.advance(16)
        self.sent = self.world.sink.faults.calls["send"]
        self.documents = dict(self.world.documents.blobs)

    def did_nothing_more(self) -> None:
        """Check that everything still stands so, and that nobody of the leg is at work."""
        assert self.world.sink.faults.calls["send"] == self.sent
        assert self.world.documents.blobs == self.documents
        assert (self.world.sink.in_flight, self.world.segments.open_reads, self.world.clock.sleepers) == (0, 0, 0)

    async def successor_ends(self) -> None:
        """Let the lease run out and the next leg do the rest; its tally must be exact."""
        await self.world.clock.advance(60)
        await self.world.go(self.wake_up)
        run = checked(self.world.run(self.wake_up))
        assert run.status in (RunStatus.SUCCEEDED, RunStatus.PARTIAL)
        assert run.tally.read == 60
        assert run.tally.accepted + run.tally.rejected == 60
        assert len(self.world.sink.emails()) == run.tally.accepted


async def lost_while(
    world: World, begin: Callable[[World, WakeUp], Awaitable[object]], wake_up: WakeUp | None = None
) -> Loser:
    """Start a leg, let *begin* bring it to the place where it is to lose, and see that it stops there."""
    wake_up = wake_up or await world.start()
    loser = Loser(world, wake_up)
    leg = asyncio.create_task(world.leg(wake_up))
    await begin(world, wake_up)
    await loser.lose()
    assert leg.done()
    assert leg.result() == []
    await world.clock.advance(300)
    loser.did_nothing_more()
    return loser


def stalls(world: World, call: str, path: str) -> asyncio.Event:
    """Let a call at Klaviyo stall until the event is set."""
    gate = asyncio.Event()

    async def wait() -> None:
        await gate.wait()

    world.sink.faults.when(call, path, wait)
    return gate


async def test_it_stops_in_the_middle_of_a_window() -> None:
    world = world_of()
    stalls(world, "send", f"{LIST}/2")
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert sorted(job.batch for job in world.sink.made) == [1, 3, 4]
    await loser.successor_ends()


async def test_it_stops_while_every_request_takes_long() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 100.0  # as when each waits to be tried again
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert world.sink.made == []
    world.sink.seconds = lambda _batch: 0.0
    await loser.successor_ends()


async def test_it_stops_while_it_reads() -> None:
    clock = FakeClock()
    segments = SlowSegments({"vip/1.ndjson": ndjson(people(60))}, clock, seconds=30, piece_bytes=500)
    world = World(segments=segments, clock=clock, max_profiles=10)
    loser = await lost_while(world, lambda world, _: world.clock.advance(40))
    segments.seconds = 0
    await loser.successor_ends()


async def test_it_stops_while_it_replays() -> None:
    clock = FakeClock()
    segments = SlowSegments({"vip/1.ndjson": ndjson(people(60))}, clock, seconds=10, piece_bytes=500)
    world = World(segments=segments, clock=clock, max_profiles=10, budget_seconds=20)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    sent = world.sink.faults.calls["send"]
    loser = await lost_while(world, lambda world, _: world.clock.advance(12), wake_up)
    assert loser.sent == sent
    segments.seconds = 0
    await loser.successor_ends()


@pytest.mark.parametrize("call", ["list_details", "account"])
async def test_it_stops_before_the_plan_is_made(call: str) -> None:
    world = world_of()
    stalls(world, call, "*")
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert world.run(loser.wake_up).status is RunStatus.QUEUED
    await loser.successor_ends()


async def test_it_stops_while_it_settles() -> None:
    world = world_of(sweeps_to_end=1_000)
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert world.run(loser.wake_up).status is RunStatus.SETTLING
    sweeps = world.sink.sweeps
    await world.clock.advance(60)
    assert world.sink.sweeps == sweeps
    world.sink.sweeps_to_end = 0
    await loser.successor_ends()


async def test_it_stops_while_it_writes_rejections() -> None:
    world = world_of()
    world.sink.fail_late("p[1-5]@*")
    stalls(world, "import_faults", "*")
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert not any(path.endswith("/rejections.ndjson") for path in world.documents.blobs)
    await loser.successor_ends()
    assert len(world.rejections(world.run(loser.wake_up))) == 5


async def test_it_stops_while_the_storage_keeps_a_checkpoint_waiting() -> None:
    world = world_of(in_flight=1)

    async def wait() -> None:
        await asyncio.Event().wait()

    world.documents.faults.when("write_lines", "*/parts/1-2.ndjson", wait)
    loser = await lost_while(world, lambda world, _: world.clock.advance(5))
    assert world.run(loser.wake_up).checkpoint.batches == 1
    await loser.successor_ends()
    assert [job.batch for job in world.sink.made] == [1, 2, 2, 3, 4, 5, 6]


async def test_it_does_not_even_say_that_it_pauses_when_the_storage_fails_at_that_moment() -> None:
    world = world_of()
    stalls(world, "send", f"{LIST}/*")
    world.documents.faults.fail("names", "waiting/*", skip=1, times=9)
    await lost_while(world, lambda world, _: world.clock.advance(5))


async def test_when_the_lease_of_the_account_is_lost_the_run_waits_and_goes_on_later() -> None:
    world = world_of()
    stalls(world, "send", f"{LIST}/2")
    wake_up, leg = await world.begin(5)
    world.leases.hand_over(ACCOUNT)
    await leg
    run = checked(world.run(wake_up))
    assert world.clock.monotonic() == 7
    assert run.waiting is not None
    assert run.waiting.detail == "The lease of account AbC123 was lost."
    assert run.waiting.next_try - run.waiting.since == timedelta(minutes=1)
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))


async def test_what_klaviyo_took_beyond_the_checkpoint_when_the_account_was_lost_is_settled_and_told_of() -> None:
    world = world_of()
    stalls(world, "send", f"{LIST}/2")
    wake_up, leg = await world.begin(5)
    world.leases.hand_over(ACCOUNT)
    await leg
    taken = len(world.sink.made)
    assert taken > 1
    await world.store.runs.ask_to_cancel(world.run(wake_up), by="Dana", now=world.clock.now())
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally(read=10, accepted=10))
    assert (run.jobs.submitted, run.jobs.ended) == (taken, taken)
    assert warnings_of(run) == [
        (
            f"Klaviyo took {10 * (taken - 1)} profiles of rows after those that this run counts; "
            "they are in the list as well."
        )
    ]
