"""How far a run has come, and how long it will take."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.runs.ending import NOTHING_ACCEPTED
from shared.domain.runs.run import Run, RunStatus


@dataclass(frozen=True, slots=True)
class Outlook:
    """The *share* of the rows that are done, from 0 to 1, and the *seconds_left*; None where nobody can know them.

    *settled* is the share of the import jobs that have ended, None before the run settles.
    """

    share: float
    seconds_left: int | None
    settled: float | None = None


def outlook(run: Run, now: datetime) -> Outlook:
    """Return how far *run* has come at *now*, by what lies behind its checkpoint.

    The time left is judged by the speed of the run since it began to export.
    """
    if run.status is RunStatus.QUEUED:
        return Outlook(0.0, None)
    if run.status is not RunStatus.EXPORTING:
        was_stopped = run.ending and run.ending.reason != NOTHING_ACCEPTED
        return Outlook(_share(run) if was_stopped else 1.0, None, _settled(run))
    share = _share(run)
    if run.waiting or run.started_at is None or not 0 < share < 1:
        return Outlook(share, None)
    began = run.samples[0].at if run.samples else run.started_at
    elapsed = (now - began).total_seconds()
    return Outlook(share, round(elapsed * (1 - share) / share))


def _settled(run: Run) -> float:
    jobs = run.jobs
    return min(1.0, (jobs.ended + jobs.lost) / jobs.submitted) if jobs.submitted else 1.0


def _share(run: Run) -> float:
    rows = [count for count in (run.limit, run.source.rows) if count is not None]
    if rows:
        return min(1.0, run.checkpoint.row / max(1, min(rows)))
    return min(1.0, run.source.bytes_read / run.source.bytes) if run.source.bytes else 0.0
