"""The events that the app tells its monitoring, each with its name and its fields.

The text of an event is one line of JSON: ``{"event":"run_ended","export":"vip",…}``. The log carries events as such
lines, because the fields of a log record can get lost on the way (docs/decisions/0005-events-are-log-messages.md).
The queries of the alerts and of the workbook read the same names.
Fields are names, counts, seconds and our own sentences; no field holds personal data or a key.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, Self

import orjson

from shared.domain.errors import CredentialsRefused, ScopeMissing
from shared.domain.runs.run import Run

_LONGEST_DETAIL = 1_000
"""Characters of a sentence in an event: longer than our sentences, and far below the limit of a log message."""
_REFUSED = (CredentialsRefused.reason, ScopeMissing.reason)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    name: ClassVar[str]

    def __str__(self) -> str:
        """Return the event as one line of JSON that begins with its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return orjson.dumps({"event": self.name, **values}).decode()


@dataclass(frozen=True, slots=True)
class TickCompleted(Event):
    """A tick is over, so the app is alive.

    *runs* counts the runs that have not ended, *woken* the wake-ups of this tick.
    *oldest_waiting_seconds* is the longest time for which one of these runs has stood still.
    """

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
    """A run has ended; a tick tells the same end once more a minute or two later, *again*.

    The first event is lost with a process that is killed just then, and a tick that dies may tell an end twice `again`.
    So whoever counts the events counts each run once; no end is told twice without `again`.

    *next_run* is the run that follows a run whose files changed while it read them, else empty.
    """

    name = "run_ended"
    export: str
    run: str
    status: str
    reason: str
    detail: str
    next_run: str
    seconds: float
    read: int
    accepted: int
    unchanged: int
    duplicates: int
    rejected: int
    unconfirmed: int
    again: bool

    @classmethod
    def of(cls, run: Run, *, again: bool = False) -> Self:
        """Return the end of *run*."""
        tally, (reason, detail) = run.tally, _why(run)
        return cls(
            export=run.export_id,
            run=run.id,
            status=run.status.value,
            reason=reason,
            detail=detail,
            next_run=run.next_run_id or "",
            seconds=seconds_between(run.started_at or run.created_at, run.ended_at),
            read=tally.read,
            accepted=tally.accepted,
            unchanged=tally.unchanged,
            duplicates=tally.duplicates,
            rejected=tally.rejected,
            unconfirmed=tally.unconfirmed,
            again=again,
        )


@dataclass(frozen=True, slots=True)
class RunWaiting(Event):
    """A leg has left its run waiting.

    *waiting_seconds* counts from the last progress of the run. Where the run waits for another run, the seconds count
    from the beginning of that wait.
    """

    name = "run_waiting"
    export: str
    run: str
    reason: str
    waiting_seconds: float


@dataclass(frozen=True, slots=True)
class RunStuck(Event):
    """No leg works on a run, although one should; the event comes with each tick until a leg does.

    *silent_seconds* counts from the last heartbeat, or from the time at which a waiting run was to be tried again.
    """

    name = "run_stuck"
    export: str
    run: str
    silent_seconds: float


@dataclass(frozen=True, slots=True)
class PoisonFound(Event):
    """About so many *messages* lie in the poison *queue*; the event comes with each tick until they are cleared away.

    *oldest_seconds* is how long the first of them lies there.
    """

    name = "poison_found"
    queue: str
    messages: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class LegEnded(Event):
    """A leg is over.

    *outcome* is why the run waits, else the status of the run, or ``broken_off`` when the leg raised an error.
    *rows* is how far the checkpoint moved. *throttled* counts Klaviyo's answers 429 among the *requests*.
    """

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
    """Klaviyo has answered a batch: it took *accepted* profiles and refused *refused*."""

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
    """A run ended because Klaviyo or the vault refused the app; *detail* says which of them, and what to do.

    Like the end of the run, this is told *again* a minute or two later.
    """

    name = "credentials_refused"
    connection: str
    export: str
    run: str
    detail: str
    again: bool

    @classmethod
    def of(cls, run: Run, connection_id: str, *, again: bool = False) -> Self | None:
        """Return the event when refused credentials are why *run* ended, else None."""
        reason, detail = _why(run)
        return cls(connection_id, run.export_id, run.id, detail, again) if reason in _REFUSED else None


@dataclass(frozen=True, slots=True)
class SecretExpiring(Event):
    """A secret that was just read expires in *days_left* days; the number is negative once it has expired."""

    name = "secret_expiring"
    secret: str
    days_left: float


EVENTS: tuple[type[Event], ...] = (
    TickCompleted,
    RunStarted,
    RunEnded,
    RunWaiting,
    RunStuck,
    PoisonFound,
    LegEnded,
    BatchTaken,
    CredentialsWereRefused,
    SecretExpiring,
)
"""All events."""


def seconds_between(since: datetime, until: datetime | None) -> float:
    """Return the seconds from *since* to *until*, rounded to a tenth; 0 without *until*."""
    return round((until - since).total_seconds(), 1) if until else 0.0


def _why(run: Run) -> tuple[str, str]:
    """Return the reason and the sentence with which *run* was stopped; both are empty for a run that was not."""
    return (run.ending.reason, run.ending.detail[:_LONGEST_DETAIL]) if run.ending else ("", "")
