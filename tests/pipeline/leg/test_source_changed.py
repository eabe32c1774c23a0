"""A segment that is written anew while a run reads it."""

import json
from typing import Any

from shared.domain.errors import Unavailable
from shared.domain.events import RunEnded
from shared.domain.rows.file_reader import READER_VERSION
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.leg import SOURCE_CHANGED
from shared.store.order.gates import MAX_WAITING
from shared.store.paths import plan_path
from tests.builders import World, checked, csv_file, ndjson, people


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


async def test_a_segment_written_anew_ends_the_run_and_one_fresh_run_follows() -> None:
    world = world_of()
    wake_up = await world.start()
    fresh = ndjson(people(5, first=100))
    world.sink.faults.fail("send", "*/2")
    await world.leg(wake_up)  # a leg behind the checkpoint reads while it sends
    world.sink.faults.when("send", "*/2", lambda: rewrite(world, fresh))
    world.segments._piece_bytes = 200
    messages = await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == SOURCE_CHANGED
    assert messages == [WakeUp("vip", f"{run.id}-again")]
    await world.go(*messages)
    first, second = world.all_runs()
    assert (first.id, second.trigger, second.status) == (run.id, SOURCE_CHANGED, RunStatus.SUCCEEDED)
    assert (first.next_run_id, second.next_run_id) == (second.id, None)
    assert [RunEnded.of(each).next_run for each in (first, second)] == [second.id, ""]
    assert second.tally == Tally(read=5, accepted=5)
    (trail,) = world.documents.paths("audit/")
    line = json.loads(world.documents.blobs[trail])  # nobody pressed a button, and it is told all the same
    assert (line["what"], line["subject"]) == ("run.started", f"exports/vip/runs/{second.id}")
    assert line["by"]["label"] == "The app, because a file changed under the run before"


async def test_a_file_that_is_written_while_the_run_is_planned_is_named_and_one_fresh_run_follows() -> None:
    world = World({"vip/1.csv": csv_file(people(30))}, max_profiles=10)
    world.segments.faults.when("listed", "*", lambda: rewrite(world, csv_file(people(4)), "vip/1.csv"), after=True)
    await world.whole_run()
    first, second = [checked(run) for run in world.all_runs()]
    assert first.ending is not None
    assert (first.ending.reason, "'vip/1.csv'" in first.ending.detail) == (SOURCE_CHANGED, True)
    assert (second.status, second.tally) == (RunStatus.SUCCEEDED, Tally(read=4, accepted=4))


async def rewrite(world: World, body: bytes, name: str = "vip/1.ndjson") -> None:
    world.segments.put(name, body)


async def test_a_file_that_appears_after_the_start_is_no_part_of_the_run() -> None:
    world = world_of(budget_seconds=0)
    world.segments.put("vip/3.ndjson", ndjson(people(10, first=200)))
    wake_up = await world.start()
    messages = await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.EXPORTING
    world.segments.put("vip/2.ndjson", ndjson(people(10, first=100)))
    world.segments.put("vip/4.ndjson", ndjson(people(10, first=300)))
    await world.go(*messages)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=40, accepted=40))
    assert not {"p100@example.com", "p300@example.com"} & set(world.sink.emails())


async def test_a_run_that_was_queued_for_a_change_queues_no_other() -> None:
    world = world_of()
    for _ in range(2):
        world.segments.change("vip/1.ndjson", ndjson(people(3)), after_pieces=1)
    wake_up = await world.start(trigger=SOURCE_CHANGED)
    await world.go(wake_up)
    (run,) = world.all_runs()
    assert (run.status, run.ending and run.ending.reason) == (RunStatus.FAILED, SOURCE_CHANGED)
    assert run.next_run_id is None, "the alert would wait for a run that never comes"


async def test_where_ten_runs_wait_already_the_first_of_them_follows() -> None:
    world = world_of()
    world.segments.change("vip/1.ndjson", ndjson(people(3)), after_pieces=1)
    wake_up, following = [await world.start() for _ in range(MAX_WAITING + 1)][:2]
    assert await world.leg(wake_up) == [following]
    assert world.run(wake_up).next_run_id == following.run_id
    assert len(world.all_runs()) == MAX_WAITING + 1


async def test_a_leg_that_dies_while_it_queues_the_fresh_run_makes_no_second_one() -> None:
    world = world_of()
    world.segments.change("vip/1.ndjson", ndjson(people(3)), after_pieces=1)
    world.documents.faults.when("insert", "*-again/run.json", lambda: lose_next_save(world), after=True)
    wake_up = await world.start()
    await world.go(wake_up)
    first, second = world.all_runs()
    assert (first.status, second.status) == (RunStatus.FAILED, RunStatus.SUCCEEDED)


async def lose_next_save(world: World) -> None:
    world.documents.faults.fail("replace", "*/run.json")


async def paused_run(world: World, *, reader: int) -> WakeUp:
    """Let a run pause, and let its plan be one of another version of the reader."""
    wake_up = await world.start()
    assert await world.leg(wake_up)
    path = plan_path(wake_up.export_id, wake_up.run_id)
    world.documents.put(path, {**world.documents.value(path), "reader": reader})
    return wake_up


async def test_a_run_whose_rows_another_reader_has_counted_ends_and_one_fresh_run_follows() -> None:
    world = world_of(budget_seconds=0)
    wake_up = await paused_run(world, reader=READER_VERSION + 1)
    assert world.run(wake_up).checkpoint.row
    await world.go(wake_up)
    first, second = [checked(run) for run in world.all_runs()]
    assert first.ending is not None
    assert (first.status, first.ending.reason, first.ending.code) == (
        RunStatus.FAILED,
        SOURCE_CHANGED,
        "reader_changed",
    )
    assert (second.status, second.tally) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30))


async def test_a_run_that_has_counted_no_row_yet_goes_on_with_the_new_reader() -> None:
    world = world_of()
    world.sink.faults.fail("send", error=Unavailable("Klaviyo is away."))
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint.row == 0
    path = plan_path(wake_up.export_id, wake_up.run_id)
    world.documents.put(path, {**world.documents.value(path), "reader": READER_VERSION + 1})
    await world.go()
    (run,) = [checked(run) for run in world.all_runs()]
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30))
