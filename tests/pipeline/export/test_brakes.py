"""The brake: nothing is sent before the first rows were judged, and nothing more after a limit was passed."""

from datetime import timedelta

import pytest

from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.runs.run import Braked, Checkpoint, RunStatus, Tally
from tests.builders import World, checked, ndjson, people
from tests.fakes.segments import MemorySegments
from tests.fakes.sink import LIST
from tests.pipeline.export.test_export_segment import one_row_a_piece

REJECTED = {"EMail": "nobody"}


def mixed(good: int, bad: int, *, first: int = 1) -> bytes:
    return ndjson([*people(good, first=first), *[REJECTED] * bad])


@pytest.mark.parametrize(
    ("good", "bad", "stops"), [(5_000, 5_000, False), (4_999, 5_001, True), (2, 2, False), (1, 2, True)]
)
async def test_the_share_of_rejected_rows_is_judged_at_10_000_rows_or_at_the_end_of_a_smaller_source(
    good: int, bad: int, *, stops: bool
) -> None:
    world = World({"vip/1.ndjson": mixed(good, bad)}, max_profiles=1_000)
    run = checked(await world.whole_run())
    if not stops:
        assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(good + bad, accepted=good, rejected=bad))
        return
    assert run.status is RunStatus.FAILED
    assert run.tally == Tally()
    assert world.sink.made == []
    assert run.ending is not None
    assert run.ending.reason == "limit_reached"
    assert run.ending.detail == (
        f"The run was stopped: {bad:,} of the first {good + bad:,} rows were rejected, more than "
        f"max_rejected_share = 0.5 allows. Reasons: email_invalid {bad:,}."
        " Nothing was sent; mend the segment or the limits."
    )
    assert run.brake == Braked(judged=good + bad, rejected=bad, reasons={"email_invalid": bad})
    sample = world.rejections(run)
    assert {line["counted"] for line in sample} == {False}
    assert [line["row"] for line in sample] == list(range(good + bad + 1 - min(bad, 1_000), good + bad + 1))


async def test_the_share_of_rejected_rows_is_judged_all_along() -> None:
    limits = {"max_rejected_share": 0.1}
    body = mixed(12_000, 3_000)
    world = World({"vip/1.ndjson": body}, export={"limits": limits}, max_profiles=1_000)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.tally == Tally(read=11_000, accepted=11_000)
    assert len(world.sink.made) == 11
    assert run.jobs.ended == 11
    assert run.brake is not None
    assert run.brake.judged > 13_000  # whole pages are judged, and the tally stays at the checkpoint
    lines = world.rejections(run)
    assert len(lines) == 1_000
    assert {(line["counted"], line["row"] > 12_000) for line in lines} == {(False, True)}


async def test_of_rejections_before_and_behind_the_checkpoint_each_is_named_once() -> None:
    body = mixed(9_000, 900) + ndjson(people(1_100, first=20_000)) + mixed(0, 1_200)
    world = World({"vip/1.ndjson": body}, export={"limits": {"max_rejected_share": 0.1}}, max_profiles=1_000)
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=9_900, accepted=9_000, rejected=900))
    lines = world.rejections(run)
    assert [line["row"] for line in lines if line["counted"]] == list(range(9_001, 9_901))
    assert all(line["row"] > 11_000 for line in lines if not line["counted"])
    assert len(lines) > 900


async def test_nothing_is_sent_before_the_first_rows_are_judged() -> None:
    world = one_row_a_piece(10_050, max_profiles=1_000)
    reads = list[int]()
    world.sink.faults.when("send", f"{LIST}/1", lambda: note(reads, world))
    run = checked(await world.whole_run())
    assert run.status is RunStatus.SUCCEEDED
    assert reads[0] >= 10_000


async def note(reads: list[int], world: World) -> None:
    reads.append(world.segments.faults.count("read"))


async def test_a_source_that_is_large_in_bytes_is_sent_once_16_mb_wait() -> None:
    rows = [{**each, "FirstName": "x" * 40_000} for each in people(900)]
    world = World({"vip/1.ndjson": ndjson([*rows, *[REJECTED] * 2_000])}, max_profiles=100)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.brake is not None
    assert run.brake.judged < 10_000
    assert run.tally.accepted >= 400  # so many rows had left before the rest was judged
    assert run.tally.rejected == 0


async def test_a_leg_whose_time_is_up_judges_what_it_has_read_and_sends_it() -> None:
    world = one_row_a_piece(40, in_flight=1, max_profiles=2, budget_seconds=0)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint.row > 0
    await world.go(world.run(wake_up).wake_up)
    assert checked(world.run(wake_up)).tally == Tally(read=40, accepted=40)


