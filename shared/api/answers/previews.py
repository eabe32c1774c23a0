"""Answers about previews and segments; a preview holds personal data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from shared.api.answers.answer_types import Told
from shared.domain.config.field_types import Count
from shared.domain.rows.dialect import ColumnType, Dialect, Escape, FileFormat
from shared.domain.runs.estimate import Estimate
from shared.domain.runs.run_notes import RunNote
from shared.domain.sentences import Sentence
from shared.domain.sources.segment_source import Layout
from shared.ports import Flow


@dataclass(frozen=True, slots=True)
class ProfileShown:
    """One row as a run would send it: its place, and the attributes of its profile."""

    blob: str
    row: Count
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RejectionShown:
    """One row that a run would reject, and why; *line* is its line in the file, *fields* are its mapped fields."""

    blob: str | None
    row: Count | None
    line: Count | None
    reason: str
    code: str | None
    params: dict[str, str | int | float | None]
    detail: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ColumnsShown:
    """Columns: those *found* in the segments, those *not_mapped*, and those that the mapping names but no row has.

    *values* has a few values of each column that is not mapped, as text, cut at 100 characters.
    """

    found: list[str]
    not_mapped: list[str]
    missing: list[str]
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SampleShown:
    """What the preview has read of one segment; *rows* is the estimated number of its rows, None where unknown."""

    name: str
    files: Count
    bytes: Count
    rows_looked_at: Count
    rows: Count | None


@dataclass(frozen=True, slots=True)
class DialectShown:
    """How files are written; *delimiter*, *escape* and *has_header* are None where they are not CSV."""

    format: FileFormat
    is_packed: bool
    encoding: str
    delimiter: str | None
    escape: Escape | None
    has_header: bool | None

    @classmethod
    def of(cls, dialect: Dialect) -> Self:
        """Return *dialect* as answers show it."""
        if dialect.format is not FileFormat.CSV:
            return cls(dialect.format, dialect.is_packed, dialect.encoding, None, None, None)
        return cls(
            dialect.format,
            dialect.is_packed,
            dialect.encoding,
            dialect.delimiter,
            dialect.escape,
            dialect.has_header,
        )


@dataclass(frozen=True, slots=True)
class TargetShown:
    """The list; *live_flows* take up everybody who is added to it, None where the app could not learn them."""

    id: str
    name: str
    opt_in: str | None
    live_flows: tuple[Flow, ...] | None


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """What a run would do.

    *problems* would fail the run, *warnings* would not. *list* is None where the export has none, or where Klaviyo did
    not name it. *left_out* counts values that cannot be sent, by field; *notes* say why, and what
    else a run would note. *dialects* are the ways in which the files are written, each once.
    """

    profiles: list[ProfileShown]
    rejections: list[RejectionShown]
    duplicates: Count
    left_out: Mapping[str, Count]
    notes: tuple[RunNote, ...]
    columns: ColumnsShown
    segments: list[SampleShown]
    dialects: tuple[DialectShown, ...]
    estimate: Estimate
    list: TargetShown | None
    problems: tuple[Told, ...]
    warnings: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """What an answer has beside the folder of a segment.

    *layout* says how the files lie there, and *state* names the dated folder that a run would read; both are None where
    a run could not read the segment, and *problem* says why.
    *columns* is None where the call did not ask for columns. *types* has the types of those whose types are known, by
    their names, and *dialects* the ways in which the files are written, each once; both are empty where *columns* is
    None.
    """

    layout: Layout | None
    state: str | None
    columns: list[str] | None
    types: Mapping[str, ColumnType]
    problem: Sentence | None
    dialects: tuple[DialectShown, ...]
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class SegmentsShown:
    """What an answer has beside a page of segments."""

    warnings: tuple[Sentence, ...]
