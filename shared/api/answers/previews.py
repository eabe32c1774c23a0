"""What is answered about previews and segments; a preview holds data of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.config.kinds import Count
from shared.domain.runs.estimate import Estimate
from shared.domain.sentences import Sentence
from shared.ports import Flow


@dataclass(frozen=True, slots=True)
class ProfileShown:
    """One row as it would be sent: where it stands, and the attributes of its profile."""

    blob: str
    row: Count
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RejectionShown:
    """One row that would be refused, and why; *fields* are its mapped fields."""

    blob: str | None
    row: Count | None
    reason: str
    detail: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ColumnsShown:
    """The columns of the segments: all, those that the mapping does not name, and those that it names in vain."""

    found: list[str]
    not_mapped: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class SampleShown:
    """What was looked at of one segment; *rows* is how many it has, as far as that tells."""

    name: str
    files: Count
    bytes: Count
    rows_looked_at: Count
    rows: Count | None


@dataclass(frozen=True, slots=True)
class TargetShown:
    """The list; *live_flows* take up everybody who is added, None where that is not known."""

    id: str
    name: str
    opt_in: str | None
    live_flows: tuple[Flow, ...] | None


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """What a run would do: *problems* would fail it, *left_out* counts values that cannot be sent, by field."""

    profiles: list[ProfileShown]
    rejections: list[RejectionShown]
    duplicates: Count
    left_out: Mapping[str, Count]
    columns: ColumnsShown
    segments: list[SampleShown]
    estimate: Estimate
    list: TargetShown | None
    problems: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """What is shown of a segment beside its folder; *columns* is None when nobody looked."""

    columns: list[str] | None
    problem: Sentence | None
