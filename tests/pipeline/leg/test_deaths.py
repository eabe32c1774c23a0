"""Runs that do not come forward: legs that die, days without progress, and what is no standstill."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import Throttled, Unavailable
from shared.domain.runs.run import Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.leg import MAX_STARTS
from shared.pipeline.leg.run_leg import run_leg
from tests.builders import World, checked, ndjson, people
from tests.crashes.processes import Process, StepFaults
from tests.fakes.import_job import Fate
from tests.fakes.sink import LIST

A_LEASE = 61
"""Seconds after which nothing is left of a leg that died."""


def world_of(rows: int = 30, **changes: Any) -> World:
    world = World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})
    world.documents.faults = StepFaults("documents")
    world.leases.faults = StepFaults("leases")
    world.sink.faults = StepFaults("sink")
    return world


async def silent_death(world: World, wake_up: WakeUp, *, call: str = "send", path: str = f"{LIST}/*") -> None:
    """Let a leg be killed when it comes to a call at Klaviyo."""
    process = Process()

    async def kill() -> None:
        process.kill()

    world.sink.faults.when(call, path, kill)
    await process.run(run_leg(wake_up, world.resources))
    assert process.is_dead
    await world.clock.advance(A_LEASE)


async def loud_death(world: World, wake_up: WakeUp) -> None:
    """Let a leg be ended by something that nobody foresaw."""
    world.sink.faults.fail("send", error=MemoryError("No e-mail address may be shown here."))
    with pytest.raises(MemoryError):
        await world.leg(wake_up)


def no_progress(run: Run) -> str:
    """Return what the run says of its standstill."""
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "no_progress"
    return run.ending.detail


async def test_five_legs_that_die_without_a_word_fail_the_run() -> None:
    world = world_of()
    wake_up = await world.start()
    for deaths in range(MAX_STARTS):
        assert world.run(wake_up).starts == deaths
        await silent_death(world, wake_up)
        assert checked(world.run(wake_up)).status is RunStatus.EXPORTING
    sends = world.sink.faults.calls["send"]
    await world.leg(wake_up)
    detail = no_progress(checked(world.run(wake_up)))
    assert detail.startswith("5 legs in a row died without progress, each without a word, as when memory runs out.")
    assert world.sink.faults.calls["send"] == sends
    assert world.documents.paths("active/") == []


async def test_nobody_but_the_tick_is_needed_for_a_run_to_fail_whose_legs_die() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", error=MemoryError(), times=1_000)
    messages = [wake_up]
    for _ in range(60):
        for message in messages:
            with suppress(MemoryError):
                await world.leg(message)
        await world.clock.advance(60)
        messages = await world.tick()
    assert "MemoryError" in no_progress(checked(world.run(wake_up)))
    assert world.sink.faults.calls["send"] == MAX_STARTS


async def test_five_legs_that_die_loudly_fail_the_run_with_the_cause_and_without_its_words() -> None:
    world = world_of()
    wake_up = await world.start()
    for _ in range(MAX_STARTS):
        await loud_death(world, wake_up)
    await world.leg(wake_up)
    detail = no_progress(checked(world.run(wake_up)))
    assert "the last one with MemoryError. Look at the app's logs." in detail
    assert "address" not in detail


async def test_what_was_taken_before_the_deaths_is_settled_and_counted() -> None:
    world = world_of()
    world.sink.fail_late("p3@*")
    wake_up = await world.start()
    for _ in range(MAX_STARTS):
        await silent_death(world, wake_up, path=f"{LIST}/2")
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    no_progress(run)
    assert run.tally == Tally(read=10, accepted=9, rejected=1)
    assert [line["fields"]["email"] for line in world.rejections(run)] == ["p3@example.com"]


async def test_progress_makes_earlier_deaths_forgotten_and_their_cause_too() -> None:
    world = world_of()
    wake_up = await world.start()
    for _ in range(MAX_STARTS - 1):
        await loud_death(world, wake_up)
    await silent_death(world, wake_up, path=f"{LIST}/3")
    run = world.run(wake_up)
    assert (run.starts, run.failure, run.checkpoint.batches) == (1, None, 2)
    for _ in range(MAX_STARTS - 1):
        await silent_death(world, wake_up)
    await world.leg(wake_up)
    assert "each without a word" in no_progress(world.run(wake_up))


async def test_a_clean_pause_takes_its_own_start_back_and_no_other() -> None:
    world = world_of()
    wake_up = await world.start()
    for _ in range(3):
        await loud_death(world, wake_up)
    for _ in range(4):
        world.sink.faults.fail("send")
        await world.leg(wake_up)
        run = world.run(wake_up)
        assert run.waiting is not None
        assert run.starts == 3
    for _ in range(2):
        await loud_death(world, wake_up)
    await world.leg(wake_up)
    no_progress(checked(world.run(wake_up)))


async def test_any_number_of_clean_pauses_fails_nothing() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", error=Throttled("Slow down.", after=1), times=20)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.legs) == (RunStatus.SUCCEEDED, 21)


async def test_legs_that_die_while_they_settle_end_the_run_with_its_rows_unconfirmed() -> None:
    world = world_of()
    wake_up = await world.start()
    for _ in range(MAX_STARTS):
        await silent_death(world, wake_up, call="jobs", path="*")
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    no_progress(run)
    assert run.tally == Tally(read=30, unconfirmed=30)
    assert len(world.unconfirmed(run)) == 3


async def hours(world: World, wake_up: WakeUp) -> float:
    """See the run through; return how many hours it took."""
    began = world.clock.now()
    await world.go(wake_up)
    return (world.clock.now() - began) / timedelta(hours=1)


async def test_an_hour_of_errors_is_waited_out() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", times=10)
    assert 1 < await hours(world, wake_up) < 3
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize("call", ["send", "list_details"])
async def test_a_day_without_an_answer_fails_the_run_with_the_last_cause(call: str) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail(call, error=Unavailable("Klaviyo, import: no answer."), times=10_000)
    assert 24 <= await hours(world, wake_up) < 24.5
    detail = no_progress(checked(world.run(wake_up)))
    assert detail == "There was no progress for a day. Klaviyo, import: no answer."


async def test_a_little_progress_now_and_then_is_enough() -> None:
    world = world_of()
    wake_up = await world.start()
    for batch in (1, 2, 3):
        world.sink.faults.fail("send", f"{LIST}/{batch}", times=38)  # more than eight hours of pauses
    assert await hours(world, wake_up) > 24
    run = checked(world.run(wake_up))
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 30)


async def test_an_app_that_was_stopped_for_days_tries_before_it_gives_up() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(wake_up)
    await world.clock.advance(timedelta(days=3).total_seconds())
    await world.leg(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def waits_for_days(world: World, wake_up: WakeUp, reason: str) -> None:
    """Let a run wait for others, looked into each hour, for more than a day."""
    for _ in range(30):
        world.leases.hand_over("accounts/AbC123")
        await world.leg(wake_up)
        waiting = world.run(wake_up).waiting
        assert waiting is not None
        assert waiting.reason == reason
        await world.clock.advance(3600)


async def hiccup(world: World, wake_up: WakeUp) -> None:
    """Let Klaviyo fail once; the run must go on all the same."""
    world.sink.faults.fail("list_details")
    await world.leg(wake_up)
    run = world.run(wake_up)
    assert run.waiting is not None
    assert run.waiting.reason == "unavailable"
    await world.go(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_waiting_for_an_older_run_is_no_standstill() -> None:
    world = world_of(fates={1: Fate.ENDLESS})
    older = await world.start()
    await world.leg(older)
    await world.clock.advance(1)
    newer = await world.start()
    await waits_for_days(world, newer, "previous_run_active")
    world.sink.fates.clear()
    world.sink.made[0].fate = Fate.COMPLETE
    await world.leg(older)
    await hiccup(world, newer)


async def test_waiting_for_an_account_is_no_standstill() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(wake_up)
    await waits_for_days(world, wake_up, "account_busy")
    await hiccup(world, wake_up)


async def test_waiting_for_an_account_now_and_then_does_not_hide_a_standstill() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", times=10_000)
    began = world.clock.now()
    while not world.run(wake_up).status.is_ended:
        await world.leg(wake_up)
        await world.clock.advance(15 * 60)
        if not world.run(wake_up).status.is_ended:
            world.leases.hand_over("accounts/AbC123")
            await world.leg(wake_up)
            await world.clock.advance(A_LEASE)
    no_progress(checked(world.run(wake_up)))
    assert timedelta(hours=24) < world.clock.now() - began < timedelta(hours=28)
