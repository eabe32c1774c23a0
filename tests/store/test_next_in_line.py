"""The wake-up of the next run in line leaves whatever becomes of the leg before, and a tick finds what was lost."""

import pytest

from shared.control.tick import ON_ITS_WAY
from shared.domain.runs.run import RunStatus
from shared.pipeline.leg.leg import LAST_MINUTES_SECONDS
from shared.ports import LEASE_SECONDS
from shared.store.paths import run_lease
from tests.builders import checked
from tests.store.lines import ACCOUNT, exporting, shop, started, two_in_line


async def test_a_leg_that_loses_its_run_wakes_the_next_one_at_the_account() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    world.leases.hand_over(run_lease("vip", first.run_id))
    await world.clock.advance(LEASE_SECONDS)
    assert leg.leg.done()
    assert await leg.leg == [second]
    await world.leg(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED


async def test_a_leg_whose_run_lease_is_not_renewed_in_time_wakes_its_run_and_the_next_one() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    world.leases.faults.fail("renew", "runs/*", times=99)
    await world.clock.advance(2 * LEASE_SECONDS)
    assert leg.leg.done()
    assert set(await leg.leg) == {first, second}


async def test_a_leg_that_is_cut_off_by_its_time_wakes_the_next_one() -> None:
    world = shop(budget_seconds=60)
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    world.documents.faults.when("get", "*/cancel.json", leg.gate.wait)  # type: ignore[arg-type]  # its watch hangs, too
    await world.clock.advance(60 + LAST_MINUTES_SECONDS)
    assert leg.leg.done()
    assert await leg.leg == [second]
    waiting = world.run(first).waiting
    assert waiting is not None
    assert waiting.reason == "unavailable"


@pytest.mark.parametrize("skip", range(3))
async def test_a_leg_that_cannot_be_noted_any_more_wakes_the_next_one_all_the_same(skip: int) -> None:
    world = shop(sweeps_to_end=5)
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    world.documents.faults.fail("replace", f"runs/vip/{first.run_id}/run.json", skip=skip, times=9)
    assert await leg.go_on() == [second]


async def test_an_end_that_cannot_be_noted_lets_the_next_run_of_the_export_go_all_the_same() -> None:
    world = shop()
    first, second = await started(world, "vip", "vip")
    world.documents.faults.fail("get", "ends.json")
    assert await world.leg(first) == [second]
    assert world.run(first).status is RunStatus.SUCCEEDED


async def test_a_run_whose_wake_up_comes_while_it_notes_that_it_waits_for_the_one_before_wakes_itself() -> None:
    world = shop()
    first, second = await started(world, "vip", "vip")
    leg = await exporting(world, first)

    async def end() -> None:
        assert await leg.go_on() == [second]
        assert await world.leg(second) == []  # its other leg still has it

    world.documents.faults.when("replace", f"runs/vip/{second.run_id}/run.json", end, skip=1)
    assert await world.leg(second) == [second]
    await world.leg(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED


async def test_a_tick_wakes_the_first_in_line_before_its_next_try_once_the_account_is_free() -> None:
    world = shop()
    leg, second, third = await two_in_line(world)
    assert await world.tick() == []
    await world.leg((await leg.go_on())[-1])  # the wake-up of the second one is lost
    assert await world.tick() == [second]
    assert await world.tick() == [], "the wake-up may be on its way"
    await world.clock.advance(ON_ITS_WAY.total_seconds())
    assert await world.tick() == [second]
    await world.leg(second)
    assert third in await world.tick()


async def test_a_tick_wakes_a_run_before_its_next_try_once_the_one_before_has_ended() -> None:
    world = shop()
    first, second, third = await started(world, "vip", "vip", "vip")
    leg = await exporting(world, first)
    for each in (second, third):
        await world.leg(each)
    assert await world.tick() == []
    await leg.go_on()
    assert await world.tick() == [second]


async def test_a_run_whose_leg_has_its_lease_is_not_woken_however_late_its_next_try_is() -> None:
    world = shop()
    first, second = await started(world, "vip", "gold")
    leg = await exporting(world, first)
    await world.leg(second)
    lease = await world.leases.take(run_lease("gold", second.run_id))
    assert lease is not None
    await world.clock.advance(LEASE_SECONDS - 1)
    await lease.renew()
    await world.clock.advance(LEASE_SECONDS - 1)
    await lease.renew()
    await world.clock.advance(LEASE_SECONDS - 1)
    assert await world.tick() == [], "the message would find the lease taken"
    await world.clock.advance(1)
    assert await world.tick() == [second]
    await leg.go_on()


@pytest.mark.parametrize("call", ["names", "is_free"])
async def test_a_tick_that_cannot_look_at_the_line_sends_what_else_it_has(call: str) -> None:
    world = shop()
    leg, second, _third = await two_in_line(world)
    *_, first = await leg.go_on()
    world.documents.faults.fail("names" if call == "names" else "nothing", "waiting/", times=2)
    world.leases.faults.fail("is_free" if call == "is_free" else "nothing", ACCOUNT, times=2)
    assert await world.tick() == [first]
    assert await world.tick() == [second]
