"""Settling: what became of the jobs, and the end of the run with its accounting complete."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import ContractBroken, CredentialsRefused, Throttled
from shared.domain.runs.receipt import ImportFault, JobReport
from shared.domain.runs.run import Jobs, RunStatus, Tally
from tests.builders import World, checked, ndjson, people
from tests.fakes.import_job import Fate


def world_of(rows: int = 40, *, blobs: dict[str, bytes] | None = None, **changes: Any) -> World:
    return World(blobs or {"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, **changes})


async def test_jobs_are_swept_and_not_asked_for_one_by_one() -> None:
    world = world_of(2_500)
    run = checked(await world.whole_run())
    assert (run.status, run.jobs) == (RunStatus.SUCCEEDED, Jobs(250, 250))
    assert world.sink.sweeps == 1
    assert world.sink.faults.calls["jobs"] == 3
    assert world.sink.faults.calls["job"] == 0
    assert world.sink.faults.calls["import_faults"] == 0


async def test_a_sweep_stops_when_every_job_was_met() -> None:
    world = world_of(40)
    strangers(world, count=1_000, before=timedelta(minutes=1))
    run = await world.whole_run()
    assert run.status is RunStatus.SUCCEEDED
    assert world.sink.faults.calls["jobs"] == 1


def strangers(world: World, *, count: int, before: timedelta) -> None:
    """Put jobs of other programs into the account, the last of them made so long *before* now."""
    last = world.clock.now() - before
    world.sink.strangers = [
        JobReport(f"other-{n}", "complete", last - timedelta(milliseconds=n), 1, 0) for n in range(count)
    ]


async def test_a_sweep_for_a_job_that_is_not_shown_ends_where_jobs_are_older_than_the_run() -> None:
    world = world_of(40, fates={2: Fate.UNLISTED})
    strangers(world, count=1_000, before=timedelta(minutes=30))
    run = checked(await world.whole_run())
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 40)
    assert world.sink.faults.calls["jobs"] == world.sink.sweeps == 7
    assert world.sink.faults.count("job", "job-2") == world.sink.faults.calls["job"] == 1


async def test_every_rejection_of_a_job_is_read_and_named_once() -> None:
    world = world_of(10)
    world.sink.fail_late("p[1-7]@*")
    world.sink.fail_late("p8@*", ImportFault("taken", "Another profile has this.", {}), named=False)
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=10, accepted=2, rejected=8))
    lines = world.rejections(run)
    assert [line["fields"].get("email") for line in lines] == [*(f"p{n}@example.com" for n in range(1, 8)), None]
    assert {line["reason"] for line in lines} == {"invalid", "taken"}
    assert all(line["rows"] == [["vip/1.ndjson", 1, 10]] and line["blob"] == "vip/1.ndjson" for line in lines)


async def test_errors_that_klaviyo_tells_twice_count_once_and_never_more_than_the_job_had_rows() -> None:
    world = world_of(3)
    wake_up = await world.start()
    world.sink.fail_late("p1@*")
    world.sink.sweeps_to_end = 1
    world.sink.faults.when("import_faults", "*", lambda: repeat_faults(world))
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=3, rejected=3)
    assert len(world.rejections(run)) == 3


async def test_a_row_that_klaviyo_names_three_times_is_rejected_once() -> None:
    world = world_of(3)
    world.sink.fail_late("p1@*")
    world.sink.faults.when("import_faults", "*", lambda: name_thrice(world))
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=3, accepted=2, rejected=1)
    assert len(world.rejections(run)) == 1


async def name_thrice(world: World) -> None:
    world.sink.made[0].faults *= 3


async def repeat_faults(world: World) -> None:
    (job,) = world.sink.made
    job.faults = [*job.faults * 3, *[ImportFault("odd", "Nobody is named.", {})] * 9]


async def test_rows_that_klaviyo_counts_as_failed_and_does_not_name_are_rejected_all_the_same() -> None:
    world = world_of(5)
    world.sink.fail_late("p[1-3]@*")
    world.sink.faults.when("import_faults", "*", lambda: forget_two(world))
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=5, accepted=2, rejected=3)
    assert [line["reason"] for line in world.rejections(run)] == ["invalid", "not_named", "not_named"]


async def forget_two(world: World) -> None:
    del world.sink.made[0].faults[1:]


@pytest.mark.parametrize(
    ("fate", "status", "jobs"),
    [
        (Fate.CANCELLED, "cancelled", Jobs(4, 4)),
        (Fate.VANISHED, "vanished", Jobs(4, 4)),
        (Fate.ENDLESS, "not settled in time", Jobs(4, 3, open=1)),
    ],
)
async def test_rows_of_a_job_whose_end_is_not_known_are_unconfirmed_and_named(
    fate: Fate, status: str, jobs: Jobs
) -> None:
    world = world_of(40, fates={2: fate}, settle_limit=timedelta(hours=1))
    world.sink.fail_late("p15@*")  # in the very job whose end is not known
    world.sink.fail_late("p25@*")
    run = checked(await world.whole_run())
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=40, accepted=29, rejected=1, unconfirmed=10)
    assert run.jobs == jobs
    (line,) = world.unconfirmed(run)
    assert (line["job_id"], line["status"]) == ("job-2", status)
    assert (line["profiles"], line["rows"]) == (10, [["vip/1.ndjson", 11, 20]])
    assert run.ending is None


async def test_a_job_that_is_not_shown_at_once_has_not_vanished() -> None:
    world = world_of(10, fates={1: Fate.VANISHED})
    world.sink.faults.when("jobs", "*", lambda: show(world), skip=3)  # as of a read replica that lags behind
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=10, accepted=10))


async def show(world: World) -> None:
    world.sink.made[0].fate = Fate.COMPLETE


@pytest.mark.parametrize("word", ["queued", "processing", "something new"])
async def test_a_status_that_is_not_known_is_no_end(word: str) -> None:
    world = world_of(10, sweeps_to_end=3, status_at_work=word)
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=10, accepted=10))
    assert world.sink.sweeps == 4


async def test_a_leg_sweeps_for_half_a_minute_and_pauses_longer_each_time() -> None:
    world = world_of(10, fates={1: Fate.ENDLESS}, settle_limit=timedelta(hours=1))
    wake_up = await world.start()
    began = world.clock.now()
    assert await world.leg(wake_up) == []
    assert (world.clock.now() - began, world.sink.sweeps) == (timedelta(seconds=29), 7)
    pauses = []
    for _ in range(6):
        waiting = world.run(wake_up).waiting
        assert waiting is not None
        assert waiting.reason == "klaviyo_is_importing"
        assert waiting.since == world.clock.now()
        pauses.append((waiting.next_try - waiting.since) / timedelta(minutes=1))
        assert await world.tick() == []
        await world.clock.advance(pauses[-1] * 60)
        assert await world.tick() == [wake_up]
        assert await world.leg(wake_up) == []
    assert pauses == [1, 2, 5, 10, 10, 10]
    await world.go()
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=10, unconfirmed=10)
    assert run.settling_since is not None
    assert run.ended_at is not None
    assert timedelta(hours=1) <= run.ended_at - run.settling_since < timedelta(minutes=72)


async def test_the_run_shows_how_many_of_its_jobs_have_ended() -> None:
    world = world_of(40, fates={2: Fate.ENDLESS})
    wake_up = await world.start()
    await world.leg(wake_up)
    run = world.run(wake_up)
    assert (run.status, run.jobs) == (RunStatus.SETTLING, Jobs(submitted=4, ended=3))


async def test_a_receipt_without_a_job_does_no_harm() -> None:
    world = world_of(30, unanswered={1, 3}, fates={3: Fate.CANCELLED})
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=30, accepted=20, unconfirmed=10)
    assert run.jobs == Jobs(3, 3)
    receipts = [
        line["receipt"]
        for path in world.documents.paths(f"runs/vip/{run.id}/parts/")
        for line in world.documents.lines(path)
    ]
    assert [each["job_id"] for each in receipts].count(None) == 2


async def test_a_batch_that_went_as_several_jobs_is_counted_by_each_of_them() -> None:
    world = world_of(30, pieces={2: 3})
    world.sink.fail_late("p1[15]@*")
    world.sink.fates[3] = Fate.CANCELLED
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=30, accepted=18, rejected=2, unconfirmed=10)
    assert run.jobs == Jobs(5, 5)


async def test_when_klaviyo_refuses_to_say_the_run_fails_with_every_row_accounted_for() -> None:
    world = world_of(30)
    world.sink.fail_late("p1@*")
    world.sink.faults.fail("import_faults", error=CredentialsRefused("The key lacks profiles:read."))
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert (run.ending.reason, run.ending.detail) == ("credentials_refused", "The key lacks profiles:read.")
    assert run.tally == Tally(read=30, unconfirmed=30)
    assert len(world.unconfirmed(run)) == 3
    assert world.rejections(run) == []


async def test_an_answer_that_is_not_understood_while_sweeping_ends_the_run_at_once() -> None:
    world = world_of(30)
    world.sink.faults.fail("jobs", error=ContractBroken("Klaviyo answered oddly."))
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=30, unconfirmed=30))


async def test_while_klaviyo_does_not_answer_the_run_waits_and_settles_later() -> None:
    world = world_of(30)
    world.sink.faults.fail("jobs", error=Throttled("Later.", after=1_000), times=2)
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert (waiting.reason, waiting.next_try - waiting.since) == ("throttled", timedelta(seconds=1_000))
    await world.go()
    assert checked(world.run(wake_up)).tally == Tally(read=30, accepted=30)
    assert world.run(wake_up).status is RunStatus.SUCCEEDED


async def test_a_klaviyo_that_does_not_answer_within_the_limit_ends_the_run_as_failed() -> None:
    world = world_of(30, settle_limit=timedelta(hours=2))
    world.sink.faults.fail("jobs", times=100_000)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "unavailable"
    assert run.tally == Tally(read=30, unconfirmed=30)
    assert run.settling_since is not None
    assert run.ended_at is not None
    assert timedelta(hours=3) <= run.ended_at - run.settling_since < timedelta(hours=3, minutes=20)


async def test_a_plan_that_is_gone_ends_a_settling_run_and_does_not_go_round_in_circles() -> None:
    world = world_of(30, fates={1: Fate.ENDLESS})
    wake_up = await world.start()
    await world.leg(wake_up)
    await world.documents.delete(f"runs/vip/{wake_up.run_id}/plan.json")
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=30, unconfirmed=30))
