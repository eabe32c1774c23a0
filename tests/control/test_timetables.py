"""When exports start by themselves: by their own schedule, by that of the app, or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.config.schedule import Schedule
from shared.domain.runs.run import RunStatus
from tests.builders import World, ndjson, people
from tests.fakes.clock import START, FakeClock

HOURLY = Schedule(cron="0 * * * *", time_zone="UTC")
DAILY = Schedule(cron="0 6 * * *", time_zone="UTC")
NOTE = "schedules/vip.json"
ROWS = {"vip/1.ndjson": ndjson(people(3))}


def world_of(schedule: Any, **changes: Any) -> World:
    return World(ROWS, export={"schedule": schedule, **changes}, clock=FakeClock(START))


async def hours(world: World, count: int, refresh: Schedule | None = None) -> int:
    """Let the timer fire every half hour; return how many runs were started."""
    started = 0
    for _ in range(2 * count):
        started += len(await world.tick(refresh=refresh))
        for path in world.documents.paths("active/"):
            await world.documents.delete(path)  # as if the run had ended
        await world.clock.advance(1800)
    return started


async def test_an_export_with_refresh_goes_by_the_schedule_of_the_app() -> None:
    world = world_of("refresh")
    assert await hours(world, 5, HOURLY) == 4
    assert {run.trigger for run in world.all_runs()} == {"schedule"}


async def test_without_a_schedule_of_the_app_an_export_with_refresh_does_not_run() -> None:
    world = world_of("refresh")
    assert await hours(world, 5) == 0
    assert world.documents.paths("schedules/") == []


async def test_an_export_with_its_own_schedule_does_not_go_by_that_of_the_app() -> None:
    assert await hours(world_of(None), 30, HOURLY) == 0
    assert await hours(world_of(DAILY.document()), 30, HOURLY) == 1


async def test_a_new_schedule_of_the_app_does_not_run_what_it_would_have_run_before() -> None:
    world = world_of("refresh")
    await hours(world, 3, DAILY)
    assert await world.tick(refresh=Schedule(cron="30 * * * *", time_zone="UTC")) == []
    assert world.documents.value(NOTE)["timetable"] == {"cron": "30 * * * *", "time_zone": "UTC"}
    assert await hours(world, 2, Schedule(cron="30 * * * *", time_zone="UTC")) == 2


async def test_a_schedule_that_was_changed_by_hand_does_not_run_what_it_would_have_run_before() -> None:
    world = world_of(HOURLY.document())
    await hours(world, 2)
    await world.clock.advance(1800)
    world.put_export(schedule={"cron": "15 * * * *", "time_zone": "UTC"})
    assert await world.tick() == []
    assert await hours(world, 3) == 2


async def test_a_note_of_an_earlier_version_of_the_app_counts_for_the_schedule_that_is_there() -> None:
    world = world_of(HOURLY.document())
    world.documents.put(NOTE, {"schema": 1, "last_slot": (START - timedelta(hours=1)).isoformat()})
    assert len(await world.tick()) == 1


async def test_a_detached_export_is_passed_over() -> None:
    world = world_of(HOURLY.document(), connection_id=None)
    assert await hours(world, 3) == 0


async def test_a_detached_export_cannot_be_planned_and_says_what_to_do() -> None:
    run = await world_of(None, connection_id=None).whole_run()
    assert run.status is RunStatus.FAILED
    assert run.ending
    assert run.ending.detail == (
        "Export 'vip' has no connection, since the one that it had was removed; give it another one."
    )


@pytest.mark.parametrize("there", [True, False])
async def test_a_schedule_begins_now_whatever_there_was_before(there: bool) -> None:
    world = world_of(HOURLY.document())
    if there:
        world.documents.put(NOTE, {"schema": 1, "last_slot": "2020-01-01T00:00:00Z"})
    await world.store.slots.begin("vip", HOURLY, world.clock.now())
    assert await world.tick() == []
    assert await hours(world, 2) == 1
    await world.store.slots.begin("vip", None, world.clock.now())
    assert world.documents.paths("schedules/") == []


async def test_a_schedule_begins_now_although_a_tick_serves_it_at_the_same_time() -> None:
    world = world_of(HOURLY.document())
    world.documents.put(NOTE, {"schema": 1, "last_slot": "2020-01-01T00:00:00Z"})

    async def serve() -> None:
        world.documents.put(NOTE, {"schema": 1, "last_slot": "2021-01-01T00:00:00Z"})

    world.documents.faults.when("replace", NOTE, serve)
    await world.store.slots.begin("vip", HOURLY, world.clock.now())
    assert world.documents.value(NOTE)["last_slot"].startswith(f"{START:%Y-%m-%dT%H:%M}")
