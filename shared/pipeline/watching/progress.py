"""Whether a run comes forward: how starts, pauses and deaths are counted, and when it has been too long."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.errors import LONGEST_ASKED_SECONDS, NoProgress, Retryable
from shared.domain.runs.run import Run, RunStatus, Waiting
from shared.store.turns import ACCOUNT_BUSY

PREVIOUS_RUN_ACTIVE = "previous_run_active"
FOR_OTHERS = (ACCOUNT_BUSY, PREVIOUS_RUN_ACTIVE)
"""What a run waits for that is no standstill of its own."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long a run waits after its first, second, … pause without progress; longer where the other side asks for it."""
MAX_STANDSTILL = timedelta(days=1)


def taken_up(run: Run, now: datetime) -> Run:
    """Return *run* as a leg finds it that begins; its start counts until it is taken back or the run comes forward."""
    return replace(
        run,
        legs=run.legs + 1,
        starts=run.starts + 1,
        waiting=None,
        heartbeat_at=now,
        started_at=run.started_at or now,
        progress_at=_last_progress(run, now),
    )


def come_forward(run: Run, now: datetime) -> Run:
    """Return *run* with what it had of pauses and deaths forgotten."""
    return replace(run, progress_at=now, pauses=0, starts=1, failure=None)


def put_off(run: Run, waiting: Waiting, *, pauses: int) -> Run:
    """Return *run* as a leg leaves it that pauses cleanly, and so takes its start back."""
    return replace(run, waiting=waiting, pauses=pauses, starts=max(0, run.starts - 1))


def waiting_since(before: Waiting | None, reason: str, now: datetime) -> datetime:
    """Return since when a run has waited for others that did so *before*, or *now*."""
    return before.since if before and before.reason == reason and reason in FOR_OTHERS else now


def standing_since(run: Run) -> datetime | None:
    """Return since when *run* waits: for others, or, whatever made it pause, since it last came forward.

    None for one that is worked on; one that no leg has taken up yet waits as well.
    """
    if run.waiting is None:
        return None if run.legs else run.created_at
    return run.waiting.since if run.waiting.reason in FOR_OTHERS else run.progress_at or run.created_at


def pause_after(run: Run, error: Retryable, now: datetime) -> timedelta:
    """Return how long *run* waits after *error*; raises `NoProgress`, with that cause, when it was tried for a day."""
    if run.status is not RunStatus.SETTLING and now - (run.progress_at or run.created_at) >= MAX_STANDSTILL:
        raise NoProgress(f"There was no progress for a day. {error}")
    asked = timedelta(seconds=min(error.after or 0, LONGEST_ASKED_SECONDS))
    return max(asked, PAUSES[min(run.pauses, len(PAUSES) - 1)])


def _last_progress(run: Run, now: datetime) -> datetime | None:
    """Return when *run* came forward last; the time in which it waited for others does not count."""
    if run.waiting and run.waiting.reason in FOR_OTHERS and run.heartbeat_at:
        return (run.progress_at or run.created_at) + (now - run.heartbeat_at)
    return run.progress_at
