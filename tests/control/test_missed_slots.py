"""Slots that passed while no tick came are in the history of the export, as one entry."""

from datetime import timedelta

from shared.control.missed_slots import MOST_COUNTED
from shared.domain.runs.run import RunStatus
from tests.control.ticking import told_of_missed, world_of


async def test_slots_that_an_outage_swallowed_are_one_entry_with_their_number_and_times() -> None:
    world = world_of()
    await world.tick()
    await world.clock.advance(timedelta(hours=4, minutes=10).total_seconds())
    (wake_up,) = await world.tick()
    assert world.run(wake_up).status is RunStatus.QUEUED
    begun = world.clock.now() - timedelta(hours=4, minutes=10)
    hour = begun.replace(minute=0)
    first, last = (f"{hour + timedelta(hours=each):%Y-%m-%dT%H:00:00.000Z}" for each in (1, 3))
    assert told_of_missed(world) == [("slots_missed", 3, first, last)]
    assert [run.status for run in world.all_runs()] == [RunStatus.SKIPPED, RunStatus.QUEUED]
    assert [end.run_id for end in await world.store.recent_ends.all()] == [
        run.id for run in world.all_runs() if run.status is RunStatus.SKIPPED
    ], "its end is told again, like every other"
    await world.tick()
    assert len(told_of_missed(world)) == 1


async def test_no_more_slots_than_so_many_are_counted() -> None:
    world = world_of({"cron": "* * * * *", "time_zone": "UTC"})
    await world.tick()
    await world.clock.advance(60 * (MOST_COUNTED + 100))
    await world.tick()
    ((code, count, _, _),) = told_of_missed(world)
    assert (code, count) == ("slots_missed_many", MOST_COUNTED)


async def test_a_slot_whose_run_began_before_the_outage_is_none_that_was_missed() -> None:
    world = world_of()
    await world.tick()
    await world.clock.advance(3600)
    slots = world.documents.value("schedules/vip.json")
    (wake_up,) = await world.tick()
    await world.go(wake_up)
    world.documents.put("schedules/vip.json", slots)  # as a tick leaves it that died before it wrote
    await world.clock.advance(7200)
    await world.tick()
    assert [count for _, count, _, _ in told_of_missed(world)] == [1]


async def test_ticks_in_time_record_nothing() -> None:
    world = world_of()
    for _ in range(3):
        for wake_up in await world.tick():
            await world.go(wake_up)
        await world.clock.advance(3600)
    assert told_of_missed(world) == []
