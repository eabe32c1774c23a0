"""One export over one account at a time, whatever connections lead to it; those that wait take turns."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.ports import Account
from shared.store.paths import plan_path
from tests.builders import World, checked, connection_document, ndjson, people
from tests.fakes.sink import LIST, SECRET, MemorySink
from tests.fakes.sinks import MemorySinks

ACCOUNT = "accounts/AbC123"
EXPORTS = ("vip", "gold", "news")
OTHER_SECRET = "klaviyo-other"


def shop(rows: int = 20, **options: Any) -> World:
    """Return three exports over one account: two by one connection, the third by another one with its own key."""
    blobs = {f"{name}/1.ndjson": ndjson(people(rows)) for name in EXPORTS}
    world = World(blobs, **{"max_profiles": 10, "in_flight": 1, **options})
    for name in EXPORTS:
        world.put_export(id=name, segments=[name], connection_id="other" if name == "news" else "acme")
    world.documents.put("connections/other.json", connection_document(id="other", secret_name=OTHER_SECRET))
    world.resources = replace(world.resources, sinks=MemorySinks({SECRET: world.sink, OTHER_SECRET: world.sink}))
    return world


async def started(world: World, *exports: str) -> list[WakeUp]:
    """Request runs, one a second."""
    wake_ups = []
    for export_id in exports:
        wake_ups.append(await world.start(export_id))
        await world.clock.advance(1)
    return wake_ups


class Exporting:
    """A leg that stalls in the middle of exporting, until it is let go on."""

    def __init__(self, world: World, wake_up: WakeUp) -> None:
        self.world = world
        self.gate = asyncio.Event()
        world.sink.faults.when("send", f"{LIST}/2", self._wait)
        self.leg = asyncio.create_task(world.leg(wake_up))

    async def _wait(self) -> None:
        await self.gate.wait()

    async def go_on(self) -> list[WakeUp]:
        """Let it go on; return what it wants to be sent."""
        self.gate.set()
        return await self.leg


async def exporting(world: World, wake_up: WakeUp) -> Exporting:
    """Start a leg and let it come to where it exports."""
    leg = Exporting(world, wake_up)
    await world.clock.advance(2)
    assert world.leases.is_held(ACCOUNT)
    return leg


def waits_for_account(world: World, wake_up: WakeUp) -> bool:
    waiting = world.run(wake_up).waiting
    return waiting is not None and waiting.reason == "account_busy"


def line(world: World) -> list[str]:
    """Return the exports whose runs stand in line, the first one first."""
    return [world.documents.value(path)["export_id"] for path in world.documents.paths("waiting/")]


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
    dropped: list[list[WakeUp]] = []

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
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    await world.leg(second)
    await world.leg(third)
    await world.store.runs.ask_to_cancel(world.run(second), by="Dana", now=world.clock.now())
    await world.leg(second)
    assert world.run(second).status is not RunStatus.EXPORTING
    follow_ups = await leg.go_on()
    assert follow_ups[0] == third
    assert line(world) == ["news"]


async def test_a_run_in_line_whose_leg_settles_right_now_holds_up_nobody() -> None:
    world = shop(sweeps_to_end=1_000)
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    await world.leg(second)
    await world.leg(third)
    await world.store.runs.ask_to_cancel(world.run(second), by="Dana", now=world.clock.now())
    path = f"runs/gold/{second.run_id}/run.json"
    world.documents.put(path, {**world.documents.value(path), "status": "settling", "waiting": None})
    assert (await leg.go_on())[0] == third


async def test_a_run_in_line_that_waits_for_something_else_by_now_holds_up_nobody() -> None:
    world = shop()
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    await world.leg(second)
    await world.leg(third)
    world.documents.faults.fail("get", "exports/gold.json")
    await world.leg(second)
    assert not waits_for_account(world, second)
    assert (await leg.go_on())[0] == third
    await world.leg(third)
    assert world.run(third).tally == Tally(read=20, accepted=20)
    await world.go(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED


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


async def test_exports_over_two_accounts_run_side_by_side() -> None:
    world = shop()
    other = MemorySink(world.clock, owner=Account("XyZ789", "Other shop", is_test=False), max_profiles=10)
    world.documents.put(
        "connections/other.json", connection_document(id="other", secret_name=OTHER_SECRET, account_id="XyZ789")
    )
    world.resources = replace(world.resources, sinks=MemorySinks({SECRET: world.sink, OTHER_SECRET: other}))
    first, second = await started(world, "vip", "news")
    leg = await exporting(world, first)
    await world.leg(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED
    assert len(other.emails()) == 20
    assert world.run(first).status is RunStatus.EXPORTING
    await leg.go_on()


async def test_keys_that_may_not_tell_their_account_keep_the_pace_of_their_own() -> None:
    world = shop()
    world.sink.faults.fail("account", error=CredentialsRefused("No scope."), times=100)
    for name, secret in (("acme", SECRET), ("other", OTHER_SECRET)):
        document = connection_document(id=name, secret_name=secret, account_id=None)
        world.documents.put(f"connections/{name}.json", document)
    first, second, third = await started(world, *EXPORTS)
    leg = Exporting(world, first)
    await world.clock.advance(2)
    assert world.leases.is_held(f"accounts/secret-{SECRET}")
    await world.leg(second)
    assert waits_for_account(world, second)
    await world.leg(third)
    assert checked(world.run(third)).status is RunStatus.SUCCEEDED
    await leg.go_on()


async def test_an_odd_name_of_an_account_finds_a_place_of_its_own() -> None:
    world = shop()
    world.sink.owner = Account("../runs/Ä b", "Odd", is_test=False)
    world.documents.put("connections/acme.json", connection_document(account_id=None))
    wake_up = await world.start()
    leg = Exporting(world, wake_up)
    await world.clock.advance(2)
    (name,) = [name for name in world.leases.names() if name.startswith("accounts/")]
    assert name.removeprefix("accounts/").isalnum()
    assert all("../" not in path for path in world.documents.paths())
    await leg.go_on()
    assert world.documents.value(plan_path(wake_up.export_id, wake_up.run_id))["account_id"] == "../runs/Ä b"


async def test_two_runs_that_learn_the_account_of_their_connection_at_the_same_time_both_go_on() -> None:
    world = shop()
    world.documents.put("connections/acme.json", connection_document(account_id=None))
    first, second = await started(world, "vip", "gold")
    await asyncio.gather(world.leg(first), world.leg(second))
    assert waits_for_account(world, second)
    assert world.documents.value("connections/acme.json")["account_id"] == "AbC123"
    await world.go(first, second)
    assert [checked(world.run(each)).tally for each in (first, second)] == [Tally(read=20, accepted=20)] * 2


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
