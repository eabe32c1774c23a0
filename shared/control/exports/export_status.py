"""How exports stand: each with its last run."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import age_of_run
from shared.domain.runs.run import Run, RunStatus
from shared.store.index.recent_runs import RecentRuns
from shared.store.run_markers import Marker
from shared.store.runs import Runs
from shared.store.store import Store

LOOKED_AT = 5
"""So many of the newest runs are read to find one that was not skipped."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an export stands: *export* is None where its document is broken.

    *etag* is the version of the document, None where the document is no JSON.
    """

    export_id: str
    export: Export | None
    runs: "LatestRuns"
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class LatestRuns:
    """The last run of an export, None where there was none; *has_unended* tells whether any has not ended."""

    last: Run | None = None
    has_unended: bool = False


class RunsOfMany:
    """The latest runs of many exports, for one answer: two walks through names stand for a list of each export's.

    *recent* knows the runs in the index, *busy* the exports that have a gate.
    """

    def __init__(self, store: Store, recent: RecentRuns, busy: Collection[str]) -> None:
        self._store = store
        self._recent = recent
        self._busy = busy

    async def latest(self, export: Export) -> LatestRuns:
        """Return the last run of *export*, and whether one of its runs has not ended.

        A run that has a place at the gate may not be in the index yet. An export of which the index tells no run of
        its own, or only skipped ones, has its runs listed.
        """
        placed = await _placed(self._store, export) if export.id in self._busy else []
        known = {each.run_id for each in placed}.union(await self._recent.of(export.id))
        newest = await _newest_of(self._store.runs, export, sorted(known, key=age_of_run, reverse=True))
        if newest is None or newest.status is RunStatus.SKIPPED:
            newest = await last_run(self._store.runs, export)
        return LatestRuns(newest, await _has_unended(self._store.runs, placed, newest))


async def latest_runs(store: Store, export: Export) -> LatestRuns:
    """Return the last run of *export*, and whether one of its runs has not ended."""
    newest = await last_run(store.runs, export)
    placed = await _placed(store, export) if newest is None or newest.status.is_ended else []
    return LatestRuns(newest, await _has_unended(store.runs, placed, newest))


async def last_run(runs: Runs, export: Export) -> Run | None:
    """Return the newest run that was not skipped, or the newest, or None; damaged ones are passed over."""
    return await _newest_of(runs, export, await runs.ids(export.id))


async def _newest_of(runs: Runs, export: Export, run_ids: Iterable[str]) -> Run | None:
    """Return the first of *run_ids*, newest first, that was not skipped, or the first.

    Runs of an earlier export with the same id are not its own.
    """
    newest: Run | None = None
    for run_id in islice(run_ids, LOOKED_AT):
        run = None
        with suppress(ConfigurationError):
            run = await runs.get(export.id, run_id)
        if run is None or not is_own(run, export):
            continue
        if run.status is not RunStatus.SKIPPED:
            return run
        newest = newest or run
    return newest


async def _placed(store: Store, export: Export) -> list[Marker]:
    """Return the requests of *export* that have a place at its gate; where nothing is at work, that is one read."""
    return [each for each in await store.gates.placed(export.id) if is_own(each, export)]


async def _has_unended(runs: Runs, placed: Iterable[Marker], newest: Run | None) -> bool:
    """Tell whether a run has not ended: *newest*, the last run of the export, or one that is *placed* at its gate.

    A run whose document is damaged has not ended, as far as anybody knows.
    """
    if newest is not None and not newest.status.is_ended:
        return True
    for request in placed:
        if await _is_unended(runs, request):
            return True
    return False


async def _is_unended(runs: Runs, request: Marker) -> bool:
    with suppress(ConfigurationError):
        run = await runs.get(request.export_id, request.run_id)
        return run is None or not run.status.is_ended
    return True


def is_own(run: Run | Marker, export: Export) -> bool:
    """Tell whether *run* is one of *export*, and not of an earlier one with the same id."""
    return export.created_at is None or run.created_at >= export.created_at
