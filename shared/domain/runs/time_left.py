"""How far a run has come, and how long it will take."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.runs.ending import NOTHING_ACCEPTED
from shared.domain.runs.run import Run, RunStatus


@dataclass(frozen=True, slots=True)
class Outlook:
    """The *share* of the rows that are done, from 0 to 1, and the *seconds_left*; None where nobody can know them."""

    share: float
    seconds_left: int | None


def outlook(run: Run, now: datetime) -> Outlook:
    """Return how far *run* has come at *now*; the time left is judged by the run's own speed so far."""
    if run.status is RunStatus.QUEUED:
        return Outlook(0.0, None)
    if run.status is not RunStatus.EXPORTING:
        was_stopped = run.ending and run.ending.reason != NOTHING_ACCEPTED
        return Outlook(_share(run) if was_stopped else 1.0, None)
    share = _share(run)
    if run.waiting or run.started_at is None or not 0 < share < 1:
        return Outlook(share, None)
    elapsed = (now - run.started_at).total_seconds()
    return Outlook(share, round(elapsed * (1 - share) / share))


def _share(run: Run) -> float:
    if run.limit is not None:
        return min(1.0, run.checkpoint.row / run.limit)
    return min(1.0, run.source.bytes_read / run.source.bytes) if run.source.bytes else 0.0
