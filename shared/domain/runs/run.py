"""A run: one execution of an export, as its document stores it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.domain.config.field_types import Count, Moment
from shared.domain.config.stored_documents import read_stored, stored
from shared.domain.errors import Damaged
from shared.domain.runs.life.run_life import Held, Sample
from shared.domain.runs.run_notes import RunNote
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence, Value

MAX_LIMIT = 10**12
"""The largest *limit* of a run that only tries the first rows; no segment has so many rows."""


class RunStatus(StrEnum):
    """Where a run stands; the last five are endings."""

    QUEUED = "queued"
    EXPORTING = "exporting"
    SETTLING = "settling"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    @property
    def is_ended(self) -> bool:
        """Tell whether the run has ended."""
        return self not in (RunStatus.QUEUED, RunStatus.EXPORTING, RunStatus.SETTLING)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows were read, and what became of them: ``read`` is the sum of all other counts."""

    read: Count = 0
    accepted: Count = 0
    unchanged: Count = 0
    duplicates: Count = 0
    rejected: Count = 0
    unconfirmed: Count = 0

    def plus(self, **more: int) -> "Tally":
        """Return the tally with *more* added to the named counts."""
        return replace(self, **{name: getattr(self, name) + count for name, count in more.items()})


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Rows 1 to *row* of the source are done: each has its outcome, and all *batches* batches are accepted."""

    row: Count = 0
    batches: Count = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why no leg works on a run, since when, and when the run is tried again (UTC).

    *detail* is the sentence for administrators, with its *code* and its *params*.
    *public* is the sentence for everybody else; None stands for the same one.
    """

    reason: str
    since: Moment
    next_try: Moment
    detail: str = ""
    code: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    public: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run that must stop ends, once what was sent is settled; the sentences are as in `Waiting`."""

    status: RunStatus
    reason: str
    detail: str
    code: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    public: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """How large the source is, and how much of it lies behind the checkpoint (*bytes_read*; as it lies in storage).

    Of a Parquet file only the mapped columns are read. *rows* is how many rows the files say that they have, None where
    one of them does not say. *files* are the names of the first files, without e-mail addresses; older runs have none.
    """

    blobs: Count = 0
    bytes: Count = 0
    bytes_read: Count = 0
    rows: Count | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jobs:
    """How many of Klaviyo's import jobs this run has, and how many of them have ended.

    *lost* counts those of which no receipt can be read any more, *open* those that the run has not waited for to their
    end. At the end of a run, ``submitted = ended + lost + open``.
    """

    submitted: Count = 0
    ended: Count = 0
    lost: Count = 0
    open: Count = 0


@dataclass(frozen=True, slots=True)
class Reasons:
    """How many rows were rejected, and how many values were left out, by reason.

    *rejected* adds up to ``tally.rejected``, also after crashes. In a run that an older release began, that holds from
    the end on.
    """

    rejected: Mapping[str, Count] = field(default_factory=dict)
    left_out: Mapping[str, Count] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Braked:
    """What the brake had judged when it stopped a run: *judged* rows, of which *rejected* were rejected.

    *reasons* counts the rejected ones by reason. The tally may have fewer rows.
    """

    judged: Count = 0
    rejected: Count = 0
    reasons: Mapping[str, Count] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that is known about one run; times are UTC.

    *limit* is the number of rows of a run that only tries the first rows.
    *pauses* counts the pauses since the last progress. *starts* counts the legs since then that have not
    paused cleanly, the one at work included.
    *failure* is the name of the class of the last unforeseen exception.
    *next_run_id* is the run that follows a run whose files changed while it read them.
    *parts* tells how many parts of each leg count, by the number of the leg.
    *brake* is None unless the brake has stopped the run.
    *requests* counts those to Klaviyo so far, *throttled* those among them that Klaviyo answered with 429.
    *left_out* counts the values that were not sent, by field; *notes* say why, and what else was noted.
    """

    id: str
    export_id: str
    trigger: str
    created_at: Moment
    requested_by: str | None = None
    limit: Count | None = None
    status: RunStatus = RunStatus.QUEUED
    started_at: Moment | None = None
    settling_since: Moment | None = None
    ended_at: Moment | None = None
    heartbeat_at: Moment | None = None
    progress_at: Moment | None = None
    legs: Count = 0
    starts: Count = 0
    failure: str | None = None
    pauses: Count = 0
    waiting: Waiting | None = None
    held: Held | None = None
    ending: Ending | None = None
    next_run_id: str | None = None
    source: Source = field(default_factory=Source)
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    parts: Mapping[str, Count] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    jobs: Jobs = field(default_factory=Jobs)
    brake: Braked | None = None
    isolation_requests: Count = 0
    requests: Count = 0
    throttled: Count = 0
    samples: tuple[Sample, ...] = ()
    reasons: Reasons = field(default_factory=Reasons)
    left_out: Mapping[str, Count] = field(default_factory=dict)
    notes: tuple[RunNote, ...] = ()
    warnings: tuple[Sentence, ...] = ()

    @property
    def wake_up(self) -> WakeUp:
        """Return the message that wakes the run."""
        return WakeUp(self.export_id, self.id)

    def document(self) -> dict[str, Any]:
        """Return ``run.json``.

        The release before this one reads the warnings as plain texts, so both forms are written.
        """
        document = {"schema": 1, **stored(self)}
        document["warnings"] = [warning.detail for warning in self.warnings]
        document["sentences"] = [warning.document() for warning in self.warnings]
        ending = document.pop("ending")
        document["error"] = ending if ending and ending["reason"] else None
        document["ending"] = ending
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Run":
        """Read back what `document` wrote; raises `Damaged`."""
        run = read_stored(cls, _with_sentences(document))
        if not all(name.isascii() and name.isdecimal() for name in run.parts):
            raise Damaged("/parts must have the numbers of legs as names")
        return run


def _with_sentences(document: Any) -> Any:
    """Return *document* with its warnings as sentences; an older release has written plain texts."""
    if not isinstance(document, Mapping) or not isinstance(document.get("warnings"), list):
        return document
    texts = [{"code": "told", "params": {}, "detail": text} for text in document["warnings"]]
    return {**document, "warnings": document.get("sentences") or texts}
