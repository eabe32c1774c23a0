"""An export that waits for new data, and a storage whose clock is that of the app."""

from datetime import timedelta
from typing import Any

from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, csv_file, ndjson, people
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments

ON_NEW_DATA = {"on": "new_data"}
DAY_BEFORE, TODAY, TOMORROW = (f"vip/2026/11/{day}/0600" for day in (22, 23, 24))
AFTER_TWO_LOOKS = 16
"""So many minutes after a folder has become quiet, two looks have seen it 10 minutes apart."""


def waiting_world(*, clock: FakeClock | None = None, segments: MemorySegments | None = None, **export: Any) -> World:
    """Return a world whose export waits for new data; nothing is there yet."""
    return World(
        segments=segments or MemorySegments(piece_bytes=100),
        export={"schedule": ON_NEW_DATA, **export},
        clock=clock,
        max_profiles=10,
        in_flight=1,
    )


def write(world: World, name: str = "vip/1.ndjson", *, first: int = 1, count: int = 5, ago: float = 0) -> None:
    """Let a writer write people to the file *name*, *ago* minutes before now."""
    body = (csv_file if name.endswith(".csv") else ndjson)(people(count, first=first))
    world.segments.put(name, body, modified=world.clock.now() - timedelta(minutes=ago))


def finish(world: World, folder: str = "vip") -> None:
    """Let the writer say that it has finished."""
    world.segments.put(f"{folder}/_SUCCESS", b"", modified=world.clock.now())


async def tick(world: World) -> list[WakeUp]:
    """Let the timer fire now."""
    world.segments.now = world.clock.now()
    return await world.tick()


async def minutes(world: World, count: int, *, is_idle: bool = False) -> None:
    """Let minutes pass in which the timer fires; all messages are worked on, unless everybody *is_idle*."""
    for _ in range(count):
        await world.clock.advance(60)
        messages = await tick(world)
        while messages and not is_idle:
            messages += await world.leg(messages.pop(0))


def started(world: World, export_id: str = "vip") -> list[Run]:
    """Return the runs that new data has started, oldest first."""
    return [run for run in world.all_runs(export_id) if run.trigger == "new_data"]
