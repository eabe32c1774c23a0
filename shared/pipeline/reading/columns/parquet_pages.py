"""Reads a Parquet file as pages of rows: the footer, and then of each row group the columns that are wanted."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterator
from contextlib import aclosing
from typing import TypeVar

from shared.domain.rows.parquet.arrow_file import ArrowFile
from shared.domain.rows.parquet.column_types import column_type
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.columns.beside import Fetch, beside_the_loop
from shared.pipeline.reading.columns.chunk_ranges import ChunkRanges, WindowSize
from shared.pipeline.reading.columns.parquet_blob import ParquetBlob
from shared.pipeline.reading.pages import give_turns
from shared.ports import Clock, Ranges

_T = TypeVar("_T")
USUAL_WINDOW = WindowSize()


async def open_parquet(blob: SegmentBlob, *, segments: Ranges, clock: Clock) -> ArrowFile:
    """Return what the footer of *blob* says, for which little more is read than it; raises as `read_parquet`."""
    return await _opened(blob, ParquetBlob(blob, segments), clock)


async def read_parquet(  # noqa: PLR0913 - what is read, how, with what, and who counts
    blob: SegmentBlob,
    columns: Collection[str],
    *,
    segments: Ranges,
    clock: Clock,
    on_bytes: Callable[[int], None] = lambda _size: None,
    window: WindowSize = USUAL_WINDOW,
) -> AsyncGenerator[Page]:
    """Yield the pages of *blob*, with those of *columns* that it has; other columns are not fetched.

    A caller that leaves early closes the generator. *on_bytes* gets the numbers of bytes that were read, when the pages
    of a batch have been taken.
    Raises `SourceChanged`, `ConfigurationError` for a file that cannot be read, `Unavailable`.
    """
    source = ParquetBlob(blob, segments)
    file = await _opened(blob, source, clock)
    wanted = [name for name, kind in file.columns if name in columns and column_type(kind) is not None]
    ranges = ChunkRanges(source.read, await _in_thread(lambda: file.chunks(wanted), clock), window)
    rows, counted = ParquetRows(blob.name), 0
    try:
        batches = beside_the_loop(lambda fetch: file.batches(wanted, fetch), ranges.fetch, clock)
        async with aclosing(batches):
            async for batch in batches:
                for page in rows.pages(batch):
                    yield page
                    await give_turns(clock)
                on_bytes(source.bytes_read - counted)
                counted = source.bytes_read
    finally:
        await ranges.close()
    on_bytes(source.bytes_read - counted)


async def _opened(blob: SegmentBlob, source: ParquetBlob, clock: Clock) -> ArrowFile:
    footer = await source.footer()
    return await _in_thread(lambda: ArrowFile(blob.name, footer, blob.size), clock)


async def _in_thread(work: Callable[[], _T], clock: Clock) -> _T:
    def once(_fetch: Fetch) -> Iterator[_T]:
        yield work()

    async def nothing(_offset: int, _length: int) -> bytes:
        return b""

    async with aclosing(beside_the_loop(once, nothing, clock)) as results:
        return await anext(results)
