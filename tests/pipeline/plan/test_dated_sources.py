"""A run over a segment with dated folders: it reads the newest complete one, or waits for one."""

from datetime import UTC, datetime, timedelta

from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run, RunStatus
from shared.pipeline.leg.leg import SOURCE_CHANGED
from shared.pipeline.plan.plan_phase import WAIT_FOR_WRITER
from shared.store.paths import last_sources_path, plan_path
from tests.builders import World, checked, csv_file, people
from tests.fakes.segments import MemorySegments

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD, NEW = "vip/2026/11/27/0600", "vip/2026/11/28/0600"


def world_of(*, half_written: bool = False) -> World:
    """Return a world with two dated folders; the writer of the newer one may be at work."""
    world = World(segments=MemorySegments(piece_bytes=100), max_profiles=10, in_flight=1)
    world.segments.now = NOW
    world.segments.put(f"{OLD}/vip_1.csv", csv_file(people(20)))
    world.segments.put(f"{NEW}/vip_1.csv", csv_file(people(30)))
    world.segments.put(f"{NEW}/vip_2.csv", csv_file(people(5, first=100)))
    if half_written:
        world.segments.put(f"{NEW}/_temporary/0/vip_3.csv", b"")
    return world


def finish(world: World) -> None:
    world.segments.remove(f"{NEW}/_temporary/0/vip_3.csv")


def plan_of(world: World, run: Run) -> Plan:
    return Plan.from_document(world.documents.value(plan_path(run.export_id, run.id)))


async def test_the_newest_dated_folder_is_read_and_the_plan_says_which() -> None:
    world = world_of()
    run = checked(await world.whole_run())
    assert (run.status, run.tally.accepted, run.warnings) == (RunStatus.SUCCEEDED, 35, ())
    plan = plan_of(world, run)
    assert [blob.name for blob in plan.blobs] == [f"{NEW}/vip_1.csv", f"{NEW}/vip_2.csv"]
    (source,) = plan.sources
    assert (source.segment, source.layout, source.state) == ("vip", "dated", "2026/11/28/0600")
    assert source.moment == datetime(2026, 11, 28, 6, tzinfo=UTC)


async def test_a_half_written_folder_is_not_read_and_the_warning_names_it() -> None:
    world = world_of(half_written=True)
    run = checked(await world.whole_run())
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 20)
    assert [warning.code for warning in run.warnings] == ["newer_folder_incomplete"]
    finish(world)
    assert (await world.whole_run()).tally.accepted == 35


async def test_a_run_waits_for_a_folder_that_is_not_older_than_the_last_one_and_goes_on_once_it_is_complete() -> None:
    world = world_of()
    await world.whole_run()
    world.segments.put(f"{NEW}/_temporary/0/vip_3.csv", b"")
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    began = world.clock.now()
    for _ in range(3):
        waiting = world.run(wake_up).waiting
        assert waiting is not None
        assert (waiting.reason, waiting.since) == ("source_incomplete", began)
        assert "'2026/11/28/0600'" in waiting.detail
        assert waiting.next_try - world.clock.now() == WAIT_FOR_WRITER
        await world.clock.advance(WAIT_FOR_WRITER.total_seconds())
        assert await world.tick() == [wake_up]
        await world.leg(wake_up)
    finish(world)
    await world.go(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_a_run_that_has_waited_too_long_fails_with_that_reason() -> None:
    world = world_of()
    await world.whole_run()
    world.segments.put(f"{NEW}/_temporary/0/vip_3.csv", b"")
    wake_up = await world.start()
    await world.leg(wake_up)
    await world.clock.advance(world.resources.source_rules.patience.total_seconds() - 1)
    await world.leg(wake_up)
    assert world.run(wake_up).status is RunStatus.QUEUED
    await world.clock.advance(1)
    await world.leg(wake_up)
    run = checked(world.run(wake_up))
    assert run.ending is not None
    assert (run.status, run.ending.reason, run.ending.code) == (
        RunStatus.FAILED,
        "source_incomplete",
        "source_incomplete_too_long",
    )
    assert "waited for 12 hours" in run.ending.detail


async def test_a_folder_that_vanishes_while_it_is_read_ends_the_run_and_a_fresh_one_follows() -> None:
    world = world_of()

    async def clear_away() -> None:
        world.segments.remove(f"{NEW}/vip_1.csv")
        world.segments.remove(f"{NEW}/vip_2.csv")
        world.segments.put("vip/2026/11/28/1200/vip_1.csv", csv_file(people(7)))

    wake_up = await world.start()
    world.sink.faults.fail("send", "*/2")
    await world.leg(wake_up)  # a leg behind the checkpoint reads while it sends
    world.sink.faults.when("send", "*/2", clear_away)
    await world.go(wake_up)
    first, second = [checked(run) for run in world.all_runs()]
    assert first.ending is not None
    assert (first.ending.reason, second.trigger) == (SOURCE_CHANGED, SOURCE_CHANGED)
    assert (second.status, second.tally.accepted) == (RunStatus.SUCCEEDED, 7)


async def test_a_later_export_of_the_same_name_does_not_inherit_what_was_read_last() -> None:
    world = world_of()
    await world.whole_run()
    assert world.documents.value(last_sources_path("vip"))["segments"] == {"vip": "2026-11-28T06:00:00.000Z"}
    await world.store.forget_export("vip")
    assert world.documents.paths("sources/") == []


async def test_too_few_rows_in_a_dated_folder_fail_the_run_before_anything_is_sent() -> None:
    world = world_of()
    world.put_export(limits={"min_rows": 36})
    run = checked(await world.whole_run())
    assert run.ending is not None
    assert (run.ending.reason, run.ending.code, run.jobs.submitted) == ("limit_reached", "too_few_rows", 0)


async def test_a_source_that_is_too_old_fails_the_run_before_anything_is_sent() -> None:
    world = world_of()
    world.segments.put(f"{NEW}/vip_2.csv", csv_file(people(5, first=100)), modified=NOW - timedelta(hours=24))
    world.put_export(limits={"max_age_hours": 24})
    assert (await world.whole_run()).status is RunStatus.SUCCEEDED
    world.put_export(limits={"max_age_hours": 23.5})
    run = checked(await world.whole_run())
    assert run.ending is not None
    assert (run.ending.reason, run.ending.code, run.jobs.submitted) == ("limit_reached", "source_too_old", 0)
    assert "written 24.0 hours ago" in run.ending.detail
