"""Klaviyo's collection of import jobs is shared with others and with old runs: only ours count, few pages are read."""

from datetime import timedelta

import pytest

from local.klaviyo.account.jobs import Fate
from local.klaviyo.rules.imported_profiles import Attributes, ImportedProfiles
from shared.domain.runs.run import RunStatus
from tests.faults.real_klaviyo import (
    IMPORTS,
    SWEEPS,
    KlaviyoWorld,
    ended_well,
    good,
    klaviyo_world,
    rows,
)

PEOPLE = good(95)
SEGMENT = {"vip/1.ndjson": rows(PEOPLE)}
GET_JOB = "get_bulk_import_profiles_job"


def strangers(world: KlaviyoWorld, count: int, *, ago: float = 0.0, fate: Fate = Fate.COMPLETE, size: int = 10) -> None:
    """Put jobs of another program into the account, the first of them made so many seconds *ago*."""
    account, now = world.simulator.accounts[0], world.clock.now().timestamp()
    for number in range(count):
        emails = [f"s{index}@example.com" for index in range(size)]
        account.jobs.start(
            ImportedProfiles(emails, Attributes.of([b'{"email":"s@example.com"}'] * size)),
            list_id=None,
            now=now - ago + number / 1_000,
            seconds=1.0,
            fate=fate,
            number=1_000_000 + len(account.jobs.all),
        )


def sweeps(world: KlaviyoWorld) -> int:
    return asked(world, SWEEPS) - 1  # before its plan, the run has asked for the newest job


def asked(world: KlaviyoWorld, endpoint: str) -> int:
    return sum(world.answers(endpoint).values())


async def test_thousands_of_old_jobs_are_not_read() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"job_seconds": 0.0}) as world:
        strangers(world, 4_000, ago=86_400.0)
        ended_well(await world.run_through(), world, PEOPLE)
        assert sweeps(world) == 1
        assert asked(world, GET_JOB) == 0


async def test_jobs_that_others_made_after_ours_are_passed_over_and_no_page_more_is_read() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"job_seconds": 1.0}) as world:
        strangers(world, 2_000, ago=86_400.0)
        run = await world.until(
            await world.start(), lambda: len(world.jobs()) == 2_010, lambda: strangers(world, 350, fate=Fate.ENDLESS)
        )
        ended_well(run, world, PEOPLE)
        assert sweeps(world) in (4, 5, 8, 9)  # one page before theirs were there, four since
        assert asked(world, GET_JOB) == 0


async def test_jobs_of_others_at_work_do_not_keep_a_run_whose_answers_all_came() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"job_seconds": 1.0}) as world:
        strangers(world, 30, fate=Fate.ENDLESS)
        began = world.clock.now()
        ended_well(await world.run_through(), world, PEOPLE)
        assert world.clock.now() - began < timedelta(minutes=2)


async def test_a_job_of_ours_that_is_gone_is_not_looked_for_among_all_the_old_ones() -> None:
    async with klaviyo_world(SEGMENT, behaviour={"job_seconds": 1.0, "job_script": ["vanished"]}) as world:
        strangers(world, 4_000, ago=86_400.0)
        run = await world.run_through()
        assert run.status is RunStatus.PARTIAL
        assert sweeps(world) <= 7  # a page a sweep
        assert asked(world, GET_JOB) == 1


@pytest.mark.parametrize("lost", [1, 3])
async def test_a_job_whose_import_was_never_answered_is_waited_for_and_its_rows_count_once(lost: int) -> None:
    """The job behind the lost answer takes an hour; those that are known end at once."""
    behaviour = {"job_seconds": 3_600.0, "script": ["reset_after"] * lost, "endpoints": [IMPORTS]}
    async with klaviyo_world({"vip/1.ndjson": rows(good(10))}, behaviour=behaviour) as world:
        began = world.clock.now()

        def hurry() -> None:
            world.behave(job_seconds=1.0)

        run = await world.until(await world.start(), lambda: len(world.jobs()) == 1, hurry)
        ended_well(run, world, good(10))
        assert len(world.jobs()) == 2
        assert timedelta(hours=1) <= world.clock.now() - began <= timedelta(hours=1, minutes=15)


async def test_jobs_of_imports_that_were_never_answered_at_all_are_waited_for_and_their_rows_count_once() -> None:
    """No attempt of the first leg gets an answer, so a later leg sends the rows again."""
    behaviour = {"job_seconds": 3_600.0, "requests": {"reset_after": 1.0}, "endpoints": [IMPORTS]}
    async with klaviyo_world({"vip/1.ndjson": rows(good(10))}, behaviour=behaviour) as world:
        began = world.clock.now()
        run = await world.run_through((30.0, {"job_seconds": 1.0}))
        ended_well(run, world, good(10))
        assert len(world.jobs()) == 7
        assert timedelta(hours=1) <= world.clock.now() - began <= timedelta(hours=1, minutes=15)
    assert run.jobs.submitted == 1


async def test_a_job_of_others_that_looks_like_ours_keeps_the_run_no_longer_than_its_limit() -> None:
    behaviour = {"job_seconds": 1.0, "script": ["reset_after"], "endpoints": [IMPORTS]}
    limit = timedelta(hours=2)
    async with klaviyo_world({"vip/1.ndjson": rows(good(10))}, behaviour=behaviour, settle_limit=limit) as world:
        strangers(world, 1, fate=Fate.ENDLESS, size=10)
        strangers(world, 1, fate=Fate.ENDLESS, size=11)
        began = world.clock.now()
        ended_well(await world.run_through(), world, good(10))
        assert limit <= world.clock.now() - began <= limit + timedelta(minutes=15)
