"""Klaviyo may do anything for a while: the run waits, goes on by itself, and each row counts once."""

from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from shared.domain.runs.run import RunStatus, Tally
from tests.builders import checked
from tests.faults.real_klaviyo import (
    ERRORS,
    IMPORTS,
    SWEEPS,
    OutOfTime,
    ended_well,
    good,
    klaviyo_world,
    rows,
    serving_halves,
)

PEOPLE = good(95)
SEGMENT = {"vip/1.ndjson": rows(PEOPLE)}
SOON = timedelta(minutes=1)


async def test_429s_for_minutes_are_waited_out_and_do_not_fail_the_run() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"requests": {"throttled": 1.0}, "endpoints": [IMPORTS]}) as world:
        began = world.clock.now()
        run = ended_well(await world.run_through((400.0, {"job_seconds": 2.0})), world, PEOPLE)
        assert world.clock.now() - began <= timedelta(minutes=20)
        assert len(world.jobs()) == 10
    assert run.legs > 1


async def test_429s_here_and_there_cost_time_and_nothing_else() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"requests": {"throttled": 0.4}, "seed": 3}) as world:
        run = ended_well(await world.run_through(), world, PEOPLE)
        assert world.answers()["429"] > 0
        assert len(world.jobs()) == 10
    assert run.legs == 1


async def test_5xx_for_an_hour_pause_the_run_and_do_not_fail_it() -> None:
    async with klaviyo_world(SEGMENT) as world:
        outage = (0.5, {"requests": {"unavailable": 1.0}}), (3_600.0, {"job_seconds": 2.0})
        world.behave(latency=1.0)
        began = world.clock.now()
        run = ended_well(await world.run_through(*outage), world, PEOPLE)
        assert timedelta(hours=1) <= world.clock.now() - began <= timedelta(hours=1, minutes=30)
        assert sum(world.answers().values()) <= 300  # patience, and no hammering
    assert run.legs > 4


async def test_an_hour_without_klaviyo_before_the_run_is_planned_is_waited_out_too() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"requests": {"unavailable": 1.0}}) as world:
        ended_well(await world.run_through((3_600.0, {"job_seconds": 2.0})), world, PEOPLE)


async def test_an_hour_without_klaviyo_while_the_run_settles_is_waited_out_too() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"job_seconds": 60.0}) as world:
        run = await world.run_through((20.0, {"requests": {"unavailable": 1.0}}), (3_600.0, {"job_seconds": 2.0}))
        ended_well(run, world, PEOPLE)
        assert len(world.jobs()) == 10


async def test_answers_that_are_no_json_are_waited_out() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"requests": {"no_json": 1.0}}) as world:
        ended_well(await world.run_through((600.0, {"job_seconds": 2.0})), world, PEOPLE)


async def test_imports_that_run_out_of_time_after_they_were_accepted_count_once() -> None:
    late = count()
    session = partial(OutOfTime, seconds=60.0, is_due=lambda: next(late) % 3 == 0)
    async with klaviyo_world(SEGMENT, session=session) as world:
        ended_well(await world.run_through(), world, PEOPLE)
        assert len(world.jobs()) > 10


async def test_imports_that_run_out_of_time_for_an_hour_count_once() -> None:
    requests = count()
    session = partial(OutOfTime, seconds=60.0, is_due=lambda: next(requests) < 120)
    async with klaviyo_world(SEGMENT, session=session) as world:
        run = ended_well(await world.run_through(), world, PEOPLE)
        assert len(world.jobs()) > 100
    assert run.legs > 3


@pytest.mark.parametrize("endpoint", [IMPORTS, SWEEPS, "get_list", "get_accounts"])
async def test_answers_that_break_off_half_way_are_asked_for_again(endpoint: str) -> None:
    requests = count()
    serve = partial(serving_halves, is_due=lambda name: name == endpoint and next(requests) % 2 == 0)
    async with klaviyo_world(SEGMENT, serve=serve) as world:
        ended_well(await world.run_through(), world, PEOPLE)
        assert world.answers(endpoint)["half"] > 0


