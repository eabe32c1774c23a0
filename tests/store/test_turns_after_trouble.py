"""A place in the line whose run is gone, dead or broken holds up nobody for long."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus, Tally
from tests.builders import checked
from tests.store.lines import ACCOUNT, exporting, line, shop, started, waits_for_account


@pytest.mark.parametrize("status", [RunStatus.SUCCEEDED, RunStatus.CANCELLED, None])
async def test_places_of_runs_that_have_ended_or_are_gone_are_cleared_away(status: RunStatus | None) -> None:
    world = shop()
    old, new = await started(world, "vip", "gold")
    leg = await exporting(world, old)
    await world.leg(new)
    (place,) = world.documents.paths("waiting/")
    await leg.go_on()
    await world.go(old, new)
    forgotten = place.replace("~gold~", "~vip~").replace(new.run_id, old.run_id)
    world.documents.put(forgotten, {"schema": 1, "export_id": "vip", "run_id": old.run_id})
    path = f"runs/vip/{old.run_id}/run.json"
    if status:
        world.documents.put(path, {**world.documents.value(path), "status": status.value})
    else:
        await world.documents.delete(path)
    third = await world.start("gold")
    await world.leg(third)
    assert world.run(third).status is RunStatus.SUCCEEDED
    assert world.documents.paths("waiting/") == []


async def test_a_run_whose_leg_died_first_in_line_holds_up_the_others_only_until_it_is_taken_up() -> None:
    world = shop()
    dead, alive = await started(world, "vip", "gold")
    world.leases.faults.fail("release", times=10)
    stuck = asyncio.Event()

    async def wait() -> None:
        await stuck.wait()

    world.leases.faults.when("take", ACCOUNT, wait)
    leg = asyncio.create_task(world.leg(dead))
    await world.clock.advance(2)
    leg.cancel()
    await asyncio.gather(leg, return_exceptions=True)
    assert line(world) == ["vip"]
    await world.leg(alive)
    assert waits_for_account(world, alive)
    world.leases.faults._planned.clear()
    began = world.clock.now()
    await world.go(alive)
    assert [checked(world.run(each)).tally for each in (dead, alive)] == [Tally(read=20, accepted=20)] * 2
    assert world.clock.now() - began < timedelta(minutes=10)


async def test_a_run_that_dies_again_and_again_first_in_line_fails_and_the_next_one_goes_on() -> None:
    world = shop()
    cursed, alive = await started(world, "vip", "gold")
    world.leases.faults.fail("take", ACCOUNT, error=MemoryError(), times=5)
    messages = [cursed]
    for _ in range(30):
        for wake_up in messages:
            with suppress(MemoryError):
                await world.leg(wake_up)
        await world.clock.advance(60)
        messages = [alive, *await world.tick()]
    run = checked(world.run(cursed))
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert "the last one with MemoryError" in run.ending.detail
    assert checked(world.run(alive)).tally == Tally(read=20, accepted=20)


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"export_id": 1, "run_id": null}'])
async def test_a_broken_place_in_the_line_is_cleared_away(body: bytes) -> None:
    world = shop()
    (wake_up,) = await started(world, "vip")
    path = "waiting/AbC123/20261101T000000.000000Z~vip~1.json"
    world.documents.put(path, {})
    world.documents.blobs[path] = body
    await world.leg(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED
    assert line(world) == []


async def test_a_place_in_the_line_whose_run_is_broken_is_cleared_away() -> None:
    world = shop()
    old, new = await started(world, "vip", "gold")
    leg = await exporting(world, old)
    await world.leg(new)
    path = f"runs/gold/{new.run_id}/run.json"
    world.documents.put(path, {"schema": 1, "status": "exporting"})
    assert new not in await leg.go_on()
    assert line(world) == []


async def test_an_account_that_was_taken_is_free_again_when_the_line_cannot_be_left() -> None:
    world = shop()
    (wake_up,) = await started(world, "vip")
    world.documents.faults.fail("delete", "waiting/*")
    assert await world.leg(wake_up) == []  # else it would wake itself out of its pause, again and again
    assert not waits_for_account(world, wake_up)
    assert not world.leases.is_held(ACCOUNT)
    await world.go()
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_a_line_that_cannot_be_read_after_the_export_does_not_hurt_it() -> None:
    world = shop()
    (wake_up,) = await started(world, "vip")
    world.documents.faults.fail("names", "waiting/*", skip=1, error=Unavailable("No answer."))
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=20, accepted=20))
