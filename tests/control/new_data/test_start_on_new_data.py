"""New data starts an export, once for each state of its segments."""

import asyncio

from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus
from shared.store.paths import run_path, served_path
from tests.builders import checked
from tests.control.new_data.waiting import (
    AFTER_TWO_LOOKS,
    DAY_BEFORE,
    TODAY,
    finish,
    minutes,
    started,
    tick,
    waiting_world,
    write,
)
from tests.pipeline.leg.stops import cancel, cancelled_after_its_first_batch


async def test_new_data_starts_one_run_and_no_second_one() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    await minutes(world, 60)
    (run,) = started(world)
    assert (checked(run).status, run.tally.accepted) == (RunStatus.SUCCEEDED, 5)
    write(world, "vip/2.ndjson", first=6)
    await world.clock.advance(60)
    finish(world)
    await minutes(world, 60)
    assert [run.tally.accepted for run in started(world)] == [5, 10]


async def test_what_is_only_quiet_must_be_the_same_in_two_looks_so_far_apart() -> None:
    world = waiting_world()
    write(world, ago=600)  # a file that was renamed keeps its old time
    await minutes(world, 9)
    assert started(world) == []
    write(world, "vip/2.ndjson", first=6, ago=600)
    await minutes(world, 10)
    assert started(world) == []
    await minutes(world, 6)
    assert [run.tally.accepted for run in started(world)] == [10]


async def test_a_newer_dated_folder_starts_a_run_once_it_is_complete() -> None:
    world = waiting_world()
    write(world, f"{DAY_BEFORE}/vip_1.csv", ago=600)
    await minutes(world, AFTER_TWO_LOOKS)
    assert len(started(world)) == 1
    write(world, f"{TODAY}/vip_1.csv", first=50)
    world.segments.put(f"{TODAY}/_temporary/0/vip_2.csv", b"")
    await minutes(world, 60)
    assert len(started(world)) == 1
    world.segments.remove(f"{TODAY}/_temporary/0/vip_2.csv")
    await minutes(world, AFTER_TWO_LOOKS)
    assert [run.status for run in started(world)] == [RunStatus.SUCCEEDED] * 2


async def test_an_older_folder_starts_nothing_when_the_newest_one_is_gone() -> None:
    world = waiting_world()
    write(world, f"{TODAY}/vip_1.csv", ago=600)
    await minutes(world, AFTER_TWO_LOOKS)
    world.segments.remove(f"{TODAY}/vip_1.csv")
    write(world, f"{DAY_BEFORE}/vip_1.csv", ago=600)
    await minutes(world, 60)
    assert len(started(world)) == 1


async def test_a_state_that_comes_back_starts_nothing() -> None:
    world = waiting_world()
    write(world, ago=600)
    await minutes(world, AFTER_TWO_LOOKS)
    write(world, "vip/2.ndjson", first=6, ago=600)
    await minutes(world, AFTER_TWO_LOOKS)
    assert len(started(world)) == 2
    world.segments.remove("vip/2.ndjson")
    await minutes(world, 60)
    assert len(started(world)) == 2


async def test_two_ticks_at_once_start_one_run() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    first, second = await asyncio.gather(tick(world), tick(world))
    assert len(started(world)) == 1
    assert len({*first, *second}) == 1


async def test_a_tick_that_was_cut_off_after_it_had_fixed_the_run_leaves_that_run_to_the_next_tick() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    world.documents.faults.fail("insert", "active/vip.json", error=Unavailable("The storage is away."))
    await tick(world)
    wanted = world.documents.value(served_path("vip"))["wanted"]["run_id"]
    assert started(world) == []
    await minutes(world, 1)
    assert [run.id for run in started(world)] == [wanted]


async def test_a_run_that_failed_before_the_tick_could_note_it_is_not_made_again() -> None:
    world = waiting_world(mapping={"email": "NoSuchColumn"})
    write(world)
    finish(world)

    async def storage_fails() -> None:
        world.documents.faults.fail("*", served_path("vip"), error=Unavailable("The storage is away."))

    world.documents.faults.when("insert", "runs/vip/*", storage_fails, after=True)
    await tick(world)
    (run,) = started(world)
    await world.leg(run.wake_up)
    await minutes(world, 60)
    assert [run.status for run in started(world)] == [RunStatus.FAILED]


async def test_a_state_waits_while_a_run_is_at_work() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    await minutes(world, 6, is_idle=True)
    (first,) = started(world)
    write(world, "vip/2.ndjson", first=6)
    await world.leg(first.wake_up)  # it reads what is there when it is planned
    write(world, "vip/3.ndjson", first=50)
    finish(world)
    await minutes(world, 60)
    assert [checked(run).tally.accepted for run in started(world)] == [10, 15]


async def test_a_run_by_hand_that_has_read_the_state_serves_it() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    await world.whole_run()
    await minutes(world, 60)
    assert started(world) == []


async def test_a_trial_of_a_few_rows_serves_nothing() -> None:
    world = waiting_world()
    write(world)
    finish(world)
    await world.go(await world.start(limit=2))
    await minutes(world, 10)
    assert [run.tally.accepted for run in started(world)] == [5]


async def test_a_run_that_failed_serves_so_that_it_is_not_repeated() -> None:
    world = waiting_world(mapping={"email": "NoSuchColumn"})
    write(world)
    finish(world)
    await minutes(world, 60)
    (run,) = started(world)
    assert run.status is RunStatus.FAILED
    await world.documents.delete(run_path("vip", run.id))  # its time has come
    await minutes(world, 60)
    assert started(world) == []


async def test_a_run_by_hand_that_was_cancelled_serves_nothing_and_one_of_new_data_is_not_made_again() -> None:
    world = waiting_world()
    write(world, count=30)
    finish(world)
    by_hand = await cancelled_after_its_first_batch(world)
    assert by_hand.status is RunStatus.CANCELLED
    await minutes(world, 1, is_idle=True)
    (run,) = started(world)
    await cancel(world, run.wake_up)
    await minutes(world, 60)
    assert [run.status for run in started(world)] == [RunStatus.CANCELLED]
