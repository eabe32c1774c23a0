"""Settling that somebody cuts short: the run ends within a minute, whatever holds it up, and its tally adds up."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.runs.life.time_left import outlook
from shared.domain.runs.run import Jobs, Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, checked, ndjson, people, warnings_of
from tests.fakes.import_job import Fate

A_MINUTE = timedelta(minutes=1)


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, max_profiles=10, in_flight=1, **changes)


async def ask(world: World, wake_up: WakeUp) -> None:
    now = world.clock.now()
    await world.store.runs.ask_not_to_settle(world.run(wake_up), by="Dana", now=now)


async def ended_in_time(world: World, wake_up: WakeUp, leg: "asyncio.Task[list[WakeUp]]", asked_at: datetime) -> Run:
    """See *leg* to its end, which must come within a minute of the request."""
    await world.clock.advance(60)
    await leg
    run = checked(world.run(wake_up))
    assert run.ended_at is not None
    assert run.ended_at - asked_at < A_MINUTE
    return run


async def test_a_leg_between_two_sweeps_hears_of_it() -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    wake_up, leg = await world.begin(7)
    await ask(world, wake_up)
    run = await ended_in_time(world, wake_up, leg, world.clock.now())
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=30, accepted=20, unconfirmed=10))
    assert run.jobs == Jobs(submitted=3, ended=2, open=1)
    assert outlook(run, world.clock.now()).settled == pytest.approx(2 / 3)
    (told,) = warnings_of(run)
    assert "so 1 import job with 10 rows is unconfirmed; Klaviyo may still finish that job" in told


@pytest.mark.parametrize("call", ["jobs", "import_faults", "account"])
async def test_a_call_that_hangs_does_not_hold_up_the_end(call: str) -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    world.sink.fail_late("p5@*")
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.SETTLING
    world.sink.faults.when(call, "*", lambda: world.clock.sleep(3_600))
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(20)
    asked_at = world.clock.now()
    await ask(world, wake_up)
    run = await ended_in_time(world, wake_up, leg, asked_at)
    assert run.status is RunStatus.PARTIAL
    assert run.tally.unconfirmed >= 10


@pytest.mark.parametrize(
    ("call", "error", "known"),
    [
        ("jobs", Unavailable("Not now."), 0),
        ("jobs", CredentialsRefused("Revoked."), 0),
        ("account", Unavailable("Not now."), 0),
        ("import_faults", Unavailable("Not now."), 10),
        ("import_faults", CredentialsRefused("Revoked."), 10),
    ],
)
async def test_whatever_klaviyo_answers_the_run_ends_and_adds_up(call: str, error: Exception, known: int) -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    world.sink.fail_late("p5@*")
    wake_up = await world.start()
    await world.leg(wake_up)
    await ask(world, wake_up)
    world.sink.faults.fail(call, error=error, times=1_000)
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=30, accepted=known, unconfirmed=30 - known))
    assert world.rejections(run) == []


async def test_rows_that_are_known_to_be_refused_stay_rejected() -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    world.sink.fail_late("p5@*")
    wake_up = await world.start()
    await world.leg(wake_up)
    await ask(world, wake_up)
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=30, accepted=19, rejected=1, unconfirmed=10)
    assert [line["job_id"] for line in world.unconfirmed(run)] == ["job-2"]
    assert run.warnings[0].params == {"who": "Dana", "jobs": 1, "rows": 10}


async def test_a_run_whose_jobs_have_all_ended_ends_as_ever() -> None:
    world = world_of()
    wake_up = await world.start()
    await ask(world, wake_up)
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally, run.warnings) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30), ())


async def test_a_note_is_looked_for_once_more_before_the_run_waits() -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    wake_up, leg = await world.begin(27)  # the last look is at 25 seconds, and the last sweep at 29
    await ask(world, wake_up)
    assert await leg == []
    assert world.run(wake_up).status is RunStatus.PARTIAL


async def test_a_run_is_woken_whose_wake_up_came_while_its_leg_let_go() -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    wake_up = await world.start()
    world.leases.faults.when("release", f"runs/vip/{wake_up.run_id}", lambda: ask(world, wake_up))
    assert await world.leg(wake_up) == [wake_up]
    assert world.run(wake_up).status is RunStatus.SETTLING


async def test_a_storage_that_does_not_answer_at_a_look_is_asked_again() -> None:
    world = world_of(fates={2: Fate.ENDLESS})
    wake_up, leg = await world.begin(7)
    world.documents.faults.fail("get", "*/stop-settling.json", times=2)
    await ask(world, wake_up)
    run = await ended_in_time(world, wake_up, leg, world.clock.now())
    assert run.status is RunStatus.PARTIAL
