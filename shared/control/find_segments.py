"""Finds the folders in which segments lie, a page at a time, and looks into them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.sources.segment_folder import SegmentFolder
from shared.pipeline.reading.segment_sample import sample_segment, shortened
from shared.ports import Clock, Segments

AT_ONCE = 8
PEEK_ROWS = 200
"""Files without a header name their columns row by row."""


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """A folder; *columns* were seen at its beginning, None when nobody looked; *problem* says why it cannot be read."""

    folder: SegmentFolder
    columns: tuple[str, ...] | None = None
    problem: str | None = None


async def find_segments(
    segments: Segments, *, limit: int, after: str | None = None, name: str | None = None
) -> tuple[list[FoundSegment], bool]:
    """Return at most *limit* folders, in the order in which storage lists them, and whether there are more.

    *after* is the name of the last one of the page before; *name* that of the only one that is wanted.
    """
    found: list[FoundSegment] = []
    listing = segments.folders()
    try:
        async for folder in listing:
            if (after is not None and _place(folder.name) <= _place(after)) or (name not in (None, folder.name)):
                continue
            if len(found) == limit:
                return found, True
            found.append(FoundSegment(folder, problem=_problem(folder)))
            if name is not None:
                break
    finally:
        if isinstance(listing, AsyncGenerator):
            await listing.aclose()
    return found, False


async def look_into(found: list[FoundSegment], segments: Segments, clock: Clock) -> list[FoundSegment]:
    """Return *found* with the columns at the beginning of each, a few at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(each: FoundSegment) -> FoundSegment:
        if each.problem is not None:
            return each
        async with gate:
            try:
                sample = await sample_segment(each.folder.name, rows=PEEK_ROWS, segments=segments, clock=clock)
            except (ConfigurationError, SourceChanged) as error:
                return FoundSegment(each.folder, None, str(error))
        return FoundSegment(each.folder, tuple(shortened(sample.columns)))

    return list(await asyncio.gather(*(look(each) for each in found)))


def _place(name: str) -> str:
    """Return by what folders are in order: each comes after what lies within it."""
    return f"{name}/\U0010ffff"


def _problem(folder: SegmentFolder) -> str | None:
    if folder.has_subfolders:
        return "It has sub-folders; the files of a segment must lie directly in its folder."
    if folder.unreadable:
        return (
            f"{folder.unreadable:,} of its files are of a kind that cannot be read; only .ndjson, .jsonl and .csv can."
        )
    return None
