"""Finds the folders of segments, a page of folders at a time, and the columns of each segment."""

from contextlib import aclosing
from dataclasses import dataclass

from shared.domain.config.reading import Reading
from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.identifiers import segment_problem
from shared.domain.rows.dialect import Dialect
from shared.domain.sentences import Sentence, holds_address, say
from shared.domain.sources.segment_folder import SegmentFolder
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.reading.segment_files import list_folders
from shared.pipeline.reading.segment_sample import shown
from shared.pipeline.reading.segment_survey import survey_segment
from shared.ports import Clock, Segments

MOST_FILES = 10
"""So many files of a segment are looked at: an answer is about many segments."""


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """A folder; *columns* are None when nobody looked for them; *problem* says why the folder cannot be read.

    *dialects* says how the files are written that were looked at, each way once.
    """

    folder: SegmentFolder
    columns: tuple[str, ...] | None = None
    problem: Sentence | None = None
    dialects: tuple[Dialect, ...] = ()
    warnings: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundSegments:
    """A page of folders; *has_more* tells whether more follow.

    *unnamed* counts the folders in the place of this page whose names hold an e-mail address: no answer names them.
    """

    segments: list[FoundSegment]
    has_more: bool = False
    unnamed: int = 0


async def find_segments(
    segments: Segments, *, limit: int, after: str | None = None, name: str | None = None
) -> FoundSegments:
    """Return at most *limit* folders, in the order of the storage's listing.

    *after* is the name of the last folder of the page before. With *name* only that folder is returned.
    Raises `ConfigurationError` when there is no container, `Retryable`.
    """
    found: list[FoundSegment] = []
    unnamed = 0
    async with aclosing(list_folders(segments)) as folders:
        async for folder in folders:
            if (after is not None and _place(folder.name) <= _place(after)) or (name not in (None, folder.name)):
                continue
            if len(found) == limit:
                return FoundSegments(found, has_more=True, unnamed=unnamed)
            if holds_address(folder.name):
                unnamed += 1
                continue
            found.append(FoundSegment(folder, problem=_problem(folder)))
            if name is not None:
                break
    return FoundSegments(found, unnamed=unnamed)


async def look_into(found: list[FoundSegment], segments: Segments, clock: Clock) -> list[FoundSegment]:
    """Return *found* with the columns at the beginning of each segment; raises `Retryable`."""

    async def look(each: FoundSegment) -> FoundSegment:
        if each.problem is not None:
            return each
        name = each.folder.name
        try:
            surveyed = await survey_segment(
                name, Reading(), email_column=None, segments=segments, clock=clock, most_files=MOST_FILES
            )
            surveyed.require()
        except (ConfigurationError, SourceChanged) as error:
            return FoundSegment(each.folder, None, error.sentence)
        return FoundSegment(
            each.folder, tuple(shown(surveyed.columns)), None, surveyed.dialects, tuple(surveyed.warnings)
        )

    return await few_at_once(look, found)


def _place(name: str) -> str:
    """Return the sort key of folder *name*: a folder comes after the folders in it."""
    return f"{name}/\U0010ffff"


def _problem(folder: SegmentFolder) -> Sentence | None:
    """Return why a run could not read *folder*, or None."""
    if (problem := segment_problem(folder.name)) is not None:
        text = "Its name cannot be the name of a segment: it {problem}. Rename the folder."
        return say("segment_name_unusable", text, problem=str(problem))
    if folder.has_subfolders:
        text = "It has sub-folders; the files of a segment must lie directly in its folder."
        return say("segment_with_subfolders", text)
    if folder.unreadable:
        text = (
            "{files:,} of its files {files:is|are} of a kind that cannot be read; write CSV, TSV or JSON lines instead."
        )
        return say("segment_with_unknown_files", text, files=folder.unreadable)
    if folder.archived:
        text = (
            "{files:,} of its files {files:lies|lie} in the archive tier; rehydrate {files:it|them}, or move "
            "{files:it|them} out of the segment."
        )
        return say("segment_with_archived_files", text, files=folder.archived)
    if not folder.files:
        text = "None of its files is a data file; write CSV, TSV or JSON lines."
        return say("segment_without_data", text)
    return None
