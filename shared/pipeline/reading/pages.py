"""Reads a blob as pages of rows, a few MiB of the blob in memory at a time."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import SegmentBlob
from shared.ports import Clock, Segments

SLICE_BYTES = 256 * 1024
"""So many stored bytes are read at once; how far a run has come is known to a slice."""
TURNS_A_PAGE = 4
"""After a page every other task of the event loop can run so many times.

Each time, a download or a request moves on by at most 256 KiB. With fewer times, both would be slower than the rows.
"""


async def read_pages(
    blob: SegmentBlob,
    reader: FileReader,
    *,
    segments: Segments,
    clock: Clock,
    on_bytes: Callable[[int], None] = lambda _size: None,
) -> AsyncGenerator[Page]:
    """Yield the pages of *blob*; after each page the other tasks of the event loop can run.

    A caller that leaves early closes the generator. *on_bytes* gets the number of stored bytes of each
    slice when the pages that it completes have been taken.
    Raises `SourceChanged`, `ConfigurationError` for a file that cannot be read at all, `Unavailable`.
    """
    async with aclosing(segments.read(blob)) as chunks:
        async for chunk in chunks:
            for start in range(0, len(chunk), SLICE_BYTES):
                piece = chunk[start : start + SLICE_BYTES]
                for page in reader.feed(piece):
                    yield page
                    await give_turns(clock)
                on_bytes(len(piece))
    for page in reader.close():
        yield page
        await give_turns(clock)


async def give_turns(clock: Clock) -> None:
    """Let all other tasks of the event loop run, after a page of rows."""
    for _ in range(TURNS_A_PAGE):
        await clock.sleep(0)
