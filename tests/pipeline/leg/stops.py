"""The ways to stop a run, each with the sentence that the run then shows."""

from collections.abc import Awaitable, Callable

import pytest

from shared.domain.runs.run import Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, checked, connection_document

Stop = Callable[[World, WakeUp], Awaitable[None]]


async def cancel(world: World, wake_up: WakeUp) -> None:
    await world.store.runs.ask_to_cancel(world.run(wake_up), by="Dana", now=world.clock.now())


async def cancelled_after_its_first_batch(world: World) -> Run:
    """Let the second batch of a run fail, cancel the paused run, and return it after its next leg."""
    world.sink.faults.fail("send", "*/2")
    wake_up = await world.start()
    await world.leg(wake_up)
    await cancel(world, wake_up)
    await world.leg(wake_up)
    return checked(world.run(wake_up))


async def withdraw_consent(world: World, _wake_up: WakeUp) -> None:
    world.documents.put("connections/acme.json", connection_document(consent={"accepted": False}))


async def disable(world: World, _wake_up: WakeUp) -> None:
    world.put_export(enabled=False)


async def detach(world: World, _wake_up: WakeUp) -> None:
    world.put_export(connection_id=None)


async def delete_export(world: World, _wake_up: WakeUp) -> None:
    await world.documents.delete("exports/vip.json")


async def delete_connection(world: World, _wake_up: WakeUp) -> None:
    await world.documents.delete("connections/acme.json")


STOPS = {
    cancel: "Dana cancelled the run.",
    withdraw_consent: "The consent of connection 'acme' was withdrawn.",
    disable: "Export 'vip' was disabled.",
    detach: "Export 'vip' was parted from its connection.",
    delete_export: "Export 'vip' was deleted.",
    delete_connection: "Connection 'acme' was deleted.",
}


every_stop = pytest.mark.parametrize(("stop", "why"), STOPS.items(), ids=[stop.__name__ for stop in STOPS])


def is_stopped(world: World, wake_up: WakeUp, why: str) -> Tally:
    """Check that the run says that it was stopped and why; return its tally."""
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert run.ending is not None
    assert (run.ending.reason, run.ending.detail) == ("cancelled", why)
    return run.tally
