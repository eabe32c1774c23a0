"""Runs over one Klaviyo account that take turns."""

import asyncio
from dataclasses import replace
from typing import Any

from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, connection_document, ndjson, people
from tests.fakes.sink import LIST, SECRET
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


async def two_in_line(world: World) -> tuple[Exporting, WakeUp, WakeUp]:
    """Let the run of the first export be at work, and those of the two others stand in line behind it."""
    first, second, third = await started(world, *EXPORTS)
    leg = await exporting(world, first)
    await world.leg(second)
    await world.leg(third)
    return leg, second, third


def waits_for_account(world: World, wake_up: WakeUp) -> bool:
    waiting = world.run(wake_up).waiting
    return waiting is not None and waiting.reason == "account_busy"


def line(world: World) -> list[str]:
    """Return the exports whose runs stand in line, the first one first."""
    return [world.documents.value(path)["export_id"] for path in world.documents.paths("waiting/")]
