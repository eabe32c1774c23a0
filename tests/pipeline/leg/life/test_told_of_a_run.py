"""What a run tells of itself while it is under way: how far it is, what holds it, and for whom it waits."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.runs.life.time_left import outlook
from shared.domain.runs.run import RunStatus
from shared.domain.sentences import say
from shared.ports.klaviyo_usage import waiting_for
from shared.store.paths import run_lease
from tests.builders import World, ndjson, people
from tests.fakes.sink import LIST
from tests.pipeline.leg.life.test_taken_up_again import ACCOUNT, kill


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 2, **changes})


async def test_the_share_of_a_run_is_what_lies_behind_its_checkpoint() -> None:
    world = World({f"vip/{n}.ndjson": ndjson(people(10, first=10 * n + 1)) for n in range(4)}, max_profiles=10)
    world.sink.seconds = lambda batch: 0.0 if batch.number <= 2 else 600.0
    wake_up, leg = await world.begin(8)
    run = world.run(wake_up)
    assert world.sink.in_flight == 2  # everything was read
    assert run.checkpoint.row == 20
    assert 0.2 <= outlook(run, world.clock.now()).share <= 0.5
    await kill(world, leg)


async def test_a_run_that_was_read_to_its_end_has_all_of_its_source_behind_it() -> None:
    world = world_of()
    world.sink.seconds = lambda _batch: 1.5
    run = await world.whole_run()
    assert run.source.bytes_read == run.source.bytes
    assert run.samples[-1].row >= 80
    assert run.requests > 10


async def test_a_wait_within_a_leg_is_shown_and_goes_again() -> None:
    world = world_of()

    async def throttled() -> None:
        with waiting_for("throttled", world.clock.now(), 90.0, told_after=0.0):
            await world.clock.sleep(90)

    world.sink.faults.when("send", f"{LIST}/1", throttled)
    wake_up, leg = await world.begin(2)
    run = world.run(wake_up)
    assert run.held is not None
    assert run.held.until is not None
    assert (run.held.reason, run.held.until - run.held.since, run.waiting) == ("throttled", timedelta(seconds=90), None)
    await leg
    assert world.run(wake_up).held is None


async def test_a_run_that_waits_for_the_account_names_the_run_that_has_it() -> None:
    world = world_of()
    world.put_export(id="gold")
    world.sink.seconds = lambda _batch: 600.0
    first, leg = await world.begin(3)
    other = await world.start("gold")
    await world.leg(other)
    waiting = world.run(other).waiting
    assert waiting is not None
    assert waiting.detail == f"Run {first.run_id} of export 'vip' exports over the same Klaviyo account."
    assert waiting.public == say("account_busy", "Another run exports over the same Klaviyo account.")
    third = await world.start("gold")
    world.put_export(id="silver")
    last = await world.start("silver")
    await world.leg(last)
    waiting = world.run(last).waiting
    assert waiting is not None
    assert waiting.detail == (
        f"Run {other.run_id} of export 'gold' is older and exports over the same Klaviyo account first."
    )
    await world.leg(third)
    waiting = world.run(third).waiting
    assert waiting is not None
    assert waiting.detail == f"Run {other.run_id} of this export has not ended yet."
    await kill(world, leg)


async def test_a_run_that_settles_says_how_many_jobs_are_open() -> None:
    world = world_of(sweeps_to_end=20)
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert (waiting.code, waiting.params) == ("jobs_open", {"open": 10})


async def test_only_a_run_that_another_leg_wrote_to_was_taken_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    world = world_of()
    world.sink.seconds = lambda _batch: 60.0
    world.leases.faults.fail("renew", "runs/*", times=5)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert "the storage did not renew it in time" in caplog.text
    await world.clock.advance(60)
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(20)
    world.leases.hand_over(run_lease("vip", wake_up.run_id))
    await leg
    assert "it is gone" in caplog.text
    assert "taken over" not in caplog.text
    assert world.run(wake_up).status is RunStatus.EXPORTING
    assert not world.leases.is_held(ACCOUNT)
