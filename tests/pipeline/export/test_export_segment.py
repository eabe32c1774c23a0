"""The spine: order, window, checkpoint and brakes while batches are under way."""

import asyncio
import gc

from shared.domain.batches.batch import Batch
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.rows.file_reader import PAGE_ROWS, FileReader
from shared.domain.rows.rows import Page
from shared.domain.runs.run import Checkpoint, Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.export.send_window import READY
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

    async def begin(self, wake_up: WakeUp | None = None) -> WakeUp:
        """Start a run, or the next leg of one, let the leg come to rest, and return the wake-up of the run."""
        wake_up = wake_up or await self.world.start()
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
    world = one_row_a_piece(60, in_flight=3, max_profiles=2)
    wake_up = await world.start()
    world.sink.faults.fail("send", f"{LIST}/3")
    await world.leg(wake_up)  # a leg behind the checkpoint holds nothing back
    assert world.run(wake_up).checkpoint == Checkpoint(row=4, batches=2)
    others = batches_alive()
    made, read = len(world.sink.made), world.segments.faults.count("read")
    stalled = Stalled(world, 3)
    await stalled.begin(wake_up)

    assert [job.batch for job in world.sink.made[made:]] == [4, 5]
    assert world.run(wake_up).checkpoint == Checkpoint(row=4, batches=2)
    alive = [batch.number for key, batch in batches_alive().items() if key not in others]
    assert sorted(alive) == [3, 4, 5, 6]  # three in the window, one before its door
    assert world.segments.faults.count("read") - read == 4 + 4 * 2 + 1

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


async def test_few_batches_wait_for_their_turn_however_large_the_window_is() -> None:
    world = one_row_a_piece(60, in_flight=20, max_profiles=2)
    gate = asyncio.Event()

    async def held() -> None:
        await gate.wait()

    for number in range(1, 31):
        world.sink.faults.when("turn", f"{LIST}/{number}", held)
    leg = asyncio.create_task(world.leg(await world.start()))
    await world.clock.advance(3)
    assert world.sink.faults.count("turn") == READY
    gate.set()
    await leg
    assert len(world.sink.made) == 30


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
