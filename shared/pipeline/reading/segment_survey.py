"""Looks at the top of each file of a segment and finds out how the files are written, before any row counts."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from shared.domain.config.reading import Reading
from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.runs.plan import FileToRead, SegmentBlob
from shared.domain.sentences import Sentence
from shared.domain.sources.file_top import FileTop
from shared.domain.sources.find_dialect import Evidence, FileFinding, evidence_of, findings_of
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.segment_files import passed_over_warning
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.reading.pages import give_turns
from shared.pipeline.reading.peek import Beginning, peek
from shared.pipeline.reading.segment_files import list_files
from shared.ports import Clock, Segments

PEEK_ROWS = 10_000
"""A column counts as missing, in files without headers, when the first so many rows of a segment lack it."""


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """A data file and how it is written; *header* has its columns, None where each row names its own."""

    blob: SegmentBlob
    dialect: Dialect
    header: tuple[str, ...] | None = None

    @property
    def to_read(self) -> FileToRead:
        """Return the file as a plan has it."""
        return FileToRead(self.blob, self.dialect)

    @property
    def names_columns_in_rows(self) -> bool:
        """Tell whether each row of the file names its own columns."""
        return self.dialect.format is not FileFormat.CSV


@dataclass(slots=True)
class SurveyedSegment:
    """What was found out about one segment; mutable.

    *files* are those that can be read, in name order. *problems* would fail a run. *bytes* is the size of all data.
    *count* is the number of all data files: where only some were looked at, it is more than *files*.
    """

    segment: str
    count: int
    bytes: int
    files: list[SurveyedFile] = field(default_factory=list)
    problems: list[Sentence] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)

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
) -> SurveyedSegment:
    """Return what the tops of the files of *segment* show, of its first *most_files* files or of all.

    *email_column* is the column of the mapping that has the e-mail addresses, None where there is no mapping.
    A file that may be something else than rows is read only where it has that column.
    Raises `ConfigurationError` for a segment without data or with a file of a kind that cannot be read,
    `SourceChanged`, `Retryable`.
    """
    listed = await list_files(segment, segments)
    found = SurveyedSegment(segment, len(listed.data), sum(blob.size for blob in listed.data))
    tops = _Tops(reading, segments, clock)
    for blob, finding in await tops.look_at(listed.data[:most_files]):
        _take(found, blob, finding)
    passed_over = [*listed.passed_over]
    for blob, finding in await tops.look_at(listed.open[:most_files]):
        if finding.dialect is not None and await _has_column(email_column, blob, finding, segments, clock):
            _take(found, blob, finding)
            found.count += 1
            found.bytes += blob.size
        else:
            passed_over.append(blob)
    found.files.sort(key=lambda file: file.blob.name.encode())
    found.warnings += passed_over_warning(segment, passed_over)
    return found


class _Tops:
    """Looks at the tops of files."""

    def __init__(self, reading: Reading, segments: Segments, clock: Clock) -> None:
        self._reading = reading
        self._segments = segments
        self._clock = clock

    async def look_at(self, blobs: Sequence[ListedBlob]) -> list[tuple[ListedBlob, FileFinding]]:
        """Return what the top of each of *blobs* shows; a top without evidence is judged by the others."""
        evidence = await few_at_once(self._evidence, blobs)
        return list(zip(blobs, findings_of(evidence, self._reading), strict=True))

    async def _evidence(self, blob: ListedBlob) -> Evidence:
        top = FileTop(blob.name)
        async with aclosing(self._segments.read(blob)) as chunks:
            async for chunk in chunks:
                for _ in top.feed(chunk):
                    await give_turns(self._clock)
                if top.is_full:
                    break
            else:
                top.close()
        looking = evidence_of(top, self._reading)
        while True:
            try:
                next(looking)
            except StopIteration as end:
                evidence: Evidence = end.value
                return evidence
            await give_turns(self._clock)


def _take(found: SurveyedSegment, blob: ListedBlob, finding: FileFinding) -> None:
    found.warnings += finding.warnings
    if finding.problem is not None:
        found.problems.append(finding.problem)
    elif finding.dialect is not None:
        found.files.append(SurveyedFile(blob.version, finding.dialect, finding.header))


async def _has_column(
    column: str | None, blob: ListedBlob, finding: FileFinding, segments: Segments, clock: Clock
) -> bool:
    """Tell whether the file has *column*, in its header or in one of its first rows."""
    if column is None or finding.dialect is None:
        return False
    if finding.dialect.format is FileFormat.CSV:
        return column in (finding.header or ())
    seen = Beginning(most_rows=PEEK_ROWS, most_columns=0, wanted=frozenset({column}))
    try:
        await peek(
            FileToRead(blob.version, finding.dialect),
            seen,
            stop=lambda: column in seen.columns or seen.rows >= PEEK_ROWS,
            segments=segments,
            clock=clock,
        )
    except ConfigurationError:
        return False
    return column in seen.columns
