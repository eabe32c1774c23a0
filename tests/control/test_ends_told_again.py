"""A tick tells each end again, once: a process that is killed right after the end takes the first event with it."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.events import Event
from shared.store.paths import RECENT_ENDS, marker_path, run_path
from tests.builders import World
from tests.control.ticking import world_of
from tests.events import events_in, named


class Killed:
    """A process that is killed before it has sent its events."""

    def tell(self, event: Event) -> None:
        """Lose *event*."""


@pytest.fixture(autouse=True)
def _logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def ends(caplog: pytest.LogCaptureFixture) -> list[tuple[str, bool]]:
    return [(each["run"], each["again"]) for each in told(caplog, "run_ended")]


def told(caplog: pytest.LogCaptureFixture, name: str) -> list[dict[str, Any]]:
    return named(events_in(caplog.messages), name)


async def ticks(world: World, count: int) -> None:
    for _ in range(count):
        await world.clock.advance(30)
        await world.tick()


async def test_an_end_is_told_again_a_minute_later_and_never_more(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    wake_up = await world.start()
    await world.leg(wake_up)
    await ticks(world, 1)
    assert ends(caplog) == [(wake_up.run_id, False)]
    await ticks(world, 1)
    assert ends(caplog) == [(wake_up.run_id, False), (wake_up.run_id, True)]
    await ticks(world, 10)
    assert len(ends(caplog)) == 2
    first, second = told(caplog, "run_ended")
    assert {**first, "again": True} == second


async def test_an_end_that_died_with_its_process_is_told_by_a_tick_elsewhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = world_of()
    wake_up = await world.start()
    everything = world.resources
    world.resources = replace(everything, events=Killed())
    await world.leg(wake_up)
    assert ends(caplog) == []
    world.resources = everything
    await ticks(world, 4)
    assert ends(caplog) == [(wake_up.run_id, True)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_leg_that_dies_at_the_end_lets_no_other_tell_it_twice(
    caplog: pytest.LogCaptureFixture, *, after: bool
) -> None:
    world = world_of()
    wake_up = await world.start()
    marker = marker_path("vip", wake_up.run_id)
    world.documents.faults.fail("delete", marker, error=Unavailable("Storage does not answer."), times=1, after=after)
    await world.leg(wake_up)
    assert ends(caplog) == []
    for _ in range(6):
        await world.clock.advance(30)
        for each in await world.tick():
            await world.leg(each)
    told_first = [again for _, again in ends(caplog)].count(False)
    assert told_first == (0 if after else 1)
    assert (wake_up.run_id, True) in ends(caplog)


async def test_refused_credentials_are_told_again_with_the_end(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    world.sink.faults.fail("send", error=CredentialsRefused("Klaviyo does not know the key."), times=9)
    await world.whole_run()
    await ticks(world, 3)
    assert [(each["connection"], each["again"]) for each in told(caplog, "credentials_refused")] == [
        ("acme", False),
        ("acme", True),
    ]


async def test_a_skipped_slot_is_told_again_as_well(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    await world.tick()
    await world.start()
    await world.clock.advance(3600)
    await world.tick()
    await ticks(world, 3)
    assert [(each["status"], each["again"]) for each in told(caplog, "run_ended")] == [
        ("skipped", False),
        ("skipped", True),
    ]


async def test_two_ticks_at_once_tell_an_end_again_once(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    await world.leg(await world.start())
    await world.clock.advance(60)

    async def meanwhile() -> None:
        await world.tick()

    world.documents.faults.when("replace", RECENT_ENDS, meanwhile)
    await world.tick()
    assert [again for _, again in ends(caplog)] == [False, True]


async def test_runs_that_end_at_the_same_time_are_each_told_again(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    wake_ups = []
    for export_id in ("vip", "gold", "news"):
        world.put_export(id=export_id)
        wake_ups.append(await world.start(export_id))
    runs = [await world.store.runs.get(each.export_id, each.run_id) for each in wake_ups]
    await asyncio.gather(*(world.store.recent_ends.add(run, world.clock.now()) for run in runs if run))
    noted = await world.store.recent_ends.all()
    assert {each.run_id for each in noted} == {each.run_id for each in wake_ups}


async def test_a_run_that_is_gone_and_a_damaged_note_hold_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    wake_up = await world.start()
    await world.leg(wake_up)
    await world.documents.delete(run_path("vip", wake_up.run_id))
    await ticks(world, 3)
    assert ends(caplog) == [(wake_up.run_id, False)]
    world.documents.put(RECENT_ENDS, {"schema": 1, "ends": "three"})
    later = await world.start()
    await world.leg(later)
    await ticks(world, 3)
    assert ends(caplog)[1:] == [(later.run_id, False), (later.run_id, True)]
