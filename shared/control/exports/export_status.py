"""How exports stand: each with its last run."""

from contextlib import suppress
from dataclasses import dataclass

from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run, RunStatus
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


async def latest_runs(store: Store, export: Export) -> LatestRuns:
    """Return the last run of *export*, and whether one of its runs has not ended."""
    newest = await last_run(store.runs, export)
    return LatestRuns(newest, await _has_unended(store, export, newest))


async def last_run(runs: Runs, export: Export) -> Run | None:
    """Return the newest run that was not skipped, or the newest, or None; damaged ones are passed over.

    Runs of an earlier export with the same id are not its own.
    """
    newest: Run | None = None
    for run_id in (await runs.ids(export.id))[:LOOKED_AT]:
        run = None
        with suppress(ConfigurationError):
            run = await runs.get(export.id, run_id)
        if run is None or not is_own(run, export):
            continue
        if run.status is not RunStatus.SKIPPED:
            return run
        newest = newest or run
    return newest


async def _has_unended(store: Store, export: Export, newest: Run | None) -> bool:
    """Tell whether a run of *export* has not ended: *newest*, its last run, or one that the gate knows.

    Where nothing is at work, that is one read. A run whose document is damaged has not ended, as far as anybody knows.
    """
    if newest is not None and not newest.status.is_ended:
        return True
    for request in await store.gates.placed(export.id):
        if is_own(request, export) and await _is_unended(store.runs, request):
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
