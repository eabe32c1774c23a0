"""The looks for new data are bounded, each segment is looked at once, and what is left comes first next time."""

from collections.abc import Mapping
from typing import Any

from shared.control.new_data.look_at_segments import MOST_FAILURES
from shared.control.new_data.start_on_new_data import LOOK_SECONDS
from shared.domain.errors import Unavailable
from shared.domain.sources.level import Level
from shared.ports import Clock
from shared.store.paths import LOOKS, served_path
from tests.builders import World
from tests.control.new_data.waiting import ON_NEW_DATA, finish, minutes, started, tick, waiting_world, write
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments


class SlowListings(MemorySegments):
    """Segments of which each listing takes *seconds*."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self._clock, self._seconds = clock, seconds

    async def level(self, prefix: str) -> Level:
        await self._clock.sleep(self._seconds)
        return await super().level(prefix)


def world_of(
    exports: int, *, shared: bool = False, clock: FakeClock | None = None, segments: MemorySegments | None = None
) -> World:
    """Return a world with so many exports that wait, each for a segment of its own, or all for the *shared* one."""
    world = waiting_world(clock=clock, segments=segments)
    for number in range(exports):
        name = "vip" if shared else f"s{number:03}"
        world.put_export(id=f"e{number:03}", segments=[name], schedule=ON_NEW_DATA)
        write(world, f"{name}/1.ndjson")
        finish(world, name)
    return world


def looked_at(world: World) -> Mapping[str, Any]:
    segments: dict[str, Any] = world.documents.value(LOOKS)["segments"]
    return segments


async def test_a_segment_of_many_exports_is_listed_once_a_look() -> None:
    world = world_of(30, shared=True)
    woken = await tick(world)
    assert len(woken) == 30 + 1  # the usual export of a world waits for the same segment
    assert world.segments.faults.count("listed", "vip/") == 1


async def test_an_idle_hour_has_a_dozen_looks() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    await minutes(world, 1)
    world.segments.faults.log.clear()
    await minutes(world, 60)
    assert world.segments.faults.count("listed", "vip/") == 12


async def test_a_slow_storage_bounds_the_looks_of_a_tick_and_the_next_tick_begins_with_the_rest() -> None:
    clock = FakeClock()
    world = world_of(30, clock=clock, segments=SlowListings(clock, 6.0))
    await tick(world)
    assert clock.monotonic() <= LOOK_SECONDS + 1
    first = looked_at(world)
    await world.clock.advance(30)
    await tick(world)
    both = looked_at(world)
    assert 0 < len(first) < len(both)
    assert {name: both[name] for name in first} == first
    await world.clock.advance(600)  # all of them are due, and those of the first tick for the longest time
    await tick(world)
    third = looked_at(world)
    assert {name for name in both if third[name] != both[name]} == {*first}


async def test_a_storage_that_does_not_answer_is_asked_a_few_times_and_the_rest_comes_next() -> None:
    world = world_of(40)
    world.segments.faults.fail("listed", error=Unavailable("The storage is away."), times=1000)
    await tick(world)
    assert len(world.segments.faults.log) <= MOST_FAILURES + 8  # those under way come to their end


async def test_a_segment_that_nobody_waits_for_is_forgotten() -> None:
    world = world_of(2)
    await tick(world)
    assert {"s000", "s001"} <= looked_at(world).keys()
    world.put_export(id="e001", segments=["s001"])
    await minutes(world, 6, is_idle=True)
    assert "s001" not in looked_at(world)


async def test_a_damaged_note_of_the_looks_is_written_anew() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    world.documents.put(LOOKS, {"segments": {"vip": 5}})
    await minutes(world, 1)
    assert len(started(world)) == 1


async def test_an_export_whose_served_states_are_damaged_keeps_no_other_one_waiting() -> None:
    world = world_of(2)
    world.documents.put(served_path("e000"), {"states": "none"})
    assert {wake_up.export_id for wake_up in await tick(world)} == {"e001"}


async def test_exports_that_could_not_be_started_are_looked_at_again_by_the_next_tick() -> None:
    world = world_of(3)
    world.documents.faults.fail("get", "served/*", error=Unavailable("The storage is away."), times=3)
    assert await tick(world) == []
    await world.clock.advance(30)
    assert {wake_up.export_id for wake_up in await tick(world)} == {"e000", "e001", "e002"}
