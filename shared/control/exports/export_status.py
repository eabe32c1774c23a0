"""How exports stand: each with its last run."""

from contextlib import suppress
from dataclasses import dataclass

from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run, RunStatus
from shared.store.runs import Runs

LOOKED_AT = 5
"""So many of the newest runs are read to find one that was not skipped."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an export stands: *export* is None where its document is broken, *last_run* where there was no run.

    *etag* is the version of the document, None where the document is no JSON.
    """

    export_id: str
    export: Export | None
    last_run: Run | None
    etag: str | None = None


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


def is_own(run: Run, export: Export) -> bool:
    """Tell whether *run* is one of *export*, and not of an earlier one with the same id."""
    return export.created_at is None or run.created_at >= export.created_at
