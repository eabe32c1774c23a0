"""Whoever wants a run no more is heard within seconds: nothing new is sent, and what was taken is settled."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused
from shared.domain.runs.receipt import JobReport, Receipt
from shared.domain.runs.rejection import Span
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.watching.watch import GRACE_SECONDS, LOOK_EVERY_SECONDS
from tests.builders import World, checked, connection_document, ndjson, people, warnings_of
from tests.fakes.sink import LIST, Fate

Stop = Callable[[World, WakeUp], Awaitable[None]]


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


async def cancel(world: World, wake_up: WakeUp) -> None:
    await world.store.runs.ask_to_cancel(world.run(wake_up), by="Dana", now=world.clock.now())


async def withdraw_consent(world: World, _wake_up: WakeUp) -> None:
    world.documents.put("connections/acme.json", connection_document(consent={"accepted": False}))


async def disable(world: World, _wake_up: WakeUp) -> None:
    world.put_export(enabled=False)


async def detach(world: World, _wake_up: WakeUp) -> None:
    world.put_export(connection_id=None)


async def delete_export(world: World, _wake_up: WakeUp) -> None:
    await world.documents.delete("exports/vip.json")


async def delete_connection(world: World, _wake_up: WakeUp) -> None:
    await world.documents.delete("connections/acme.json")


STOPS = {
    cancel: "Dana cancelled the run.",
    withdraw_consent: "The consent of connection 'acme' was withdrawn.",
    disable: "Export 'vip' was disabled.",
    detach: "Export 'vip' was parted from its connection.",
    delete_export: "Export 'vip' was deleted.",
    delete_connection: "Connection 'acme' was deleted.",
}
every_stop = pytest.mark.parametrize(("stop", "why"), STOPS.items(), ids=[stop.__name__ for stop in STOPS])


def is_stopped(world: World, wake_up: WakeUp, why: str) -> Tally:
    """Check that the run says that it was stopped and why; return its tally."""
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert run.ending is not None
    assert (run.ending.reason, run.ending.detail) == ("cancelled", why)
    return run.tally


@every_stop
async def test_a_leg_that_sends_is_stopped_within_seconds_and_settles_what_was_taken(stop: Stop, why: str) -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 4.0
    world.sink.fail_late("p5@*")
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)  # two windows of three were taken, and the third one is under way
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
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    await stop(world, wake_up)
    asked_at = world.clock.monotonic()
    await world.clock.advance(LOOK_EVERY_SECONDS + GRACE_SECONDS)
    assert world.run(wake_up).status is not RunStatus.EXPORTING
    assert world.sink.in_flight == 0
    await leg
    assert is_stopped(world, wake_up, why) == Tally(read=10, accepted=10)
    assert world.clock.monotonic() - asked_at < 60
    assert [job.batch for job in world.sink.made] == [1]


async def test_what_was_cut_off_may_have_been_taken_and_is_waited_for() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    unanswered = JobReport("job-of-ours", "processing", world.clock.now(), 0, 0, total=10)
    world.sink.strangers = [unanswered, replace(unanswered, job_id="of-another-size", total=11)]
    await cancel(world, wake_up)
    await leg
    run = world.run(wake_up)
    assert run.status is RunStatus.SETTLING
    assert run.waiting is not None
    assert run.waiting.reason == "klaviyo_is_importing"
    world.sink.strangers[0] = replace(unanswered, status="complete")
    await world.go(wake_up)
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally()


async def test_jobs_of_others_that_are_made_later_are_not_waited_for() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    await cancel(world, wake_up)
    later = world.clock.now() + timedelta(minutes=30)
    world.sink.strangers = [JobReport("of-others", "processing", later, 0, 0, total=10)]
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally()


async def test_jobs_of_others_that_have_another_size_are_not_waited_for() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    await cancel(world, wake_up)
    world.sink.strangers = [JobReport("of-others", "processing", world.clock.now(), 0, 0, total=11)]
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally()


async def test_a_checkpoint_that_is_being_saved_is_not_cut_off() -> None:
    world = world_of(in_flight=1)
    world.documents.faults.when("write_lines", "*/parts/1-1.ndjson", lambda: world.clock.sleep(40))
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(2)
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)


async def test_what_was_taken_of_a_batch_that_broke_off_half_way_is_settled() -> None:
    world = world_of(in_flight=1)
    error = CredentialsRefused("The key was revoked.")
    made_at = world.clock.now()
    world.sink.half_taken[2] = (Receipt("job-half", made_at.isoformat(), 5, (Span("vip/1.ndjson", 11, 15),)),)
    world.sink.faults.fail("send", f"{LIST}/2", error=error)
    world.sink.strangers = [JobReport("job-half", "processing", made_at, 0, 0, total=5)]
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.SETTLING
    world.sink.strangers = [JobReport("job-half", "complete", made_at, 5, 0, total=5)]
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally, run.jobs.ended) == (RunStatus.FAILED, Tally(read=10, accepted=10), 2)
    assert warnings_of(run) == [
        "Klaviyo took 5 profiles of rows behind those that this run counts; they are in the list as well.",
    ]


async def test_a_batch_beyond_one_that_was_cut_off_is_settled_and_told_of() -> None:
    world = world_of()
    world.sink.seconds = lambda batch: 600.0 if batch.number == 2 else 0.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)
    run = world.run(wake_up)
    assert [job.batch for job in world.sink.made] == [1, 3, 4]
    assert (run.jobs.submitted, run.jobs.ended) == (3, 3)
    assert warnings_of(run) == [
        "Klaviyo took 20 profiles of rows behind those that this run counts; they are in the list as well.",
    ]


async def test_a_batch_beyond_one_that_failed_is_settled_even_when_the_run_is_cancelled_while_it_waits() -> None:
    world = world_of(sweeps_to_end=3)
    world.sink.seconds = lambda batch: 1.0 if batch.number == 2 else 0.0
    world.sink.faults.fail("send", f"{LIST}/2")
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).waiting is not None
    taken = len(world.sink.made)
    assert taken > 1
    await cancel(world, wake_up)
    await world.go(wake_up)
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)
    assert world.run(wake_up).jobs.ended == taken
    assert world.sink.sweeps > 3


async def test_a_batch_beyond_one_that_failed_counts_once_when_the_run_goes_on() -> None:
    world = world_of()
    world.sink.fail_late("p25@*")
    world.sink.seconds = lambda batch: 1.0 if batch.number == 2 else 0.0
    world.sink.faults.fail("send", f"{LIST}/2")
    wake_up = await world.start()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=100, accepted=99, rejected=1))
    assert run.warnings == ()
    assert run.jobs.submitted == run.jobs.ended == len(world.sink.made) > 10
    assert len(world.rejections(run)) == 1


async def test_a_batch_beyond_one_that_failed_and_whose_end_is_not_known_counts_nowhere() -> None:
    world = world_of(fates={3: Fate.CANCELLED})
    world.sink.seconds = lambda batch: 600.0 if batch.number == 2 else 0.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(9)
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)


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


async def test_the_next_run_of_the_export_begins_when_the_cancelled_one_has_been_settled() -> None:
    world = world_of(sweeps_to_end=20)
    first = await world.start()
    world.sink.seconds = lambda _batch: 4.0
    leg = asyncio.create_task(world.leg(first))
    await world.clock.advance(5)
    second = await world.start()
    await cancel(world, first)
    await leg
    assert world.run(first).status is RunStatus.SETTLING
    await world.leg(second)
    waiting = world.run(second).waiting
    assert waiting is not None
    assert waiting.reason == "previous_run_active"
    await world.go(first, second)
    assert checked(world.run(second)).tally == Tally(read=100, accepted=100)


async def test_a_run_that_has_begun_is_waited_for_by_one_that_turns_out_to_be_older() -> None:
    world = world_of(in_flight=1)
    older = await world.start()
    hidden = {path: world.documents.blobs.pop(path) for path in world.documents.paths() if older.run_id in path}
    await world.clock.advance(1)
    newer = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(newer)
    for path, body in hidden.items():  # its marker was written late
        world.documents._write(path, body)
    await world.leg(older)
    waiting = world.run(older).waiting
    assert waiting is not None
    assert waiting.reason == "previous_run_active"
    await world.go(older, newer)
    ends = [checked(world.run(each)).ended_at for each in (newer, older)]
    assert ends == sorted(end for end in ends if end)


async def test_a_watch_that_breaks_stops_the_leg_instead_of_leaving_it_alone() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 4.0
    wake_up = await world.start()
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(6)
    world.documents.faults.fail("get", "*/cancel.json", error=KeyError())
    await world.clock.advance(LOOK_EVERY_SECONDS + GRACE_SECONDS)
    assert leg.done()
    assert isinstance(leg.exception(), KeyError)
    assert world.run(wake_up).failure == "KeyError"
