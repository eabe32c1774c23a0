"""While one batch stalls for minutes, what is read, held and sent stays bounded, however much there is to read."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from shared.domain.batches.batch import Batch
from shared.domain.config.export_limits import JUDGED_FROM_ROWS
from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.rows.rows import Page
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, ndjson, people
from tests.fakes.segments import MemorySegments
from tests.faults.real_klaviyo import IMPORTS, ended_well, good, klaviyo_world, rows

IN_FLIGHT = 4
BATCH = 500
ROWS = 30_000
PIECE_BYTES = 10_000
HELD = JUDGED_FROM_ROWS // BATCH
"""So many batches wait until the first rows are judged; none of later ones does."""
MOST_BATCHES = HELD + 2
"""Those that are held back or in flight, the one that waits to be let in, and the one that is being filled."""


@pytest.fixture(autouse=True)
def only_what_the_test_makes() -> Iterator[None]:
    """Leave what other tests have made out of every count, and out of every search for garbage, which takes long."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def alive(kind: type) -> int:
    """Return how many objects of *kind* the test has made and still holds."""
    gc.collect()
    return sum(isinstance(each, kind) for each in gc.get_objects())


def segment(body: bytes) -> MemorySegments:
    return MemorySegments({"vip/1.ndjson": body}, piece_bytes=PIECE_BYTES)


def top(body: bytes) -> int:
    """Return how much of the file is read before the run, to find out how it is written."""
    return min(len(body), TOP_BYTES)


async def watch(world: World, running: "asyncio.Task[None]", *, seconds: int) -> tuple[int, int, int]:
    """Return the most batches, pages and pieces that were alive or read while *seconds* pass."""
    batches = pages = 0
    for _ in range(0, seconds, 30):
        await world.clock.advance(30.0)
        assert not running.done()
        batches, pages = max(batches, alive(Batch)), max(pages, alive(Page))
    return batches, pages, world.segments.faults.count("read")


@pytest.mark.parametrize("stalled", [1, 5])
async def test_a_batch_that_stalls_lets_no_others_pile_up_behind_it(stalled: int) -> None:
    body = ndjson(people(ROWS))
    world = World(segments=segment(body), max_profiles=BATCH, in_flight=IN_FLIGHT)
    release = asyncio.Event()

    async def stall() -> None:
        await release.wait()

    world.sink.faults.when("send", f"*/{stalled}", stall)
    wake_up = await world.start()
    running = asyncio.create_task(world.go(wake_up))
    batches, pages, pieces = await watch(world, running, seconds=300)
    assert world.sink.faults.count("send") <= stalled + IN_FLIGHT
    assert 0 < batches <= MOST_BATCHES
    assert pages <= 2
    sent = (stalled + MOST_BATCHES) * BATCH * len(body) / ROWS
    assert pieces * PIECE_BYTES <= top(body) + sent + 3 * PIECE_BYTES
    release.set()
    await running
    check_ended(world, wake_up)


def check_ended(world: World, wake_up: WakeUp) -> None:
    run = world.run(wake_up)
    assert run.tally.accepted == ROWS
    assert len(world.sink.emails()) == ROWS
    assert world.sink.most_in_flight <= IN_FLIGHT


async def test_a_klaviyo_that_answers_one_import_after_minutes_lets_no_others_pile_up_behind_it() -> None:
    emails = good(ROWS)
    slow = {"script": ["slow"], "endpoints": [IMPORTS], "slow_seconds": 600.0}
    body = rows(emails)
    async with klaviyo_world(
        {}, segments=segment(body), in_flight=IN_FLIGHT, behaviour=slow, max_profiles=BATCH
    ) as world:
        wake_up = await world.start()
        running = asyncio.create_task(world.go(wake_up))
        batches, pages, pieces = await watch(world, running, seconds=300)
        assert len(world.jobs()) <= IN_FLIGHT
        assert 0 < batches <= MOST_BATCHES
        assert pages <= 2
        assert pieces * PIECE_BYTES <= top(body) + MOST_BATCHES * BATCH * len(body) / ROWS + 3 * PIECE_BYTES
        await running
        ended_well(world.run(wake_up), world, emails)


async def test_a_long_run_holds_no_more_batches_at_its_end_than_at_its_beginning() -> None:
    world = World(segments=segment(ndjson(people(ROWS))), max_profiles=BATCH, in_flight=IN_FLIGHT)
    most = list[int]()

    async def look() -> None:
        most.append(alive(Batch))

    for number in (30, 40, 50, 58):  # those that were held back have gone
        world.sink.faults.when("send", f"*/{number}", look)
    wake_up = await world.start()
    await world.go(wake_up)
    check_ended(world, wake_up)
    assert len(most) == 4
    assert 0 < max(most) <= IN_FLIGHT + 2
