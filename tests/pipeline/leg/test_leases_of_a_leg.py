"""A lease is lost after 20 seconds without a renewal, also when the whole process stood still meanwhile."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus
from shared.store.paths import rejections_path, run_lease
from shared.store.run_markers import Marker
from tests.builders import SlowSegments, World, checked, ndjson, people
from tests.fakes.sink import LIST

ACCOUNT = "accounts/AbC123"


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


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
    world.sink.seconds = lambda batch: 15.0 if batch.number == 1 else 0.0
    world.leases.faults.fail("renew", ACCOUNT, times=9)
    wake_up = await world.start()

    async def stand_still() -> None:
        world.clock._seconds += 6.0  # the lease of the run was renewed seconds ago

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
        await world.clock.sleep(15)
        world.clock._seconds += 6.0

    world.segments.faults.when("read", "*", stand_still, skip=1)
    assert await world.leg(wake_up) == [wake_up]
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


async def test_cancelling_the_tick_and_doubled_messages_never_make_a_healthy_leg_lose() -> None:
    world = world_of(60, in_flight=1)
    world.sink.seconds = lambda _batch: 40.0
    wake_up, leg = await world.begin(1)
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
    world.leases.faults.when("take", name, lambda: world.clock.sleep(10), after=True)
    world.leases.faults.fail("renew", name, times=99)
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(19)
    assert world.sink.in_flight > 0
    await world.clock.advance(1)
    assert world.sink.in_flight == 0
    await leg
    assert world.sink.made == []


async def test_a_lost_lease_is_heard_while_the_leg_waits_for_its_watch_to_end() -> None:
    world = world_of()

    async def ends_slowly() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await world.clock.sleep(100)

    world.documents.faults.when("get", "exports/vip.json", ends_slowly, skip=2)  # the plan's, the leg's, the watch's
    world.sink.seconds = lambda _batch: 3.0
    world.leases.faults.fail("renew", "runs/*", times=99)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    run = checked(world.run(wake_up))
    assert (run.status, run.checkpoint.row) == (RunStatus.SETTLING, 60)
    assert world.clock.monotonic() == 20


async def test_nothing_is_kept_of_the_lease_of_a_run_that_has_ended() -> None:
    world = world_of()
    run = await world.whole_run()
    assert world.leases.faults.count("forget", run_lease(run.export_id, run.id)) == 1
    assert [name for name in world.leases.names() if name.startswith("runs/")] == []


async def test_a_storage_that_stood_still_costs_seconds() -> None:
    world = world_of(in_flight=1)
    world.sink.seconds = lambda _batch: 5.0
    wake_up, leg = await world.begin(6)
    world.leases.faults.fail("renew", "runs/*", times=5)
    world.leases.faults.fail("is_free", "runs/*", times=9)
    await world.clock.advance(45)
    assert leg.done()
    assert await leg == [wake_up], "only the tick would wake the run"
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 60)


async def test_a_wake_up_leaves_only_when_the_lost_lease_has_run_out() -> None:
    world = world_of(in_flight=1)
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    world.leases.faults.fail("renew", "runs/*", times=99)
    world.leases.faults.fail("release", "runs/*", times=99)
    assert await world.leg(wake_up) == [wake_up]
    assert not world.leases.is_held(run_lease("vip", wake_up.run_id))
    assert world.clock.monotonic() == 30


async def test_a_renewal_that_the_storage_carries_out_late_keeps_nobody_out() -> None:
    world = world_of(in_flight=1)
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    world.leases.faults.fail("renew", "runs/*", times=99, after=True)
    assert await world.leg(wake_up) == [wake_up]
    assert not world.leases.is_held(run_lease("vip", wake_up.run_id))
    assert world.clock.monotonic() == 20


async def test_a_leg_whose_run_another_one_has_leaves_no_wake_up(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()

    async def stand_still() -> None:
        world.clock._seconds += 61.0
        world.leases.hand_over(run_lease("vip", wake_up.run_id))

    world.sink.faults.when("send", f"{LIST}/3", stand_still, after=True)
    assert await world.leg(wake_up) == []
    assert "was taken over by another leg" in caplog.text
