"""Finds the folders of segments, a page of folders at a time, and the columns of each segment."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from shared.control.few_at_once import few_at_once
from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.sentences import Sentence, say
from shared.domain.sources.segment_folder import SegmentFolder
from shared.pipeline.reading.segment_sample import sample_segment, shortened
from shared.ports import Clock, Segments

PEEK_ROWS = 200
"""So many rows are looked at: without a header, each row may name other columns."""


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """A folder; *columns* are None when nobody looked for them; *problem* says why the folder cannot be read."""

    folder: SegmentFolder
    columns: tuple[str, ...] | None = None
    problem: Sentence | None = None


async def find_segments(
    segments: Segments, *, limit: int, after: str | None = None, name: str | None = None
) -> tuple[list[FoundSegment], bool]:
    """Return at most *limit* folders, in the order of the storage's listing, and whether there are more.

    *after* is the name of the last folder of the page before. With *name* only that folder is returned.
    Raises `ConfigurationError` when there is no container, `Retryable`.
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
    """Return *found* with the columns at the beginning of each segment; raises `Retryable`."""

    async def look(each: FoundSegment) -> FoundSegment:
        if each.problem is not None:
            return each
        try:
            sample = await sample_segment(each.folder.name, rows=PEEK_ROWS, segments=segments, clock=clock)
        except (ConfigurationError, SourceChanged) as error:
            return FoundSegment(each.folder, None, error.sentence)
        return FoundSegment(each.folder, tuple(shortened(sample.columns)))

    return await few_at_once(look, found)


def _place(name: str) -> str:
    """Return the sort key of folder *name*: a folder comes after the folders in it."""
    return f"{name}/\U0010ffff"


def _problem(folder: SegmentFolder) -> Sentence | None:
    if folder.has_subfolders:
        text = "It has sub-folders; the files of a segment must lie directly in its folder."
        return say("segment_with_subfolders", text)
    if folder.unreadable:
        text = "{files:,} of its files are of a kind that cannot be read; only .ndjson, .jsonl and .csv can."
        return say("segment_with_unknown_files", text, files=folder.unreadable)
    return None