async def test_fewer_rows_than_min_rows_fail_the_run_before_anything_is_sent() -> None:
    for rows, status in ((50, RunStatus.SUCCEEDED), (49, RunStatus.FAILED), (0, RunStatus.FAILED)):
        world = World({"vip/1.ndjson": ndjson(people(rows))}, export={"limits": {"min_rows": 50}}, max_profiles=10)
        run = checked(await world.whole_run())
        assert run.status is status
        if status is RunStatus.FAILED:
            assert world.sink.made == []
            assert run.ending is not None
            assert (run.ending.reason, run.ending.code) == ("limit_reached", "too_few_rows")
            assert run.ending.detail == (
                f"The run was stopped: the segments have {rows:,} rows, fewer than min_rows = 50. "
                "Nothing was sent; mend the segment or the limits."
            )


async def test_a_large_source_with_too_few_rows_fails_at_its_end() -> None:
    limits = {"min_rows": 12_000}
    world = World({"vip/1.ndjson": ndjson(people(11_500))}, export={"limits": limits}, max_profiles=1_000)
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=11_000, accepted=11_000))
    assert run.brake == Braked(judged=11_500)


async def test_a_run_of_the_first_rows_only_is_not_judged_by_min_rows() -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, export={"limits": {"min_rows": 50}})
    wake_up = await world.start(limit=20)
    await world.go(wake_up)
    assert world.run(wake_up).status is RunStatus.SUCCEEDED
    wake_up = await world.start(limit=40)  # all 30 rows are read
    await world.go(wake_up)
    assert world.run(wake_up).status is RunStatus.FAILED


async def test_a_leg_that_dies_while_the_brake_stops_the_run_leaves_one_sample() -> None:
    world = World({"vip/1.ndjson": mixed(1, 30)})
    wake_up = await world.start()
    world.documents.faults.fail("replace", "*/run.json", skip=2)
    await world.go(wake_up)
    assert len(world.documents.paths(f"runs/vip/{wake_up.run_id}/parts/")) == 2
    run = checked(world.run(wake_up))
    assert (run.status, run.ending and run.ending.code) == (RunStatus.FAILED, "too_many_rejected")
    assert [line["row"] for line in world.rejections(run)] == list(range(2, 32))


async def test_rows_that_klaviyo_refuses_count_for_the_share_and_stop_the_batch_that_waits() -> None:
    limits = {"max_rejected_share": 0.05}
    world = World({"vip/1.ndjson": ndjson(people(20_000))}, in_flight=1, max_profiles=1_000, export={"limits": limits})
    world.sink.seconds = lambda _batch: 1.0
    world.sink.refuse("p8[0-9][0-9][0-9]@*")  # one in the eighth batch, the others in the ninth
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert "1,000 of the first 10," in run.ending.detail
    assert "Reasons: invalid 1,000." in run.ending.detail
    assert run.tally == Tally(read=9_000, accepted=8_000, rejected=1_000)
    assert world.sink.faults.calls["send"] == 9  # the tenth batch was cut before the ninth was refused
    assert len(world.rejections(run)) == 1_000


async def test_a_segment_of_bad_rows_only_is_not_read_to_its_end() -> None:
    segments = MemorySegments({"vip/1.ndjson": mixed(0, 50_000)}, piece_bytes=10_000)
    world = World(segments=segments)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert (run.tally, len(world.rejections(run))) == (Tally(), 1_000)
    rows_a_piece = 10_000 // len(ndjson([REJECTED]))
    before = TOP_BYTES // 10_000 + 1  # to find out how the file is written
    assert segments.faults.count("read") - before <= 2 * (10_000 // rows_a_piece + 2)  # once to look for columns


async def test_rejections_of_an_earlier_leg_count_for_the_share() -> None:
    limits = {"max_rejected_share": 0.2}
    body = mixed(0, 2_000) + ndjson(people(9_000)) + mixed(0, 500)
    world = World({"vip/1.ndjson": body}, in_flight=1, max_profiles=1_000, export={"limits": limits})
    wake_up = await world.start()
    world.sink.faults.fail("send", "*/5")
    await world.leg(wake_up)
    assert world.run(wake_up).tally == Tally(read=6_000, accepted=4_000, rejected=2_000)
    await world.go()
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "limit_reached"


@pytest.mark.parametrize(("rows", "status"), [(50, RunStatus.SUCCEEDED), (51, RunStatus.FAILED)])
async def test_a_run_stops_when_there_are_more_rows_than_max_rows(rows: int, status: RunStatus) -> None:
    world = World({"vip/1.ndjson": ndjson(people(rows))}, export={"limits": {"max_rows": 50}})
    run = checked(await world.whole_run())
    assert run.status is status
    if status is RunStatus.FAILED:
        assert world.sink.made == []
        assert run.ending is not None
        assert "the segments have more than max_rows = 50 rows" in run.ending.detail


async def test_limits_go_by_all_legs_of_a_run() -> None:
    limits = {"max_rows": 25_500}
    world = World({"vip/1.ndjson": ndjson(people(30_000))}, in_flight=1, max_profiles=1_000, export={"limits": limits})
    wake_up = await world.start()
    world.sink.faults.fail("send", "*/5")
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint == Checkpoint(row=4_000, batches=4)
    await world.go()
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.FAILED
    assert 22_000 < run.tally.accepted == run.tally.read <= 25_000
    assert world.clock.monotonic() >= timedelta(minutes=1).total_seconds()
