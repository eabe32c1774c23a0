"""A row that the app or Klaviyo refused, and why."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shared.domain.sentences import Sentence

RefusedBy = Literal["export", "klaviyo"]


@dataclass(frozen=True, slots=True)
class Span:
    """Rows *first* to *last* (from 1, both included) of one blob."""

    blob: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """One refused row: where it stands, who refused it and why; *fields* are its mapped fields, as far as known.

    *told* says why. It has no code where it is in Klaviyo's own words, or was stored by release 0.1.0.
    *row* is None where Klaviyo does not say which row of a batch it means; *spans* are then the rows of the batch.
    *line* is the line of the unpacked file on which the row begins (from 1), None where it is not known.
    *counted* is False for a row behind the checkpoint of a run that its brake stopped: no tally counts it.
    """

    blob: str | None
    row: int | None
    reason: str
    told: Sentence
    refused_by: RefusedBy = "export"
    fields: dict[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    line: int | None = None
    counted: bool = True

    @property
    def size(self) -> int:
        """Return about how many bytes the rejection takes in memory."""
        return len(self.told.detail) + sum(len(str(value)) for value in self.fields.values())

    def document(self) -> dict[str, Any]:
        """Return the line that stands for this row in ``rejections.ndjson``."""
        return {
            "blob": self.blob,
            "row": self.row,
            "line": self.line,
            "rows": [[span.blob, span.first, span.last] for span in self.spans] or None,
            "reason": self.reason,
            "code": self.told.code or None,
            "params": dict(self.told.params),
            "detail": self.told.detail,
            "refused_by": self.refused_by,
            "fields": self.fields,
            "counted": self.counted,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Rejection":
        """Read back what `document` wrote; raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        if not (isinstance(document["reason"], str) and isinstance(document["fields"], dict)):
            raise TypeError
        return cls(
            blob=document["blob"],
            row=document["row"],
            reason=document["reason"],
            told=Sentence(document.get("code") or "", document.get("params") or {}, document["detail"]),
            refused_by=document["refused_by"],
            fields=document["fields"],
            spans=spans_of(document["rows"] or ()),
            line=document.get("line"),  # a release before this one wrote none
            counted=document.get("counted", True),
        )


def spans_of(rows: Any) -> tuple[Span, ...]:
    """Return the spans in *rows*, as a document has them; raises `TypeError` or `ValueError` for anything else."""
    spans = tuple(Span(*span) for span in rows)
    for span in spans:
        if not (isinstance(span.blob, str) and isinstance(span.first, int) and isinstance(span.last, int)):
            raise TypeError
    return spans
