"""How a run ends."""

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import ExportError, StopAsked
from shared.domain.runs.run import Ending, Run, RunStatus


def ending_of(error: ExportError) -> Ending:
    """Return how a run ends because of *error*: cancelled when somebody asked it to stop, failed otherwise."""
    status = RunStatus.CANCELLED if isinstance(error, StopAsked) else RunStatus.FAILED
    return Ending(status, error.reason, str(error))


def ended(run: Run, now: datetime) -> Run:
    """Return *run* as it has ended *now*.

    A run that must stop ends as its ending says. Otherwise its tally decides between succeeded and partial.
    """
    done = RunStatus.PARTIAL if run.tally.rejected or run.tally.unconfirmed else RunStatus.SUCCEEDED
    return replace(run, status=run.ending.status if run.ending else done, ended_at=now, waiting=None)
