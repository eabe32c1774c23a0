"""Reads a blob as pages of rows, a few MiB of it in memory at a time."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

from shared.domain.rows.data_files import BlobRows
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import SegmentBlob
from shared.ports import Clock

TURNS_A_PAGE = 4
"""So often everybody else has a turn after a page: what is read ahead and what is sent moves on by a piece of at most
256 KiB each time, and with fewer turns both would be slower than the rows are."""


class Files(Protocol):
    """Files that can be read; the `Segments` port is one."""

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob*."""
        ...


async def read_pages(
    blob: SegmentBlob,
    reader: BlobRows,
    *,
    segments: Files,
    clock: Clock,
    on_bytes: Callable[[int], None] = lambda _size: None,
) -> AsyncGenerator[Page]:
    """Yield the pages of *blob*; after each one the event loop gets a turn.

    Close it when it is left early. *on_bytes* hears how many stored bytes were read.
    Raises `SourceChanged`, `ConfigurationError` for a file that cannot be read at all, `Unavailable`.
    """
    async with aclosing(segments.read(blob)) as chunks:
        async for chunk in chunks:
            on_bytes(len(chunk))
            for page in reader.feed(chunk):
                yield page
                await _give_turns(clock)
    for page in reader.close():
        yield page
        await _give_turns(clock)


async def _give_turns(clock: Clock) -> None:
    for _ in range(TURNS_A_PAGE):
        await clock.sleep(0)
