"""Only the columns that are wanted are fetched, a little ahead, in a thread that ends with its reader."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pyarrow as pa
import pytest

from shared.domain.errors import SourceChanged, Unavailable
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.columns.chunk_ranges import WindowSize
from shared.pipeline.reading.columns.parquet_pages import read_parquet
from shared.wiring import SystemClock
from tests.builders import World, checked
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments
from tests.real_files.parquet.written import parquet_file

NAME = "vip/1.parquet"
ROWS = 40_000
SMALL = WindowSize(total=64 * 1024, least=8 * 1024, most=16 * 1024)


def _body(row_group_size: int = 15_000) -> bytes:
    numbers = range(ROWS)
    wide = {f"other{place}": [number * place / 7 for number in numbers] for place in range(6)}
    mails = [f"p{number}@example.com" for number in numbers]
    texts = [f"{number % 9} of nine" for number in numbers]
    columns = {"EMail": mails, **wide, "FirstName": texts}
    return parquet_file(columns, row_group_size=row_group_size, data_page_size=4_000)


BODY = _body()


def _reading(segments: MemorySegments, clock: Any, **options: Any) -> AsyncGenerator[Page]:
    body, tag = segments._blobs[NAME]
    columns = ("EMail", "FirstName")
    blob = SegmentBlob(NAME, len(body), tag)
    return read_parquet(blob, columns, segments=segments, clock=clock, **options)


def _working() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "beside the loop"]


def _left() -> list[threading.Thread]:
    """Return the threads that go on; those that have done their work are given the time to end."""
    for thread in _working():
        thread.join(10)
    return _working()


@pytest.mark.parametrize("group", [15_000, ROWS])
@pytest.mark.parametrize("window", [SMALL, WindowSize(), WindowSize(least=1_000, most=1_000, is_ahead=False)])
async def test_the_wanted_columns_are_fetched_once_and_little_else(group: int, window: WindowSize) -> None:
    body, counted = _body(group), list[int]()
    segments = MemorySegments({NAME: body})
    names = [
        (row["EMail"], row["FirstName"])
        async for page in _reading(segments, FakeClock(), window=window, on_bytes=counted.append)
        for row in page.rows
        if isinstance(row, dict)
    ]
    assert names == [(f"p{number}@example.com", f"{number % 9} of nine") for number in range(ROWS)]
    chunks = pa.parquet.read_metadata(pa.BufferReader(body))
    share = sum(
        chunks.row_group(number).column(leaf).total_compressed_size
        for number in range(chunks.num_row_groups)
        for leaf in (0, 7)
    )
    fetched = sum(length for _, _, length in segments.ranges)
    assert sum(counted) == fetched
    tail = segments.ranges[0][2]
    assert fetched - tail <= 1.1 * share
    assert share < len(body) / 3


@pytest.mark.parametrize("rows", [1, 300, 3_000, 30_000])
async def test_no_byte_of_a_file_is_read_twice(rows: int) -> None:
    body = parquet_file({"EMail": [f"p{number}@example.com" for number in range(rows)]}, row_group_size=7_000)
    segments = MemorySegments({NAME: body})
    pages = [page async for page in _reading(segments, FakeClock(), window=SMALL)]
    assert sum(len(page.rows) for page in pages) == rows
    places = [place for _, offset, length in segments.ranges for place in range(offset, offset + length)]
    assert len(places) == len(set(places))


async def test_rows_keep_their_numbers_over_pages_and_row_groups() -> None:
    pages = [page async for page in _reading(MemorySegments({NAME: BODY}), FakeClock())]
    assert [page.first_row for page in pages] == [
        1 + sum(len(page.rows) for page in pages[:n]) for n in range(len(pages))
    ]
    assert [list(page.lines) for page in pages][1][:2] == [501, 502]


async def test_who_leaves_early_leaves_no_thread_and_nothing_on_its_way() -> None:
    segments = MemorySegments({NAME: BODY})
    before = asyncio.all_tasks()
    async with aclosing(_reading(segments, SystemClock(), window=SMALL)) as pages:
        await anext(pages)
        assert len(_working()) == 1
    assert (_left(), segments.open_reads, asyncio.all_tasks()) == ([], 0, before)
    assert sum(length for _, _, length in segments.ranges) < len(BODY) / 4


async def test_a_reading_that_is_cancelled_while_bytes_are_on_their_way_leaves_no_thread() -> None:
    segments, held = MemorySegments({NAME: BODY}), asyncio.Event()

    async def hold() -> None:
        held.set()
        await asyncio.sleep(3600)

    segments.faults.when("read", NAME, hold, skip=3)

    async def read_all() -> int:
        async with aclosing(_reading(segments, SystemClock(), window=SMALL)) as pages:
            return len([page async for page in pages])

    reading = asyncio.create_task(read_all())
    await asyncio.wait_for(held.wait(), 30)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (_left(), segments.open_reads) == ([], 0)


@pytest.mark.parametrize("error", [SourceChanged("It was written anew."), Unavailable("No answer.")])
async def test_what_the_storage_says_comes_to_the_reader_as_it_is(error: Exception) -> None:
    segments = MemorySegments({NAME: BODY})

    async def fail() -> None:
        raise error

    segments.faults.when("read", NAME, fail, skip=4)
    with pytest.raises(type(error)) as raised:
        [page async for page in _reading(segments, FakeClock(), window=SMALL)]
    assert raised.value is error
    assert _left() == []


async def test_a_file_that_is_written_again_during_a_run_ends_it_and_a_fresh_run_reads_it() -> None:
    world = World({NAME: BODY}, max_profiles=1_000)
    world.segments.change(NAME, _body(9_000), after_pieces=4)
    first = await world.whole_run()
    assert first.ending is not None
    assert first.ending.reason == "source_changed"
    last = checked(world.all_runs()[-1])
    assert (last.status, last.tally.accepted) == ("succeeded", ROWS)


async def test_a_run_counts_the_bytes_that_it_has_read_and_stops_at_its_limit() -> None:
    world = World({NAME: BODY}, max_profiles=1_000)
    wake_up = await world.start(limit=1_234)
    await world.go(wake_up)
    assert (world.run(wake_up).tally.read, _left()) == (1_234, [])
    whole = await world.whole_run()
    assert 0 < whole.source.bytes_read < whole.source.bytes / 2
    assert whole.source.rows == ROWS
