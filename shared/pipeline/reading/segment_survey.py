"""Looks at the top of each file of a segment and finds out how the files are written, before any row counts."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.config.reading import Reading
from shared.domain.dialects.evidence import Evidence, FileFinding
from shared.domain.dialects.file_kind import kind_of_file
from shared.domain.dialects.file_top import FileTop
from shared.domain.dialects.find_dialect import find_dialects
from shared.domain.dialects.find_evidence import find_evidence
from shared.domain.dialects.foreign_content import is_parquet
from shared.domain.dialects.parquet_finding import parquet_finding
from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import ColumnType, Dialect, FileFormat
from shared.domain.runs.plan import FileToRead, SegmentBlob
from shared.domain.sentences import Sentence
from shared.domain.sources.find_source import find_source
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models.source_model import SourceModel
from shared.domain.sources.segment_files import passed_over_warning
from shared.domain.sources.segment_source import SegmentSource
from shared.domain.sources.source_rules import USUAL_RULES, SourceRules
from shared.pipeline.reading.columns.parquet_pages import open_parquet
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.reading.pages import give_turns
from shared.pipeline.reading.segment_files import answered
from shared.ports import Clock, Segments


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """A data file and how it is written.

    *header* has its columns, None where each row names its own; *names* has those of the first such rows.
    *rows* is how many rows the file says that it has, None where it says nothing. *refused* has the name and the type
    of each column whose values cannot be sent.
    """

    blob: SegmentBlob
    dialect: Dialect
    header: tuple[str, ...] | None = None
    names: tuple[str, ...] = ()
    rows: int | None = None
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def to_read(self) -> FileToRead:
        """Return the file as a plan has it."""
        return FileToRead(self.blob, self.dialect)

    @property
    def names_columns_in_rows(self) -> bool:
        """Tell whether each row of the file names its own columns."""
        return self.dialect.format not in (FileFormat.CSV, FileFormat.PARQUET)


@dataclass(slots=True)
class SurveyedSegment:
    """What was found out about one segment; mutable.

    *files* are those that can be read, in name order. *problems* would fail a run. *bytes* is the size of all data.
    *count* is the number of all data files: where only some were looked at, it is more than *files*.
    """

    source: SegmentSource
    count: int
    bytes: int
    files: list[SurveyedFile] = field(default_factory=list)
    problems: list[Sentence] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)

    @property
    def segment(self) -> str:
        """Return the name of the segment."""
        return self.source.segment

    @property
    def columns(self) -> list[str]:
        """Return the columns of all files, once each; of files without a header those of the first rows."""
        return list(dict.fromkeys(name for file in self.files for name in (file.header or file.names)))

    @property
    def types(self) -> dict[str, ColumnType]:
        """Return the types of the columns, as far as they are known."""
        found: dict[str, ColumnType] = {}
        for file in self.files:
            found |= zip(file.dialect.columns or (), file.dialect.types, strict=False)
        return found

    @property
    def rows(self) -> int | None:
        """Return how many rows the segment has; None unless each of its files says how many it has."""
        counts = [file.rows for file in self.files if file.rows is not None]
        return sum(counts) if len(counts) == self.count else None

    @property
    def dialects(self) -> tuple[Dialect, ...]:
        """Return the ways in which the files are written, each once."""
        return tuple(dict.fromkeys(file.dialect for file in self.files))

    def require(self) -> None:
        """Raise `ConfigurationError` for the first problem, if there is one."""
        for problem in self.problems:
            raise ConfigurationError(problem)


async def survey_segment(  # noqa: PLR0913 - what is looked at, how far, for which column, with what
    segment: str,
    reading: Reading,
    *,
    email_column: str | None,
    segments: Segments,
    clock: Clock,
    most_files: int | None = None,
    rules: SourceRules = USUAL_RULES,
    not_before: datetime | None = None,
) -> SurveyedSegment:
    """Find the source of *segment* and return what `survey_source` says of it.

    *rules* and *not_before* are those of `find_source`; raises as both.
    """
    source = await answered(find_source(segment, rules, not_before=not_before), segments)
    return await survey_source(
        source, reading, email_column=email_column, segments=segments, clock=clock, most_files=most_files
    )


async def survey_source(  # noqa: PLR0913 - what is looked at, how far, for which column, with what
    source: SegmentSource,
    reading: Reading,
    *,
    email_column: str | None,
    segments: Segments,
    clock: Clock,
    most_files: int | None = None,
) -> SurveyedSegment:
    """Return what the tops of the files of *source* show, of its first *most_files* files or of all.

    *email_column* is the column of the mapping that has the e-mail addresses, None where there is no mapping.
    A file that may be something else than rows is read only where it has that column.
    Raises `ConfigurationError`, `SourceChanged`, `Retryable`.
    """
    listed, segment = source.files, source.segment
    found = SurveyedSegment(source, len(listed.data), sum(blob.size for blob in listed.data))
    found.warnings += source.warnings
    tops = _Tops(reading, source.model, segments, clock)
    for blob, finding in await tops.look_at(listed.data[:most_files]):
        _take(found, blob, finding)
    passed_over = [*listed.passed_over]
    for blob, finding in await tops.look_at(listed.open[:most_files]):
        if finding.dialect is not None and email_column in (*(finding.header or ()), *finding.names):
            _take(found, blob, finding)
            found.count += 1
            found.bytes += blob.size
        else:
            passed_over.append(blob)
    found.files.sort(key=lambda file: file.blob.name.encode())
    found.warnings += passed_over_warning(segment, passed_over)
    return found


class _Tops:
    """Looks at the tops of files.

    Several tops are downloaded at the same time, and one is worked on: what eight do in one round of the event loop
    would hold up all other tasks.
    """

    def __init__(self, reading: Reading, model: SourceModel | None, segments: Segments, clock: Clock) -> None:
        self._reading = reading
        self._model = model
        self._segments = segments
        self._clock = clock
        self._work = asyncio.Lock()

    async def look_at(self, blobs: Sequence[ListedBlob]) -> list[tuple[ListedBlob, FileFinding]]:
        """Return what the top of each of *blobs* shows; a top without evidence is judged by the others."""
        evidence = await few_at_once(self._evidence, blobs)
        found = []
        for blob, finding in zip(blobs, find_dialects(evidence, self._reading), strict=True):
            found.append((blob, finding))
            await give_turns(self._clock)
        return found

    async def _evidence(self, blob: ListedBlob) -> Evidence:
        """Return what the top of *blob* shows; between two steps the other tasks of the event loop can run."""
        if kind_of_file(blob.name).format is FileFormat.PARQUET:
            return await self._footer(blob)
        top = await self._top(blob)
        if kind_of_file(blob.name).format is None and not top.is_packed and is_parquet(top.text):
            return await self._footer(blob)
        model = self._model.of(blob.name) if self._model else None
        async with self._work:
            for found in find_evidence(blob.name, top, self._reading, model):
                if found is not None:
                    return found
                await give_turns(self._clock)
        message = f"nothing was found out about {blob.name!r}"
        raise AssertionError(message)

    async def _footer(self, blob: ListedBlob) -> Evidence:
        try:
            file = await open_parquet(blob, segments=self._segments, clock=self._clock)
        except ConfigurationError as error:
            return Evidence(FileFinding(blob.name, None, error.sentence))
        return Evidence(parquet_finding(blob.name, file.columns, file.rows))

    async def _top(self, blob: ListedBlob) -> FileTop:
        top = FileTop()
        async with aclosing(self._segments.read(blob)) as chunks:
            async for chunk in chunks:
                async with self._work:
                    top.feed(chunk)
                if top.is_enough:
                    return top
                await give_turns(self._clock)
        top.close()
        return top


def _take(found: SurveyedSegment, blob: ListedBlob, finding: FileFinding) -> None:
    found.warnings += finding.warnings
    if finding.problem is not None:
        found.problems.append(finding.problem)
    elif finding.dialect is not None:
        found.files.append(_surveyed(blob, finding, finding.dialect))


def _surveyed(blob: ListedBlob, finding: FileFinding, dialect: Dialect) -> SurveyedFile:
    return SurveyedFile(blob.version, dialect, finding.header, finding.names, finding.rows, finding.refused)
