"""A leg that lost its lease sends nothing more and writes nothing that counts, wherever it is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import Unavailable
from shared.domain.runs.run import Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.store.markers import Marker
from shared.store.paths import rejections_path, run_lease, run_path
from shared.store.runs import Runs
from tests.builders import SlowSegments, World, checked, ndjson, people
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
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


async def test_a_leg_that_stood_still_for_a_minute_sends_and_writes_nothing_when_it_goes_on() -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()

    async def stand_still() -> None:
        world.clock._seconds += 61.0  # nobody of this process had a turn, so nobody renewed
        world.leases.hand_over(run_lease(wake_up.export_id, wake_up.run_id))

    world.sink.faults.when("send", f"{LIST}/3", stand_still, after=True)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.checkpoint.batches, run.waiting) == (2, None)
    assert world.sink.faults.calls["send"] == 3


async def test_a_leg_that_lost_the_account_while_it_stood_still_sends_nothing_and_says_that_it_waits() -> None:
    world = world_of(in_flight=1)
    world.sink.seconds = lambda batch: 40.0 if batch.number == 1 else 0.0
    world.leases.faults.fail("renew", ACCOUNT, times=9)
    wake_up = await world.start()

    async def stand_still() -> None:
        world.clock._seconds += 6.0  # the lease of the run was renewed ten seconds ago

    world.sink.faults.when("send", f"{LIST}/1", stand_still, after=True)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert run.waiting is not None
    assert (run.waiting.reason, run.waiting.detail) == ("unavailable", "The lease of account AbC123 was lost.")
    assert world.sink.faults.calls["send"] == 1
    assert run.checkpoint.batches == 1


async def test_a_leg_that_lost_its_run_while_it_stood_still_reading_does_not_send_what_it_read() -> None:
    world = world_of()
    world.segments = SlowSegments({"vip/1.ndjson": ndjson(people(60))}, world.clock, seconds=0, piece_bytes=10_000)
    world.resources = replace(world.resources, segments=world.segments)
    wake_up = await world.start()
    lease = run_lease(wake_up.export_id, wake_up.run_id)
    world.leases.faults.fail("renew", lease, times=9)

    async def stand_still() -> None:
        await world.clock.sleep(40)
        world.clock._seconds += 6.0

    world.segments.faults.when("read", "*", stand_still, skip=1)
    assert await world.leg(wake_up) == []
    assert world.sink.faults.calls["send"] == 0
    assert checked(world.run(wake_up)).waiting is None


async def test_a_leg_that_stood_still_while_it_settled_writes_no_rejections_when_it_goes_on() -> None:
    world = world_of()
    world.sink.fail_late("p5@*")
    wake_up = await world.start()

    async def stand_still() -> None:
        world.clock._seconds += 61.0
        world.leases.hand_over(run_lease(wake_up.export_id, wake_up.run_id))

    world.sink.faults.when("import_faults", "*", stand_still, after=True)
    assert await world.leg(wake_up) == []
    run = world.run(wake_up)
    assert run.status is RunStatus.SETTLING
    assert rejections_path(run.export_id, run.id) not in world.documents.paths()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, len(world.rejections(run))) == (RunStatus.PARTIAL, 1)


async def test_when_the_lease_of_the_account_is_lost_the_run_waits_and_goes_on_later() -> None:
    world = world_of()
    stalls(world, "send", f"{LIST}/2")
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(5)
    world.leases.hand_over(ACCOUNT)
    await leg
    run = checked(world.run(wake_up))
    assert world.clock.monotonic() == 15
    assert run.waiting is not None
    assert run.waiting.detail == "The lease of account AbC123 was lost."
    assert run.waiting.next_try - run.waiting.since == timedelta(minutes=1)
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))


async def test_cancelling_the_tick_and_doubled_messages_never_make_a_healthy_leg_lose() -> None:
    world = world_of(60, in_flight=1)
    world.sink.seconds = lambda _batch: 40.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(1)
    writers = world.documents.faults.count("replace", "*/run.json")
    for _ in range(4):
        await world.clock.advance(20)
        assert await world.leg(wake_up) == []
        await world.tick()
    await world.store.markers.note_woken(Marker("vip", wake_up.run_id, "http", world.clock.now()), world.clock.now())
    await world.store.runs.ask_to_cancel(world.run(wake_up), by="Dana", now=world.clock.now())
    await leg
    run = checked(world.run(wake_up))
    assert (run.status, run.legs, run.starts) == (RunStatus.CANCELLED, 1, 1)
    assert writers > 0


@pytest.mark.parametrize("name", ["runs/*", ACCOUNT])
async def test_the_time_that_it_took_to_get_a_lease_counts(name: str) -> None:
    world = world_of()
    world.leases.faults.when("take", name, lambda: world.clock.sleep(20), after=True)
    world.leases.faults.fail("renew", name, times=99)
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.clock.monotonic() == 45
    assert world.sink.made == []


async def test_a_lost_lease_is_heard_while_the_leg_waits_for_its_watch_to_end() -> None:
    world = world_of()

    async def ends_slowly() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await world.clock.sleep(100)

    world.documents.faults.when("get", "exports/vip.json", ends_slowly, skip=2)  # the plan's, the leg's, the watch's
    world.leases.faults.fail("renew", "runs/*", times=99)
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.checkpoint.row) == (RunStatus.EXPORTING, 60)
    assert world.clock.monotonic() == 45


async def test_a_leg_whose_run_was_written_by_somebody_else_stops_its_sends_at_once() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.seconds = lambda batch: 1.0 if batch.number == 1 else 100.0

    async def write() -> None:
        world.documents.put(run_path("vip", wake_up.run_id), replace(world.run(wake_up), legs=2).document())

    world.sink.faults.when("send", f"{LIST}/1", write)
    assert await world.leg(wake_up) == []
    assert world.clock.monotonic() == 1
    assert [job.batch for job in world.sink.made] == [1]
    assert world.sink.in_flight == 0


async def test_nothing_is_kept_of_the_lease_of_a_run_that_has_ended() -> None:
    world = world_of()
    run = await world.whole_run()
    assert world.leases.faults.count("forget", run_lease(run.export_id, run.id)) == 1
    assert [name for name in world.leases.names() if name.startswith("runs/")] == []


class LateDocuments(MemoryDocuments):
    """Documents of which one write is given up by its writer, and arrives just before the next one; mutable."""

    late: tuple[str, Mapping[str, Any], str] | None = None
    is_to_be_late = False

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        if self.is_to_be_late:
            self.is_to_be_late, self.late = False, (path, value, etag)
            raise Unavailable("No answer.")
        if self.late:
            (late_path, late_value, late_etag), self.late = self.late, None
            await super().replace(late_path, late_value, etag=late_etag)
        return await super().replace(path, value, etag=etag)


async def test_a_save_that_arrives_after_it_was_looked_for_in_vain_is_no_strangers() -> None:
    documents = LateDocuments()
    run = Run(id="1", export_id="vip", trigger="http", created_at=FakeClock().now())
    documents.put(run_path("vip", "1"), run.document())
    saver = await Runs(documents).open("vip", "1")
    assert saver is not None
    documents.is_to_be_late = True
    with pytest.raises(Unavailable):
        await saver.save(lambda run: replace(run, legs=7))
    assert documents.value(run_path("vip", "1"))["legs"] == 0
    saved = await saver.save(lambda run: replace(run, pauses=1))
    assert (saved.legs, saved.pauses) == (7, 1)
    assert Run.from_document(documents.value(run_path("vip", "1"))) == saved


async def test_a_leg_whose_checkpoint_arrives_late_pauses_and_is_not_taken_for_one_that_was_overtaken() -> None:
    world = world_of(in_flight=1)
    documents = LateDocuments({path: world.documents.value(path) for path in world.documents.paths()})
    world.documents = documents
    world.keep_documents_in(documents)

    async def next_write_is_late() -> None:
        documents.is_to_be_late = True

    documents.faults.when("write_lines", "*/parts/1-2.ndjson", next_write_is_late, after=True)
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert run.waiting is not None
    assert (run.waiting.reason, run.checkpoint.batches, run.starts) == ("unavailable", 2, 0)
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))
    assert [job.batch for job in world.sink.made] == [1, 2, 3, 4, 5, 6]
