"""A run that read its rows to the end and brought nobody into the list has failed, however small it was."""

import logging
from typing import Any

import pytest

from shared.domain.runs.run import Run, RunStatus, Tally
from tests.api.calling import RUNS, Api
from tests.builders import World, checked, ndjson, people
from tests.events import events_in, named
from tests.fakes.import_job import Fate
from tests.pipeline.leg.stops import cancelled_after_its_first_batch

BAD = [{"EMail": "secret-bad"}] * 2


ALL_MAY_BE_BAD = {"limits": {"max_rejected_share": 1}}


def world_of(rows: list[Any], **changes: Any) -> World:
    """Return a world whose brake lets bad rows through."""
    return World({"vip/1.ndjson": ndjson(rows)}, **{"export": ALL_MAY_BE_BAD, **changes})


def failed(run: Run) -> bool:
    reason = run.ending and run.ending.reason
    return (run.status, reason) == (RunStatus.FAILED, "nothing_accepted")


@pytest.mark.parametrize("count", [1, 2, 600])
async def test_rows_that_are_all_refused_before_they_are_sent_fail_the_run(count: int) -> None:
    world = world_of(BAD[:1] * count)
    run = checked(await world.whole_run())
    assert failed(run)
    assert run.tally == Tally(read=count, rejected=count)
    assert len(world.rejections(run)) == count


async def test_rows_that_klaviyo_refuses_at_once_fail_the_run() -> None:
    world = world_of([*people(20), *people(20)], max_profiles=10)
    world.sink.refuse("p*")
    run = checked(await world.whole_run())
    assert failed(run)
    assert run.tally == Tally(read=40, rejected=20, duplicates=20)
    assert run.ending
    assert run.ending.params == {"read": 40, "rejected": 20}


async def test_rows_that_klaviyo_refuses_in_its_jobs_fail_the_run() -> None:
    world = world_of([*people(20), *BAD], max_profiles=10, sweeps_to_end=3)
    world.sink.fail_late("p*")
    run = checked(await world.whole_run())
    assert failed(run)
    assert run.tally == Tally(read=22, rejected=22)
    assert len(world.rejections(run)) == 22


@pytest.mark.parametrize("fate", [Fate.CANCELLED, Fate.VANISHED])
async def test_rows_of_which_nobody_knows_whether_they_arrived_do_not_fail_it(fate: Fate) -> None:
    world = world_of([*people(20), *BAD], max_profiles=10, fates={1: fate}, sweeps_to_end=1)
    world.sink.fail_late("p*")
    run = checked(await world.whole_run())
    assert (run.status, run.ending) == (RunStatus.PARTIAL, None)
    assert run.tally == Tally(read=22, rejected=12, unconfirmed=10)


async def test_one_row_that_arrived_is_enough_for_partial() -> None:
    run = checked(await world_of([*BAD, *people(1)]).whole_run())
    assert (run.status, run.ending) == (RunStatus.PARTIAL, None)


async def test_a_segment_without_rows_does_not_fail() -> None:
    run = await world_of([]).whole_run()
    assert (run.status, run.ending) == (RunStatus.SUCCEEDED, None)
    assert [warning.code for warning in run.warnings] == ["source_empty"]


@pytest.mark.parametrize(("limit", "fails"), [(1, True), (2, True), (3, False), (None, False)])
async def test_a_run_with_a_limit_fails_by_the_rows_up_to_its_limit(limit: int | None, fails: bool) -> None:
    world = world_of([*BAD, *people(1)])
    wake_up = await world.start(limit=limit)
    await world.go(wake_up)
    assert failed(checked(world.run(wake_up))) is fails


async def test_a_run_that_is_cancelled_stays_cancelled() -> None:
    world = world_of(people(30), max_profiles=10, in_flight=1)
    world.sink.refuse("p*")
    run = await cancelled_after_its_first_batch(world)
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally(read=10, rejected=10))


async def test_a_run_that_stopped_at_a_limit_keeps_that_ending() -> None:
    world = world_of(people(11_000), max_profiles=1_000, export={"limits": {"max_rows": 10_500}})
    world.sink.refuse("p*")
    run = checked(await world.whole_run())
    assert (run.status, run.ending and run.ending.reason) == (RunStatus.FAILED, "limit_reached")
    assert run.tally.read == run.tally.rejected > 0


@pytest.mark.parametrize("after", [False, True])
async def test_a_leg_that_dies_at_the_very_end_leaves_the_same_ending(after: bool) -> None:
    world = world_of([*people(20), *BAD], max_profiles=10)
    world.sink.fail_late("p*")

    async def lose_next_save() -> None:
        world.documents.faults.fail("replace", "*/run.json", after=after)

    world.documents.faults.when("write_lines", "*/rejections.ndjson", lose_next_save, after=True)
    run = checked(await world.whole_run())
    assert failed(run)
    assert run.tally == Tally(read=22, rejected=22)
    assert len(world.rejections(run)) == 22
    assert world.documents.faults.count("write_lines", "*/rejections.ndjson") == (1 if after else 2)


async def test_everybody_who_looks_sees_that_it_failed_and_why(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = world_of(BAD)
    run = await world.whole_run()
    assert run.ending
    [end] = named(events_in(caplog.messages), "run_ended")
    assert (end["status"], end["reason"], end["detail"]) == ("failed", "nothing_accepted", run.ending.detail)
    api = Api(world)
    shown = (await api.get(f"{RUNS}/{run.id}")).json
    [listed] = (await api.get(RUNS)).json["runs"]
    for each in (shown, listed):
        assert each["status"] == "failed"
        assert each["error"]["reason"] == "nothing_accepted"
        assert each["error"]["code"] == "nothing_accepted"
        assert each["error"]["params"] == {"read": 2, "rejected": 2}
    assert shown["progress"]["share"] == 1.0
    assert "secret-bad" not in str(shown)
