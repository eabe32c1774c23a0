"""One export over one account at a time, whatever connections lead to it; those that wait take turns."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.store.paths import holder_path
from tests.builders import checked
from tests.fakes.sink import LIST
from tests.store.lines import (
    ACCOUNT,
    EXPORTS,
    exporting,
    line,
    shop,
    started,
    two_in_line,
    waits_for_account,
)


@pytest.mark.parametrize("other", ["gold", "news"])
async def test_a_run_waits_while_another_one_exports_over_the_account(other: str) -> None:
    world = shop()
    first, second = await started(world, "vip", other)
    leg = await exporting(world, first)
    sends = world.sink.faults.calls["send"]
    assert await world.leg(second) == []
    run = world.run(second)
    assert run.waiting is not None
    assert (run.waiting.reason, run.waiting.next_try - run.waiting.since) == ("account_busy", timedelta(minutes=1))
    assert (run.status, run.starts) == (RunStatus.EXPORTING, 0)
    assert world.sink.faults.calls["send"] == sends
    assert second in await leg.go_on()
    await world.go(first, second)
    assert [checked(world.run(each)).tally for each in (first, second)] == [Tally(read=20, accepted=20)] * 2


async def test_the_one_that_lets_go_wakes_the_oldest_and_leaves_its_own_settling_for_later() -> None:
    world = shop(sweeps_to_end=5)
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    assert await world.leg(third) == []
    assert await world.leg(second) == []
    assert line(world) == ["gold", "news"]
    let_go_at = world.clock.monotonic()
    assert await leg.go_on() == [second, first]
    assert world.clock.monotonic() == let_go_at
    assert world.run(first).status is RunStatus.SETTLING


async def test_a_leg_goes_on_at_the_pace_of_the_leg_that_had_the_account_before() -> None:
    world = shop()
    (first,) = await started(world, "vip")
    exported_at = world.clock.now()
    await world.go(first)
    (planned,) = world.sink.gone_on_from  # nobody has had the account before, as Klaviyo has shown to the plan
    assert planned.ago == ()
    (second,) = await started(world, "gold")
    await world.go(second)
    assert world.sink.gone_on_from == [planned, AccountUse(exported_at, (0.0, 0.0), is_alone=True)]


async def test_a_leg_that_lost_the_account_notes_nothing_over_the_next_holder() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    note = {"schema": 1, "export_id": second.export_id, "run_id": second.run_id}
    world.documents.put(holder_path("AbC123"), note)
    await leg.go_on()
    assert world.documents.value(holder_path("AbC123")) == note


@pytest.mark.parametrize("note", ["", {"use": 5}, {"use": {"at": "x"}}, {"use": {"ago": ["a"]}}])
async def test_a_damaged_note_on_the_account_is_nothing_to_go_on_from(note: Any) -> None:
    world = shop()
    (first,) = await started(world, "vip")
    world.documents.put(holder_path("AbC123"), note)
    await world.go(first)
    assert world.run(first).status is RunStatus.SUCCEEDED
    assert [use.ago for use in world.sink.gone_on_from] == [()]  # only from what Klaviyo has shown to the plan


async def test_runs_export_in_the_order_of_their_age_however_they_are_woken() -> None:
    world = shop(sweeps_to_end=5)
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    for wake_up in (third, second, third):
        await world.leg(wake_up)
    await leg.go_on()
    assert await world.leg(third) == []
    assert waits_for_account(world, third)
    await world.leg(second)
    assert world.run(second).status is RunStatus.SETTLING
    await world.leg(third)
    assert checked(world.run(third)).tally == Tally(read=20, accepted=20)
    assert line(world) == []


async def test_a_run_whose_wake_up_comes_while_it_notes_that_it_waits_wakes_itself() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    dropped = list[list[WakeUp]]()

    async def let_go() -> None:
        assert second in await leg.go_on()
        dropped.append(await world.leg(second))

    world.documents.faults.when("replace", f"runs/gold/{second.run_id}/run.json", let_go, skip=2)
    assert await world.leg(second) == [second]
    assert dropped == [[]]
    assert waits_for_account(world, second)
    assert await world.leg(second) == []
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED


async def test_a_run_that_came_too_late_for_the_account_wakes_itself_only_when_its_turn_has_come() -> None:
    world = shop()
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    await world.leg(second)

    async def let_go() -> None:
        assert (await leg.go_on())[0] == second

    world.documents.faults.when("replace", f"runs/news/{third.run_id}/run.json", let_go, skip=2)
    assert await world.leg(third) == []
    assert waits_for_account(world, third)


async def test_storage_that_does_not_tell_whether_the_account_is_free_leaves_it_to_the_tick() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    world.leases.faults.fail("is_free")
    assert await world.leg(second) == []
    assert waits_for_account(world, second)
    await leg.go_on()


async def test_a_wait_says_since_when_it_lasts_however_often_it_is_looked_into() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    began = world.clock.now()
    for minutes in range(3):
        await world.leg(second)
        waiting = world.run(second).waiting
        assert waiting is not None
        assert (waiting.since, waiting.next_try) == (began, began + timedelta(minutes=minutes + 1))
        await world.clock.advance(60)
    await leg.go_on()


async def test_a_run_that_settles_holds_up_nobody() -> None:
    world = shop(sweeps_to_end=1_000)
    first, second = await started(world, "vip", "gold")
    settling = asyncio.create_task(world.leg(first))
    await world.clock.advance(5)
    assert world.run(first).status is RunStatus.SETTLING
    assert not settling.done()
    assert not world.leases.is_held(ACCOUNT)
    exporting_leg = asyncio.create_task(world.leg(second))
    await world.clock.advance(5)
    assert world.run(second).status is RunStatus.SETTLING
    await asyncio.gather(settling, exporting_leg)


async def test_a_run_in_line_that_settles_by_now_holds_up_nobody() -> None:
    world = shop(sweeps_to_end=1_000)
    leg, second, third = await two_in_line(world)
    await world.store.runs.ask_to_cancel(world.run(second), by="Dana", now=world.clock.now())
    await world.leg(second)
    assert world.run(second).status is not RunStatus.EXPORTING
    follow_ups = await leg.go_on()
    assert follow_ups[0] == third
    assert line(world) == ["news"]


async def test_a_run_in_line_whose_leg_settles_right_now_holds_up_nobody() -> None:
    world = shop(sweeps_to_end=1_000)
    leg, second, third = await two_in_line(world)
    await world.store.runs.ask_to_cancel(world.run(second), by="Dana", now=world.clock.now())
    path = f"runs/gold/{second.run_id}/run.json"
    world.documents.put(path, {**world.documents.value(path), "status": "settling", "waiting": None})
    assert (await leg.go_on())[0] == third


async def test_a_run_in_line_that_waits_for_something_else_by_now_holds_up_nobody() -> None:
    world = shop()
    leg, second, third = await two_in_line(world)
    world.documents.faults.fail("get", "exports/gold.json")
    await world.leg(second)
    assert not waits_for_account(world, second)
    assert (await leg.go_on())[0] == third
    await world.leg(third)
    assert world.run(third).tally == Tally(read=20, accepted=20)
    await world.go(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED


async def test_a_run_that_pauses_for_klaviyo_lets_the_next_one_go_first() -> None:
    world = shop(rows=30)
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    world.sink.faults.fail("send", f"{LIST}/3")
    assert await leg.go_on() == [second]
    assert world.run(first).waiting is not None
    await world.leg(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED
