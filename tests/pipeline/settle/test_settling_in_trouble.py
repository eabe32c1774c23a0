"""A settling that is broken off by an error is as well looked after as any other phase."""

from typing import Any

from shared.control.exports.remove_export import remove_export
from shared.control.exports.save_export import save_export
from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.runs.run import RunStatus, Tally
from shared.store.audit_trail import Author
from tests.builders import World, checked, ndjson, people

REJECTIONS = "*/rejections.ndjson"


def world_of(**changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(10))}, max_profiles=10, **changes)


async def test_a_run_that_cannot_be_planned_pauses_while_storage_does_not_take_its_rejections() -> None:
    world = world_of(connection={"consent": {"accepted": False}})
    world.documents.faults.fail("write_lines", REJECTIONS)
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    run = world.run(wake_up)
    assert run.waiting
    assert (run.waiting.reason, run.starts) == ("unavailable", 0)
    await world.go()
    ending = world.run(wake_up).ending
    assert ending
    assert (ending.status, ending.reason) == (RunStatus.FAILED, "configuration")


async def test_the_cause_is_kept_over_any_number_of_legs_that_cannot_write() -> None:
    world = world_of(sweeps_to_end=1_000)
    wake_up = await world.start()
    await world.leg(wake_up)
    world.sink.faults.fail("account", error=CredentialsRefused("The key was revoked."))
    world.sink.faults.fail("jobs", error=CredentialsRefused("The key was revoked."))
    world.documents.faults.fail("write_lines", REJECTIONS, times=6)
    for _ in range(6):
        await world.clock.advance(1_200)
        for each in await world.tick():
            await world.leg(each)
        assert world.run(wake_up).starts == 0
    world.sink.sweeps_to_end = 0
    await world.go()
    run = checked(world.run(wake_up))
    assert run.ending
    assert (run.ending.reason, run.tally) == ("credentials_refused", Tally(read=10, accepted=10))


async def test_a_slow_storage_cannot_hold_the_leg_for_longer_than_its_time() -> None:
    world = world_of(connection={"consent": {"accepted": False}}, budget_seconds=60.0)
    world.documents.faults.when("write_lines", REJECTIONS, lambda: world.clock.sleep(5_000))
    wake_up = await world.start()
    began = world.clock.monotonic()
    await world.leg(wake_up)
    assert world.clock.monotonic() - began < 600
    waiting = world.run(wake_up).waiting
    assert waiting
    assert waiting.reason == Unavailable.reason


async def test_a_settling_run_does_not_make_its_list_known_to_a_later_export_with_the_same_id() -> None:
    world = world_of(sweeps_to_end=1_000)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.documents.paths("lists/") == ["lists/vip.json"]
    dana = Author(None, "Dana")
    stored = await world.store.exports.document("vip")
    export = await world.store.exports.get("vip")
    assert stored
    assert export
    await remove_export("vip", stored, author=dana, store=world.store, clock=world.clock)
    await save_export(export, None, author=dana, store=world.store, clock=world.clock, refresh=None)
    await world.clock.advance(600)
    for each in await world.tick():
        await world.leg(each)
    assert world.run(wake_up).status is RunStatus.SETTLING
    assert world.documents.paths("lists/") == []
