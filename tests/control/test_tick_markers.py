"""The tick wakes the runs that have not ended, by their markers, however broken one of them is."""

import asyncio
import logging
from datetime import timedelta

import pytest

from shared.control.tick import MAX_FAILURES, ON_ITS_WAY
from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus
from shared.store.paths import marker_path
from shared.store.run_markers import Marker
from tests.builders import World, ndjson, people
from tests.control.ticking import HOURLY, minutes, world_of
from tests.fakes.clock import START


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
    await world.clock.advance(ON_ITS_WAY.total_seconds())
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
    await world.clock.advance(ON_ITS_WAY.total_seconds())
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
    behind = await world.start("another")
    whole = await world.start()
    path = f"runs/another/{broken.run_id}/run.json"
    put_broken(world, path, body)
    await world.clock.advance(3600)
    assert await world.tick() == [behind, whole]
    assert f"The tick passes over run '{broken.run_id}': '{path}' is " in caplog.text
    assert await world.leg(broken) == []  # raised, it would only end up in a poison queue
    assert f"Run {broken.run_id} of export another cannot go on: '{path}' is " in caplog.text
    await world.leg(behind)
    ending = world.run(behind).ending
    assert ending is not None  # else it might overtake the one of which nobody knows how far it is
    assert ending.detail.startswith(f"'{path}' is ")


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
    assert sent == [START + timedelta(minutes=n) for n in range(1, 16)]


async def test_a_request_whose_message_was_lost_is_found() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    wake_up = await world.start()
    sent = await minutes(world, 3)
    assert sent == [(START + timedelta(minutes=n), wake_up) for n in (1, 2)]


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
    assert {wake_up for _, wake_up in sent} == {wake_up}


async def test_a_marker_without_a_run_is_completed() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    marker = Marker("vip", "20261123t055500z-0001", "http", START - ON_ITS_WAY)
    await world.store.markers.insert(marker)
    assert await world.tick() == [marker.wake_up]
    assert world.run(marker.wake_up) == marker.new_run()
    assert world.documents.paths("active/") == [marker_path("vip", marker.run_id)]


async def test_a_run_that_has_ended_and_still_has_its_marker_is_woken_and_a_leg_removes_the_marker() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    run = await world.whole_run()
    await world.store.markers.insert(Marker("vip", run.id, "http", run.created_at))
    await world.clock.advance(ON_ITS_WAY.total_seconds())
    (wake_up,) = await world.tick()
    assert await world.leg(wake_up) == []
    assert world.documents.paths("active/") == []
    assert world.all_runs() == [run]


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


async def test_what_a_tick_has_gathered_is_sent_though_storage_fails_in_its_middle() -> None:
    world = world_of()
    for name in ("a", "b", "z"):
        world.put_export(id=name, schedule=HOURLY)
    await world.tick()
    await world.clock.advance(3600)
    world.documents.faults.fail("replace", "schedules/b.json")
    sent = await world.tick()
    assert {wake_up.export_id for wake_up in sent} == {"a", "vip", "z"}
    assert [wake_up.export_id for wake_up in await world.tick()] == ["b"]


async def test_a_tick_gives_up_on_a_storage_that_fails_again_and_again() -> None:
    world = world_of()
    for number in range(9):
        world.put_export(id=f"export-{number}", schedule=HOURLY)
    world.documents.faults.fail("get", "exports/*", times=99)
    with pytest.raises(Unavailable):
        await world.tick()
    assert world.documents.faults.count("get", "exports/*") == MAX_FAILURES
