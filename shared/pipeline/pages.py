"""Reads a blob as pages of rows, a few MiB of it in memory at a time."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from shared.domain.formats import BlobRows
from shared.domain.plan import SegmentBlob
from shared.domain.rows import Page
from shared.ports import Clock, Segments


async def read_pages(
    blob: SegmentBlob,
    reader: BlobRows,
    *,
    segments: Segments,
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
                await clock.sleep(0)
    for page in reader.close():
        yield page
        await clock.sleep(0)
