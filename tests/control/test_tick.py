"""The timer's minute, over fakes: what is queued, what is woken, and that twice is as good as once."""

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.control.tick import SILENCE
from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.store.markers import Marker
from shared.store.paths import marker_path
from tests.builders import World, ndjson, people
from tests.fakes.clock import START, FakeClock

SIX_IN_KYIV = {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"}  # 04:00 UTC in winter
HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}


def world_of(schedule: dict[str, str] | None = None, *, clock: FakeClock | None = None, **changes: Any) -> World:
    export = {"schedule": HOURLY if schedule is None else schedule, **changes}
    return World({"vip/1.ndjson": ndjson(people(30))}, export=export, clock=clock, max_profiles=10)


async def minutes(world: World, count: int) -> list[tuple[datetime, WakeUp]]:
    """Let the timer fire *count* times; return what was sent and when; nobody works on it."""
    sent = []
    for _ in range(count):
        sent += [(world.clock.now(), wake_up) for wake_up in await world.tick()]
        await world.clock.advance(60)
    return sent


def starts(world: World) -> list[datetime]:
    return [run.created_at for run in world.all_runs()]


async def test_an_export_is_due_by_its_cron_in_its_time_zone() -> None:
    world = world_of(SIX_IN_KYIV, clock=FakeClock(datetime(2026, 11, 23, 3, 58, tzinfo=UTC)))
    sent = await minutes(world, 4)
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
    (run,) = world.all_runs()
    assert run.created_at == now
    assert wake_up.run_id.startswith(f"{now.replace(minute=0):%Y%m%dt%H%M%Sz}-")


async def test_a_slot_that_was_missed_for_too_long_is_left_out() -> None:
    world = world_of({"cron": "0 8 * * *", "time_zone": "UTC"})
    await world.tick()
    await world.clock.advance(timedelta(hours=14, seconds=1).total_seconds())
    assert await world.tick() == []
    assert world.all_runs() == []
    await minutes(world, 60 * 12 + 1)
    assert starts(world) == [datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)]


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


def put_broken(world: World, path: str, body: bytes) -> None:
    """Write *body* as somebody does who edits a document by hand."""
    world.documents.put(path, {})
    world.documents.blobs[path] = body


BROKEN = [b"{", b"[]", b"{}", b'{"export_id": "vip", "run_id": "x", "trigger": "http", "created_at": "at six"}']


@pytest.mark.parametrize("body", BROKEN)
async def test_a_broken_marker_is_told_of_and_its_run_is_woken_all_the_same(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    world = world_of()
    world.put_export(id="another")
    broken = await world.start("another")
    whole = await world.start()
    path = marker_path("another", broken.run_id)
    put_broken(world, path, body)
    await world.clock.advance(SILENCE.total_seconds())
    assert set(await world.tick()) == {broken, whole}
    assert f"A marker is passed over: '{path}' " in caplog.text
    assert "mend it or delete it. Do not delete it before its run has ended." in caplog.text
    await world.go(broken, whole)
    assert world.run(broken).status is RunStatus.SUCCEEDED
    assert world.documents.paths("active/") == []


@pytest.mark.parametrize("body", BROKEN)
async def test_a_broken_marker_without_a_run_holds_up_nobody(body: bytes) -> None:
    world = world_of()
    put_broken(world, "active/vip/20261123t050000z-0001.json", body)
    put_broken(world, "active/what-is-this.json", body)
    wake_up = await world.start()
    await world.clock.advance(SILENCE.total_seconds())
    assert await world.tick() == [wake_up]
    await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize("body", [*BROKEN, b'{"schema": 1, "id": "x", "export_id": "vip", "status": "strange"}'])
async def test_a_broken_run_is_told_of_and_does_not_stop_the_others(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    world = world_of()
    world.put_export(id="another", schedule=HOURLY)
    await world.tick()
    broken = await world.start("another")
    whole = await world.start()
    path = f"runs/another/{broken.run_id}/run.json"
    put_broken(world, path, body)
    await world.clock.advance(3600)
    assert await world.tick() == [whole]
    assert f"The tick passes over run '{broken.run_id}': '{path}' is " in caplog.text
    assert await world.leg(broken) == []  # raised, it would only end up in a poison queue
    assert f"Run {broken.run_id} of export another cannot go on: '{path}' is " in caplog.text
    again = await world.start("another")
    await world.leg(again)
    ending = world.run(again).ending
    assert ending is not None  # else it might overtake the one of which nobody knows how far it is
    assert ending.detail.startswith(f"'{path}' is ")


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


async def test_a_run_that_waits_is_woken_when_its_time_has_come_and_not_before() -> None:
    world = world_of({"cron": "0 0 1 1 *", "time_zone": "UTC"})
    world.sink.faults.fail("send")
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert await world.tick() == []
    await world.clock.advance(59)
    assert await world.tick() == []
    await world.clock.advance(1)
    assert await world.tick() == [wake_up]
    assert await world.tick() == []  # it was woken; perhaps the message is on its way


async def test_a_wake_up_that_is_lost_is_sent_again() -> None:
    world = world_of({"cron": "0 0 1 1 *", "time_zone": "UTC"})
    world.sink.faults.fail("send")
    wake_up = await world.start()
    await world.leg(wake_up)
    sent = [moment for moment, _ in await minutes(world, 16)]
    assert sent == [START + timedelta(minutes=n) for n in range(1, 16, 2)]


async def test_a_request_whose_message_was_lost_is_found() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    wake_up = await world.start()
    sent = await minutes(world, 3)
    assert sent == [(START + SILENCE, wake_up)]


async def test_a_leg_that_shows_life_is_not_woken_and_one_that_died_is() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    wake_up = await world.start()
    gate = asyncio.Event()
    world.sink.faults.when("send", "*", gate.wait)  # type: ignore[arg-type]  # what it returns does not matter
    leg = asyncio.create_task(world.leg(wake_up))
    assert await minutes(world, 20) == []
    leg.cancel()
    await asyncio.gather(leg, return_exceptions=True)
    sent = await minutes(world, 3)
    assert [wake_up for _, wake_up in sent] == [wake_up]


async def test_a_marker_without_a_run_is_completed() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    marker = Marker("vip", "20261123t055500z-0001", "http", START - SILENCE)
    await world.store.markers.insert(marker)
    assert await world.tick() == [marker.wake_up]
    assert world.run(marker.wake_up) == marker.new_run()
    assert world.documents.paths("active/") == [marker_path("vip", marker.run_id)]


async def test_the_marker_of_a_run_that_has_ended_is_removed() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    run = await world.whole_run()
    await world.store.markers.insert(Marker("vip", run.id, "http", run.created_at))
    assert await world.tick() == []
    assert world.documents.paths("active/") == []
    assert world.all_runs() == [run]


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
    (wake_up,) = await world.tick()
    assert world.run(wake_up).status is RunStatus.QUEUED


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


async def test_storage_that_does_not_answer_is_raised_and_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world = world_of()
    await world.tick()
    await world.clock.advance(3600)
    world.documents.faults.fail("replace", "schedules/*")
    with pytest.raises(Exception, match="lets 'replace' fail"):
        await world.tick()
    (wake_up,) = await world.tick()
    assert len(world.all_runs()) == 1
    await world.go(wake_up)