async def test_pages_of_row_errors_that_break_off_half_way_lose_no_row_and_double_none() -> None:
    people = [*good(20), *(f"late{n}@late.example.com" for n in range(250))]
    requests = count()
    serve = partial(serving_halves, is_due=lambda name: name == ERRORS and next(requests) % 2 == 0)
    async with klaviyo_world({"vip/1.ndjson": rows(people)}, serve=serve, max_profiles=270) as world:
        run = checked(await world.run_through())
        named = [line["fields"]["email"] for line in world.rejections(run)]
        assert world.answers(ERRORS)["half"] >= 3
        assert world.members() == good(20)
    assert run.tally == Tally(read=270, accepted=20, rejected=250)
    assert sorted(named) == sorted(people[20:])


async def test_slow_answers_are_waited_for() -> None:
    slow = {"requests": {"slow": 0.5}, "slow_seconds": 50.0}
    async with klaviyo_world(SEGMENT, behaviour=slow) as world:
        run = ended_well(await world.run_through(), world, PEOPLE)
        assert len(world.jobs()) == 10
    assert run.legs == 1


@pytest.mark.parametrize("fate", ["strange", "complete"])
async def test_a_status_that_nobody_knows_is_no_end(fate: str) -> None:
    async with klaviyo_world(SEGMENT, behaviour={"jobs": {fate: 1.0}, "job_seconds": 300.0}) as world:
        began = world.clock.now()
        ended_well(await world.run_through(), world, PEOPLE)
        assert world.clock.now() - began >= timedelta(seconds=300)


async def test_jobs_that_vanish_or_are_cancelled_or_never_end_leave_their_rows_unconfirmed_by_name() -> None:
    fates = ["vanished", "complete", "cancelled", "complete", "endless", "complete"]
    behaviour = {"job_script": fates}
    async with klaviyo_world({"vip/1.ndjson": rows(good(60))}, behaviour=behaviour, settle_limit=SOON * 30) as world:
        run = checked(await world.run_through())
        named = [(line["status"], line["profiles"], line["rows"]) for line in world.unconfirmed(run)]
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=60, accepted=30, unconfirmed=30)
    assert sorted(named) == [
        ("cancelled", 10, [["vip/1.ndjson", 21, 30]]),
        ("not settled in time", 10, [["vip/1.ndjson", 41, 50]]),
        ("vanished", 10, [["vip/1.ndjson", 1, 10]]),
    ]


async def test_row_errors_that_do_not_say_whose_they_are_name_the_rows_of_their_batch() -> None:
    people = [*good(8), "late1@late.example.com", "late2@late.example.com"]
    async with klaviyo_world({"vip/1.ndjson": rows(people)}, behaviour={"errors_without_payload": 1.0}) as world:
        run = checked(await world.run_through())
        lines = world.rejections(run)
    assert run.tally == Tally(read=10, accepted=8, rejected=2)
    assert [(line["fields"], line["rows"]) for line in lines] == [({}, [["vip/1.ndjson", 1, 10]])] * 2


@pytest.mark.parametrize("seed", range(5))
async def test_everything_at_once_and_still_each_row_counts_once(seed: int) -> None:
    faults = ("unavailable", "throttled", "reset_before", "reset_after", "slow", "no_json")
    everything = {"requests": dict.fromkeys(faults, 0.08), "slow_seconds": 40.0, "latency": 0.2, "seed": seed}
    people = [
        *good(300),
        *(f"r{n}@refused.example.com" for n in range(7)),
        *(f"l{n}@late.example.com" for n in range(9)),
    ]
    async with klaviyo_world({"vip/1.ndjson": rows(people)}, behaviour=everything) as world:
        run = checked(await world.run_through())
        named = [line["fields"]["email"] for line in world.rejections(run)]
        assert world.members() == good(300)
        assert {*world.simulator.stats.faults} == {*faults}
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=316, accepted=300, rejected=16)
    assert sorted(named) == sorted(people[300:])
