"""Lists the runs of an export, a page of runs at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run
from shared.store.runs import Runs

MAX_LOOKED_AT = 200
"""For one page at most so many runs are read, also where a filter lets few of them through."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are listed: those with this *status* and this *trigger*; None lets every run through."""

    status: str | None = None
    trigger: str | None = None

    def lets_through(self, run: Run | None) -> bool:
        """Tell whether *run* is listed; None stands for a run with a damaged document."""
        if run is None:
            return self.status is None and self.trigger is None
        return self.status in (None, run.status) and self.trigger in (None, run.trigger)


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in a list; *run* is None where its document is damaged."""

    run_id: str
    run: Run | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of runs, newest first; the next page has the runs *before* that run id; None after the last page."""

    runs: Sequence[ListedRun]
    before: str | None


async def list_runs(runs: Runs, export_id: str, which: RunFilter, *, limit: int, before: str | None = None) -> RunPage:
    """Return at most *limit* runs of the export that *which* lets through, all of them older than run *before*."""
    ids = [run_id for run_id in await runs.ids(export_id) if before is None or run_id < before]
    found: list[ListedRun] = []
    last = None
    for last in ids[:MAX_LOOKED_AT]:
        listed = await _read(runs, export_id, last)
        if listed is not None and which.lets_through(listed.run):
            found.append(listed)
        if len(found) == limit:
            break
    return RunPage(found, last if last is not None and last != ids[-1] else None)


async def _read(runs: Runs, export_id: str, run_id: str) -> ListedRun | None:
    """Return the run as a list shows it, or None for a run that was just cleared away."""
    try:
        run = await runs.get(export_id, run_id)
    except ConfigurationError:
        return ListedRun(run_id, None)
    return ListedRun(run_id, run) if run else None
