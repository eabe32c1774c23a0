"""Finds the folders of segments, a page of folders at a time, and the columns of each segment."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from shared.domain.config.reading import Reading
from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.identifiers import segment_problem
from shared.domain.rows.dialect import ColumnType, Dialect
from shared.domain.sentences import Sentence, holds_address, say
from shared.domain.sources.segment_folder import SegmentFolder
from shared.domain.sources.segment_source import SegmentSource
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.reading.segment_folders import ListedFolder, find_folder, list_folders
from shared.pipeline.reading.segment_sample import shown
from shared.pipeline.reading.segment_survey import survey_source
from shared.pipeline.resources import Resources

MOST_FILES = 10
"""So many files of a segment are looked at: an answer is about many segments."""


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """A folder; *columns* are None when nobody looked for them; *problem* says why the folder cannot be read.

    *types* has the types of those columns whose types are known. *source* is what a run would read, None where there
    is a problem. *dialects* says how the files are written that were looked at, each way once.
    """

    folder: SegmentFolder
    source: SegmentSource | None = None
    columns: tuple[str, ...] | None = None
    types: Mapping[str, ColumnType] = field(default_factory=dict)
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


async def find_segments(resources: Resources, *, limit: int, after: str | None = None) -> FoundSegments:
    """Return at most *limit* folders, in the order of the storage's listing.

    *after* is the name of the last folder of the page before.
    Raises `ConfigurationError` when there is no container, `Retryable`.
    """
    found: list[FoundSegment] = []
    unnamed = 0
    async with aclosing(list_folders(resources.segments, rules=resources.source_rules, after=after)) as folders:
        async for folder in folders:
            if len(found) == limit:
                return FoundSegments(found, has_more=True, unnamed=unnamed)
            if holds_address(folder.name):
                unnamed += 1
            else:
                found.append(_found(folder))
    return FoundSegments(found, unnamed=unnamed)


async def find_segment(name: str, resources: Resources) -> FoundSegment | None:
    """Return the folder *name*, or None; raises as `find_segments`."""
    folder = await find_folder(name, resources.segments, rules=resources.source_rules)
    return None if folder is None or holds_address(name) else _found(folder)


async def look_into(found: list[FoundSegment], resources: Resources) -> list[FoundSegment]:
    """Return *found* with the columns at the beginning of each segment; raises `Retryable`."""
    segments, clock = resources.segments, resources.clock

    async def look(each: FoundSegment) -> FoundSegment:
        if each.source is None:
            return each
        try:
            surveyed = await survey_source(
                each.source, Reading(), email_column=None, segments=segments, clock=clock, most_files=MOST_FILES
            )
            surveyed.require()
        except (ConfigurationError, SourceChanged) as error:
            return replace(each, problem=error.sentence)
        columns = tuple(shown(surveyed.columns))
        return replace(
            each,
            columns=columns,
            types={name: kind for name, kind in surveyed.types.items() if name in columns},
            dialects=surveyed.dialects,
            warnings=tuple(surveyed.warnings),
        )

    return await few_at_once(look, found)


def _found(listed: ListedFolder) -> FoundSegment:
    if (problem := segment_problem(listed.name)) is not None:
        text = "Its name cannot be the name of a segment: it {problem}. Rename the folder."
        return FoundSegment(listed.folder, problem=say("segment_name_unusable", text, problem=str(problem)))
    warnings = listed.source.warnings if listed.source else ()
    return FoundSegment(listed.folder, listed.source, problem=listed.problem, warnings=warnings)
