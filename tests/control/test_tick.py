"""The timer's minute, over fakes: what is queued, what is woken, and that twice is as good as once."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.store.run_markers import Marker
from tests.control.ticking import HOURLY, SIX_IN_KYIV, minutes, starts, told_of_missed, world_of
from tests.fakes.clock import START, FakeClock


async def test_an_export_is_due_by_its_cron_in_its_time_zone() -> None:
    world = world_of(SIX_IN_KYIV, clock=FakeClock(datetime(2026, 11, 23, 3, 58, tzinfo=UTC)))
    sent = await minutes(world, 3)
    (run,) = world.all_runs()
    assert sent == [(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), WakeUp("vip", run.id))]
    assert (run.id[:17], run.trigger, run.status) == ("20261123t040000z-", "schedule", RunStatus.QUEUED)
    assert world.documents.value("schedules/vip.json") == {
        "schema": 1,
        "last_slot": "2026-11-23T04:00:00.000Z",
        "timetable": SIX_IN_KYIV,
    }


async def test_a_schedule_that_is_seen_for_the_first_time_starts_now() -> None:
    world = world_of(clock=FakeClock(datetime(2026, 11, 23, 6, 0, 30, tzinfo=UTC)))
    assert await minutes(world, 59) == []
    assert starts(world) == []
    await minutes(world, 2)
    assert starts(world) == [datetime(2026, 11, 23, 7, 0, 30, tzinfo=UTC)]


@pytest.mark.parametrize("late", [timedelta(minutes=59), timedelta(hours=2, minutes=59)])
async def test_of_the_slots_that_were_missed_the_latest_one_runs_once_and_late(late: timedelta) -> None:
    world = world_of()
    await world.tick()
    await world.clock.advance((timedelta(hours=1) + late).total_seconds())
    now = world.clock.now()
    (wake_up,) = await world.tick()
    assert await world.tick() == []
    (run,) = [run for run in world.all_runs() if not run.status.is_ended]
    assert run.created_at == now
    assert wake_up.run_id.startswith(f"{now.replace(minute=0):%Y%m%dt%H%M%Sz}-")


async def test_a_slot_that_was_missed_for_too_long_is_left_out() -> None:
    world = world_of({"cron": "0 8 * * *", "time_zone": "UTC"})
    await world.tick()
    await world.clock.advance(timedelta(hours=14, seconds=1).total_seconds())
    assert await world.tick() == []
    assert told_of_missed(world) == [("slots_missed", 1, "2026-11-23T08:00:00.000Z", "2026-11-23T08:00:00.000Z")]
    await minutes(world, 60 * 12 + 1)
    assert starts(world)[1:] == [datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)]


async def test_a_slot_at_the_very_maximum_of_lateness_runs() -> None:
    world = world_of({"cron": "0 8 * * *", "time_zone": "UTC"})
    await world.tick()
    await world.clock.advance(timedelta(hours=14).total_seconds())
    assert len(await world.tick()) == 1


async def test_two_ticks_for_one_slot_make_one_run() -> None:
    world = world_of()
    await world.tick()
    await world.clock.advance(3600)
    slots = world.documents.value("schedules/vip.json")
    first = await world.tick()
    world.documents.put("schedules/vip.json", slots)  # as a tick leaves it that died before it wrote
    assert await world.tick() == first
    assert len(world.all_runs()) == len(first) == 1


async def test_two_ticks_at_the_same_time_make_one_run() -> None:
    world = world_of()
    await asyncio.gather(world.tick(), world.tick())
    await world.clock.advance(3600)
    sent = await asyncio.gather(world.tick(), world.tick(), world.tick())
    assert len(set().union(*sent)) == 1
    assert len(world.all_runs()) == 1


@pytest.mark.parametrize("skip", range(10))
async def test_a_tick_between_any_two_steps_of_another_makes_no_second_run(skip: int) -> None:
    world = world_of()
    await world.tick()
    await world.clock.advance(3600)

    async def another_tick_and_the_whole_run() -> None:
        await world.go(*await world.tick())

    world.documents.faults.when("*", "*", another_tick_and_the_whole_run, skip=skip)
    await world.go(*await world.tick())
    (run,) = world.all_runs()
    assert run.status is RunStatus.SUCCEEDED
    assert len(world.sink.made) == 3
    assert world.documents.paths("active/") == []


async def test_an_export_that_is_disabled_or_has_no_schedule_is_not_due() -> None:
    world = world_of(enabled=False)
    world.put_export(id="manual")
    await minutes(world, 125)
    assert world.documents.paths("runs/") == []
    assert world.documents.paths("schedules/") == []


@pytest.mark.parametrize(
    "broken",
    [b"{", b"[]", b"{}", b'{"id": "broken", "schedule": {"cron": "at six"}}'],
    ids=["not JSON", "not an object", "empty", "not a cron"],
)
async def test_a_broken_export_does_not_stop_the_others(broken: bytes, caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    world.documents.blobs["exports/a-broken.json"] = broken
    world.documents._tags["exports/a-broken.json"] = '"x"'
    sent = await minutes(world, 61)
    assert len(sent) == 1
    assert "The tick passes over export 'a-broken': " in caplog.text


@pytest.mark.parametrize(
    "broken", [{}, {"last_slot": None}, {"last_slot": "yesterday"}, {"last_slot": "2026-11-23T04:00:00"}]
)
async def test_a_broken_note_of_the_last_slot_does_not_stop_the_others(
    broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    world = world_of()
    world.put_export(id="another", schedule=HOURLY)
    world.documents.put("schedules/another.json", broken)
    assert len(await minutes(world, 61)) == 1
    assert re.search(r"'schedules/another.json' is damaged \(\w+\); mend it or delete it\.", caplog.text)


async def test_an_export_under_another_name_than_its_id_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    world.documents.put("exports/copy.json", world.documents.value("exports/vip.json"))
    assert len(await minutes(world, 61)) == 1
    assert "passes over export 'copy': The id in the document of export 'copy' is 'vip'" in caplog.text


async def test_what_nobody_foresaw_of_one_export_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    world = world_of()
    world.put_export(id="another", schedule=HOURLY)
    world.documents.faults.fail("get", "schedules/another.json", error=OverflowError(), times=1_000)
    assert len(await minutes(world, 61)) == 1
    assert "The tick passes over export 'another'; look at its documents." in caplog.text


async def test_a_slot_that_was_missed_while_the_export_was_disabled_does_not_run() -> None:
    world = world_of()
    await world.tick()
    world.put_export(schedule=HOURLY, enabled=False)
    await minutes(world, 125)
    assert world.documents.faults.count("delete", "schedules/vip.json") == 1  # not one a minute
    world.put_export(schedule=HOURLY)
    await minutes(world, 55)
    assert starts(world) == []
    await minutes(world, 5)
    assert starts(world) == [START + timedelta(hours=3)]


async def test_a_slot_that_comes_while_a_run_is_active_is_skipped_and_says_why() -> None:
    world = world_of()
    await world.tick()
    first = await world.start()
    await world.clock.advance(3600)
    assert await world.tick() == [first]  # the tick has not heard of it for long
    *_, skipped = world.all_runs()
    assert (skipped.status, skipped.trigger, skipped.ended_at) == (RunStatus.SKIPPED, "schedule", world.clock.now())
    assert skipped.ending is not None
    assert skipped.ending.reason == "previous_run_active"
    assert "had not ended when this one was due" in skipped.ending.detail
    assert world.documents.value(f"runs/vip/{skipped.id}/run.json")["error"]["reason"] == "previous_run_active"

    await world.go(first)
    await world.clock.advance(3600)
    (wake_up,) = await world.tick()
    assert world.run(wake_up).status is RunStatus.QUEUED


async def test_a_marker_that_an_ended_run_left_behind_makes_no_slot_be_skipped() -> None:
    world = world_of()
    await world.tick()
    run = await world.whole_run()
    await world.store.markers.insert(Marker("vip", run.id, "http", run.created_at))
    await world.clock.advance(3600)
    due, ended = await world.tick()
    assert ended == WakeUp("vip", run.id)
    assert world.run(due).status is RunStatus.QUEUED


async def test_a_day_of_ticks_makes_a_run_for_each_slot_and_each_sees_its_end() -> None:
    world = world_of()
    world.sink.sweeps_to_end = 30
    for _ in range(24 * 60):
        for wake_up in await world.tick():
            await world.leg(wake_up)
        await world.clock.advance(max(0, 60 - world.clock.monotonic() % 60))
    runs = world.all_runs()
    assert len(runs) >= 20
    assert all(run.status is RunStatus.SUCCEEDED for run in runs[:-1])
    assert [run.id for run in runs] == sorted({run.id for run in runs})
