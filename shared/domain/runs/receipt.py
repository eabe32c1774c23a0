"""What became of batches at Klaviyo: receipts, and the reports on their import jobs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.runs.rejection import Rejection, Span, spans_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """Klaviyo's proof that it took *profiles* profiles of the rows in *spans*.

    *job_id* is None where the answer never came, so that nobody knows whether Klaviyo took the profiles.
    """

    job_id: str | None
    created_at: str | None
    profiles: int
    spans: tuple[Span, ...]

    def document(self) -> dict[str, Any]:
        """Return the line that stands for this receipt in a part."""
        return {
            "job_id": self.job_id,
            "created_at": self.created_at,
            "profiles": self.profiles,
            "rows": [[span.blob, span.first, span.last] for span in self.spans],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Receipt":
        """Read back what `document` wrote; raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        job_id, created_at, profiles = (document[name] for name in ("job_id", "created_at", "profiles"))
        if not (isinstance(job_id, str | None) and isinstance(profiles, int) and profiles >= 0):
            raise TypeError
        if created_at is not None and datetime.fromisoformat(created_at).tzinfo is None:
            raise ValueError
        return cls(job_id, created_at, profiles, spans_of(document["rows"]))


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending one batch: jobs that took profiles, rows that Klaviyo refused.

    *receipts* with a job id and *rejections* together cover every profile of the batch exactly once.
    *extra_requests* were needed to find the refused rows; *isolated* is False where that was given up.
    *left_out* names the values that Klaviyo refused while it took the rest of their rows: the row of the source and the
    field in full, such as ``location.latitude``.
    """

    receipts: tuple[Receipt, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    extra_requests: int = 0
    isolated: bool = True
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class JobReport:
    """What Klaviyo says of one import job; *completed*, *failed* and *total* count profiles.

    *status* is Klaviyo's own word (queued, processing, complete, cancelled, …).
    """

    job_id: str
    status: str
    created_at: datetime
    completed: int
    failed: int
    total: int = 0


@dataclass(frozen=True, slots=True)
class ImportFault:
    """One row that an import job refused; *fields* are the profile's attributes, empty where Klaviyo names none."""

    reason: str
    detail: str
    fields: dict[str, Any]
