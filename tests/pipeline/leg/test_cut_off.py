"""Klaviyo may have taken a batch that was cut off, and batches behind one that failed: their jobs are settled too."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain.errors import CredentialsRefused
from shared.domain.runs.receipt import JobReport, Receipt
from shared.domain.runs.rejection import Span
from shared.domain.runs.run import RunStatus, Tally
from tests.builders import World, checked, ndjson, people, warnings_of
from tests.fakes.import_job import Fate
from tests.fakes.sink import LIST
from tests.pipeline.leg.stops import cancel, is_stopped


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


async def test_what_was_cut_off_may_have_been_taken_and_is_waited_for() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up, leg = await world.begin(9)
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


async def cancelled_beside(*, made_after: timedelta, total: int) -> Tally:
    """Cancel a run whose batches are under way, beside a job of others; return the tally of the stopped run."""
    world = world_of()
    world.sink.seconds = lambda _batch: 600.0
    wake_up, leg = await world.begin(9)
    await cancel(world, wake_up)
    world.sink.strangers = [JobReport("of-others", "processing", world.clock.now() + made_after, 0, 0, total=total)]
    await leg
    return is_stopped(world, wake_up, "Dana cancelled the run.")


async def test_jobs_of_others_that_are_made_later_are_not_waited_for() -> None:
    assert await cancelled_beside(made_after=timedelta(minutes=30), total=10) == Tally()


async def test_jobs_of_others_that_have_another_size_are_not_waited_for() -> None:
    assert await cancelled_beside(made_after=timedelta(0), total=11) == Tally()


async def test_a_checkpoint_that_is_being_saved_is_not_cut_off() -> None:
    world = world_of(in_flight=1)
    world.documents.faults.when("write_lines", "*/parts/1-1.ndjson", lambda: world.clock.sleep(40))
    wake_up, leg = await world.begin(2)
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
        "Klaviyo took 5 profiles of rows after those that this run counts; they are in the list as well.",
    ]


async def test_a_batch_beyond_one_that_was_cut_off_is_settled_and_told_of() -> None:
    world = world_of()
    world.sink.seconds = lambda batch: 600.0 if batch.number == 2 else 0.0
    wake_up, leg = await world.begin(9)
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)
    run = world.run(wake_up)
    assert [job.batch for job in world.sink.made] == [1, 3, 4]
    assert (run.jobs.submitted, run.jobs.ended) == (3, 3)
    assert warnings_of(run) == [
        "Klaviyo took 20 profiles of rows after those that this run counts; they are in the list as well.",
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
    wake_up, leg = await world.begin(9)
    await cancel(world, wake_up)
    await leg
    assert is_stopped(world, wake_up, "Dana cancelled the run.") == Tally(read=10, accepted=10)
