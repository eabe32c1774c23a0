"""A leg learns within seconds that its run is not wanted any more: it sends nothing new and settles what was taken."""

from typing import Any

from shared.domain.runs.run import RunStatus, Tally
from shared.pipeline.watching.watch import GRACE_SECONDS, LOOK_EVERY_SECONDS
from tests.builders import World, checked, ndjson, people
from tests.fakes.sink import LIST
from tests.pipeline.leg.stops import Stop, cancel, disable, every_stop, is_stopped


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


@every_stop
async def test_a_leg_that_sends_is_stopped_within_seconds_and_settles_what_was_taken(stop: Stop, why: str) -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 4.0
    world.sink.fail_late("p5@*")
    wake_up, leg = await world.begin(9)  # two windows of three were taken, and the third one is under way
    await stop(world, wake_up)
    asked_at = world.clock.monotonic()
    await leg
    tally = is_stopped(world, wake_up, why)
    assert tally == Tally(read=90, accepted=89, rejected=1)
    assert world.clock.monotonic() - asked_at <= LOOK_EVERY_SECONDS
    assert [job.batch for job in world.sink.made] == list(range(1, 10))
    assert len(world.rejections(world.run(wake_up))) == 1


@every_stop
async def test_a_run_that_is_paused_is_stopped_by_the_next_leg(stop: Stop, why: str) -> None:
    world = world_of(in_flight=1)
    world.sink.faults.fail("send", f"{LIST}/3")
    wake_up = await world.start()
    await world.leg(wake_up)
    await stop(world, wake_up)
    await world.leg(wake_up)
    assert is_stopped(world, wake_up, why) == Tally(read=20, accepted=20)
    assert world.sink.faults.count("send", f"{LIST}/3") == 1


@every_stop
async def test_a_run_that_waits_for_the_account_is_stopped_by_the_next_leg(stop: Stop, why: str) -> None:
    world = world_of()
    wake_up = await world.start()
    world.leases.hand_over("accounts/AbC123")
    await world.leg(wake_up)
    await stop(world, wake_up)
    await world.leg(wake_up)
    assert is_stopped(world, wake_up, why) == Tally()
    assert world.sink.faults.calls["send"] == 0


@every_stop
async def test_requests_that_take_minutes_are_cut_off(stop: Stop, why: str) -> None:
    world = world_of()
    world.sink.seconds = lambda batch: 0.0 if batch.number == 1 else 600.0
    wake_up, leg = await world.begin(9)
    await stop(world, wake_up)
    asked_at = world.clock.monotonic()
    await world.clock.advance(LOOK_EVERY_SECONDS + GRACE_SECONDS)
    assert world.run(wake_up).status is not RunStatus.EXPORTING
    assert world.sink.in_flight == 0
    await leg
    assert is_stopped(world, wake_up, why) == Tally(read=10, accepted=10)
    assert world.clock.monotonic() - asked_at < 60
    assert [job.batch for job in world.sink.made] == [1]


async def test_a_run_started_by_hand_on_a_disabled_export_goes_on() -> None:
    world = world_of()
    world.put_export(enabled=False)
    world.sink.seconds = lambda _batch: 4.0
    run = checked(await world.whole_run())
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 100)


async def test_a_run_of_the_schedule_whose_export_was_disabled_before_it_began_sends_nothing() -> None:
    world = world_of()
    wake_up = await world.start(trigger="schedule")
    await disable(world, wake_up)
    await world.leg(wake_up)
    assert is_stopped(world, wake_up, "Export 'vip' was disabled.") == Tally()
    assert world.sink.faults.log == []


async def test_a_leg_looks_before_it_sends_whether_it_is_wanted() -> None:
    world = world_of(in_flight=1)
    wake_up = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(wake_up)
    world.sink.seconds = lambda _batch: 1.0
    world.sink.faults.when("account", "*", lambda: cancel(world, wake_up))  # between two looks
    await world.leg(wake_up)
    tally = is_stopped(world, wake_up, "Dana cancelled the run.")
    assert tally.read <= 20
    assert world.clock.monotonic() <= 2


async def test_a_watch_that_breaks_stops_the_leg_instead_of_leaving_it_alone() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 4.0
    wake_up, leg = await world.begin(6)
    world.documents.faults.fail("get", "*/cancel.json", error=KeyError())
    await world.clock.advance(LOOK_EVERY_SECONDS + GRACE_SECONDS)
    assert leg.done()
    assert isinstance(leg.exception(), KeyError)
    assert world.run(wake_up).failure == "KeyError"
