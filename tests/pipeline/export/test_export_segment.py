"""The spine: order, window, checkpoint and brakes while batches are under way."""

import asyncio
import gc
from datetime import timedelta

import pytest

from shared.domain.batches.batch import Batch
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.rows.file_reader import PAGE_ROWS, FileReader
from shared.domain.rows.rows import Page
from shared.domain.runs.run import Checkpoint, Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.reading.pages import TURNS_A_PAGE, read_pages
from shared.pipeline.reading.segment_files import list_files
from tests.builders import World, checked, ndjson, people
from tests.domain.rows.feeding import dialect_by_name
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments
from tests.fakes.sink import LIST

ONE_ROW = len(ndjson(people(1, first=10)))


def one_row_a_piece(count: int, **world: object) -> World:
    """Return a world whose segment is read one row at a time."""
    segments = MemorySegments({"vip/1.ndjson": ndjson(people(count, first=10))}, piece_bytes=ONE_ROW)
    return World(segments=segments, **world)  # type: ignore[arg-type]  # whatever a test says


class Stalled:
    """A leg under way, of which the batches *numbers* are held up until `let_go`."""

    def __init__(self, world: World, *numbers: int) -> None:
        self.world = world
        self.gate = asyncio.Event()
        for number in numbers:
            world.sink.faults.when("send", f"{LIST}/{number}", self.wait)

    async def wait(self) -> None:
        await self.gate.wait()

    async def begin(self) -> WakeUp:
        """Start a run, let its leg come to rest, and return its wake-up."""
        wake_up = await self.world.start()
        self.leg = asyncio.create_task(self.world.leg(wake_up))
        await self.world.clock.advance(3)
        return wake_up

    async def let_go(self) -> None:
        self.gate.set()
        await self.leg


def batches_alive() -> dict[int, Batch]:
    """Return every batch that there is in this process, by identity; other tests may have left some."""
    gc.collect()
    return {id(each): each for each in gc.get_objects() if isinstance(each, Batch)}


async def test_while_the_first_batch_stalls_others_do_not_pile_up() -> None:
    others = batches_alive()
    world = one_row_a_piece(60, in_flight=3, max_profiles=2)
    stalled = Stalled(world, 1)
    wake_up = await stalled.begin()

    assert [job.batch for job in world.sink.made] == [2, 3]
    assert world.run(wake_up).checkpoint == Checkpoint()
    alive = [batch.number for key, batch in batches_alive().items() if key not in others]
    assert sorted(alive) == [1, 2, 3, 4]  # three in the window, one before its door
    rows_read = world.segments.faults.count("read") - 60  # before that the top of the file was read
    assert rows_read == 4 * 2 + 1

    await stalled.let_go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))
    assert world.sink.most_in_flight <= 3


async def test_the_checkpoint_moves_over_the_contiguous_part_only() -> None:
    world = one_row_a_piece(16, in_flight=6, max_profiles=2)
    stalled = Stalled(world, 3)
    wake_up = await stalled.begin()
    assert [job.batch for job in world.sink.made] == [1, 2, 4, 5, 6, 7, 8]
    run = checked(world.run(wake_up))
    assert run.checkpoint == Checkpoint(row=4, batches=2)
    assert (run.tally, run.jobs.submitted) == (Tally(read=4, accepted=4), 2)
    await stalled.let_go()
    run = checked(world.run(wake_up))
    assert (run.checkpoint, run.jobs.submitted) == (Checkpoint(row=16, batches=8), 8)


async def test_batches_accepted_in_reverse_are_saved_in_order_and_all_at_once() -> None:
    world = one_row_a_piece(8, in_flight=4, max_profiles=2)
    world.sink.seconds = lambda batch: 100.0 - batch.number
    run = checked(await world.whole_run())
    assert run.checkpoint == Checkpoint(row=8, batches=4)
    assert run.parts == {"1": 1}
    receipts = world.documents.lines(f"runs/vip/{run.id}/parts/1-1.ndjson")
    assert [line["receipt"]["rows"] for line in receipts] == [[["vip/1.ndjson", n, n + 1]] for n in (1, 3, 5, 7)]


async def test_the_window_is_used_to_the_full() -> None:
    world = one_row_a_piece(40, in_flight=5, max_profiles=2)
    world.sink.seconds = lambda _batch: 1.0
    await world.whole_run()
    assert world.sink.most_in_flight == 5
    assert world.clock.monotonic() == 20 / 5


async def test_after_each_page_everybody_else_gets_a_turn() -> None:
    clock = FakeClock()
    body = ndjson(people(3 * PAGE_ROWS + 1)).removesuffix(b"\n")
    segments = MemorySegments({"vip/1.ndjson": body}, piece_bytes=len(body))
    blob = ((await list_files("vip", segments)).data)[0]
    turns = []
    async for page in read_pages(
        blob, FileReader(blob.name, dialect_by_name(blob.name)), segments=segments, clock=clock
    ):
        turns.append(clock.slept.count(0))
        assert len(page.rows) <= PAGE_ROWS
    assert turns == [TURNS_A_PAGE * page for page in range(len(turns))]
    assert clock.slept == [0] * (TURNS_A_PAGE * len(turns))
    assert len(turns) >= 4


