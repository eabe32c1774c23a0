"""What the app tells its monitoring: each event by its name and its fields, in the only place that has them.

An event is logged as its text, ``{"event":"run_ended","export":"vip",…}``: a message arrives whole by whatever way logs
go, while a record's extra fields do not (docs/decisions/0005-events-are-log-messages.md). The queries of the alerts and
the workbook read the same names. Fields are names, counts, seconds and our own sentences: no personal data, no key.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, Self

import orjson

from shared.domain.errors import CredentialsRefused, ScopeMissing
from shared.domain.runs.run import Run

_LONGEST_DETAIL = 1_000
"""Far below what a log's message may have, and longer than any sentence of ours should be."""
_REFUSED = (CredentialsRefused.reason, ScopeMissing.reason)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; its text is what is logged."""

    name: ClassVar[str]

    def __str__(self) -> str:
        """Return the event as one line of JSON that begins with its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return orjson.dumps({"event": self.name, **values}).decode()


@dataclass(frozen=True, slots=True)
class TickCompleted(Event):
    """The timer's minute is over: the app lives, *runs* have not ended, and the oldest that waits does so for long."""

    name = "tick_completed"
    runs: int
    woken: int
    oldest_waiting_seconds: float


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """The first leg of a run has begun."""

    name = "run_started"
    export: str
    run: str
    trigger: str


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """A run has ended; after a crash at that very moment it may be told twice."""

    name = "run_ended"
    export: str
    run: str
    status: str
    reason: str
    detail: str
    seconds: float
    read: int
    accepted: int
    unchanged: int
    duplicates: int
    rejected: int
    unconfirmed: int

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return the end of *run*."""
        tally, (reason, detail) = run.tally, _why(run)
        return cls(
            export=run.export_id,
            run=run.id,
            status=run.status.value,
            reason=reason,
            detail=detail,
            seconds=seconds_between(run.started_at or run.created_at, run.ended_at),
            read=tally.read,
            accepted=tally.accepted,
            unchanged=tally.unchanged,
            duplicates=tally.duplicates,
            rejected=tally.rejected,
            unconfirmed=tally.unconfirmed,
        )


@dataclass(frozen=True, slots=True)
class RunWaiting(Event):
    """A leg has left its run waiting; *waiting_seconds* counts from when the run last came forward."""

    name = "run_waiting"
    export: str
    run: str
    reason: str
    waiting_seconds: float


@dataclass(frozen=True, slots=True)
class RunStuck(Event):
    """A run that should be worked on shows no sign of life; told each minute until it does."""

    name = "run_stuck"
    export: str
    run: str
    silent_seconds: float


@dataclass(frozen=True, slots=True)
class LegEnded(Event):
    """A leg is over: *rows* is how far the checkpoint moved, *throttled* counts requests that Klaviyo put off."""

    name = "leg_ended"
    export: str
    run: str
    leg: int
    outcome: str
    seconds: float
    rows: int
    requests: int
    throttled: int


@dataclass(frozen=True, slots=True)
class BatchTaken(Event):
    """Klaviyo has answered a batch: *accepted* profiles were taken, *refused* ones not."""

    name = "batch_taken"
    export: str
    run: str
    leg: int
    batch: int
    accepted: int
    refused: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CredentialsWereRefused(Event):
    """A run ended because Klaviyo or the vault refused the app; *detail* says which, and what to do."""

    name = "credentials_refused"
    connection: str
    export: str
    run: str
    detail: str

    @classmethod
    def of(cls, run: Run, connection_id: str) -> Self | None:
        """Return the event when that is why *run* ended."""
        reason, detail = _why(run)
        return cls(connection_id, run.export_id, run.id, detail) if reason in _REFUSED else None


@dataclass(frozen=True, slots=True)
class SecretExpiring(Event):
    """A secret that was just read has an end; *days_left* is below zero after it."""

    name = "secret_expiring"
    secret: str
    days_left: float


EVENTS: tuple[type[Event], ...] = (
    TickCompleted,
    RunStarted,
    RunEnded,
    RunWaiting,
    RunStuck,
    LegEnded,
    BatchTaken,
    CredentialsWereRefused,
    SecretExpiring,
)
"""Every event that there is."""


def seconds_between(since: datetime, until: datetime | None) -> float:
    """Return the seconds from *since* to *until*, to a tenth; 0 where there is no end."""
    return round((until - since).total_seconds(), 1) if until else 0.0


def _why(run: Run) -> tuple[str, str]:
    """Return the reason and the sentence of an end that was not foreseen, empty where *run* has come to its own."""
    return (run.ending.reason, run.ending.detail[:_LONGEST_DETAIL]) if run.ending else ("", "")
