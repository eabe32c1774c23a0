"""Lists runs, newest first, a page at a time: those of one export, or those of all exports."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from shared.control.filtered_page import FilteredPage, fill_page
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import age_of_run, moment_of_run, run_id_at
from shared.domain.runs.run import Run
from shared.store.index.run_index import RunIds
from shared.store.runs import Runs


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are listed: those with this *status* and this *trigger*; None lets every run through.

    *since* and *until* are whole seconds, and bound the time for which a run was asked; *until* itself is left out.
    """

    status: str | None = None
    trigger: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def lets_through(self, run: Run | None) -> bool:
        """Tell whether *run* is listed; None stands for a run with a damaged document."""
        if run is None:
            return self.status is None and self.trigger is None
        return self.status in (None, run.status) and self.trigger in (None, run.trigger)

    def is_too_old(self, run_id: str) -> bool:
        """Tell whether the run, and with it every older one, comes before *since*."""
        return self.since is not None and moment_of_run(run_id) < moment_of_run(run_id_at(self.since, ""))

    def is_too_young(self, run_id: str) -> bool:
        """Tell whether the run comes at *until* or after it."""
        return self.until is not None and moment_of_run(run_id) >= moment_of_run(run_id_at(self.until, ""))


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in a list; *run* is None where its document is damaged."""

    export_id: str
    run_id: str
    run: Run | None


RunPage = FilteredPage[RunIds, ListedRun]


async def list_runs(runs: Runs, export_id: str, which: RunFilter, *, limit: int, before: str | None = None) -> RunPage:
    """Return a page of the export's runs that *which* lets through, all of them older than run *before*."""

    async def names() -> AsyncIterator[RunIds]:
        for run_id in await runs.ids(export_id):
            if which.is_too_old(run_id):
                return
            if not which.is_too_young(run_id) and (before is None or age_of_run(run_id) < age_of_run(before)):
                yield export_id, run_id

    return await _page(runs, names(), which, limit)


async def list_all_runs(runs: Runs, which: RunFilter, *, limit: int, before: RunIds | None = None) -> RunPage:
    """Return a page of the runs of all exports that *which* lets through, from the run after *before* on."""
    async with aclosing(runs.index.newest_first(before, until=which.until)) as found:

        async def names() -> AsyncIterator[RunIds]:
            async for ids in found:
                if which.is_too_old(ids[1]):
                    return
                yield ids

        return await _page(runs, names(), which, limit)


async def _page(runs: Runs, names: AsyncIterator[RunIds], which: RunFilter, limit: int) -> RunPage:
    async def read(ids: RunIds) -> ListedRun | None:
        """Return the run as a list shows it, or None for one that is filtered out or was just cleared away."""
        listed = await _read(runs, *ids)
        return listed if listed and which.lets_through(listed.run) else None

    return await fill_page(names, read, limit=limit)


async def _read(runs: Runs, export_id: str, run_id: str) -> ListedRun | None:
    try:
        run = await runs.get(export_id, run_id)
    except ConfigurationError:
        return ListedRun(export_id, run_id, None)
    return ListedRun(export_id, run_id, run) if run else None