async def test_while_rows_are_worked_on_nothing_of_earlier_pages_stays() -> None:
    world = World({"vip/1.ndjson": ndjson(people(12 * PAGE_ROWS))}, in_flight=2, max_profiles=2 * PAGE_ROWS)
    counted: list[int] = []

    async def count() -> None:
        gc.collect()
        counted.append(sum(isinstance(each, Page | SortedPage) for each in gc.get_objects()))

    for number in range(1, 7):
        world.sink.faults.when("send", f"*/{number}", count)
    await world.whole_run()
    assert len(counted) == 6
    assert max(counted) <= 4


REJECTED = {"EMail": "nobody"}


def mixed(good: int, bad: int, *, first: int = 1) -> bytes:
    return ndjson([*people(good, first=first), *[REJECTED] * bad])


@pytest.mark.parametrize(("good", "bad", "stops"), [(5_000, 5_000, False), (4_999, 5_001, True), (1, 9_998, False)])
async def test_the_share_of_rejected_rows_is_judged_from_10_000_rows_on(good: int, bad: int, *, stops: bool) -> None:
    world = World({"vip/1.ndjson": mixed(good, bad)})
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
        "The run was stopped: 5,001 of the first 10,000 rows were rejected, more than max_rejected_share = 0.5 allows."
        " Reasons since the run was last taken up: email_invalid 5,001."
        " Nothing more was sent; mend the segment or the limits."
    )


async def test_the_share_of_rejected_rows_is_judged_all_along() -> None:
    limits = {"max_rejected_share": 0.1}
    body = mixed(12_000, 3_000)
    world = World({"vip/1.ndjson": body}, export={"limits": limits}, max_profiles=1_000)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.tally == Tally(read=11_000, accepted=11_000)
    assert len(world.sink.made) == 11
    assert run.jobs.ended == 11


async def test_rows_that_klaviyo_refuses_count_for_the_share_and_stop_the_batch_that_waits() -> None:
    limits = {"max_rejected_share": 0.05}
    world = World({"vip/1.ndjson": ndjson(people(20_000))}, in_flight=1, max_profiles=1_000, export={"limits": limits})
    world.sink.seconds = lambda _batch: 1.0
    world.sink.refuse("p8[0-9][0-9][0-9]@*")  # one in the eighth batch, the others in the ninth
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert "1,000 of the first 10," in run.ending.detail
    assert "Reasons since the run was last taken up: invalid 1,000." in run.ending.detail
    assert run.tally == Tally(read=9_000, accepted=8_000, rejected=1_000)
    assert world.sink.faults.calls["send"] == 9  # the tenth batch was cut before the ninth was refused
    assert len(world.rejections(run)) == 1_000


async def test_a_segment_of_bad_rows_only_is_not_read_to_its_end() -> None:
    segments = MemorySegments({"vip/1.ndjson": mixed(0, 50_000)}, piece_bytes=10_000)
    world = World(segments=segments)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.tally.read == run.tally.rejected == len(world.rejections(run))
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
    world = one_row_a_piece(90, in_flight=1, max_profiles=10, export={"limits": {"max_rows": 85}})
    wake_up = await world.start()
    world.sink.faults.fail("send", "*/5")
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint == Checkpoint(row=40, batches=4)
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=80, accepted=80))
    assert world.clock.monotonic() >= timedelta(minutes=1).total_seconds()


async def test_rows_that_cannot_be_told_apart_are_rejected_and_the_run_fails_with_what_was_sent() -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, in_flight=1, max_profiles=10, extra_requests=65)
    world.sink.refuse("p15@*")
    run: Run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "not_isolated"
    assert run.tally == Tally(read=20, accepted=10, rejected=10)
    reasons = [line["reason"] for line in world.rejections(run)]
    assert sorted(reasons) == ["invalid", *["not_isolated"] * 9]
    assert run.isolation_requests == 64


async def test_extra_requests_for_a_batch_that_broke_off_count_as_well() -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, in_flight=1, max_profiles=10, extra_requests=60)
    world.sink.refuse("p15@*")
    world.sink.faults.fail("send", "*/2", after=True, times=20)
    wake_up = await world.start()
    for leg in range(1, 17):
        await world.leg(wake_up)
        assert world.run(wake_up).isolation_requests == leg * 60
    await world.leg(wake_up)
    assert world.run(wake_up).isolation_requests == 1_000
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.ending and run.ending.reason, run.isolation_requests) == ("not_isolated", 1_000)


async def test_the_extra_requests_of_a_run_are_counted_over_its_legs_and_have_an_end() -> None:
    world = World({"vip/1.ndjson": ndjson(people(200))}, in_flight=1, max_profiles=10, extra_requests=60)
    world.sink.refuse("p*5@*")
    world.sink.faults.fail("send", "*/9")
    wake_up = await world.start()
    await world.leg(wake_up)
    assert world.run(wake_up).isolation_requests == 8 * 60
    await world.go()
    run = checked(world.run(wake_up))
    assert run.isolation_requests == 1_000
    assert run.ending is not None
    assert run.ending.reason == "not_isolated"
    assert run.tally == Tally(read=170, accepted=16 * 9, rejected=16 + 10)
