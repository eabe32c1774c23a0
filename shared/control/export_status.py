"""How exports stand, and everything that is noted about one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run, RunStatus
from shared.pipeline.plan.live_flows import list_path
from shared.ports import Document, Documents
from shared.store.configured import export_path, stored_export
from shared.store.runs import Runs
from shared.store.slots import slots_path

LOOKED_AT = 5
"""So many of the newest runs are read to find one that was not skipped."""
AT_ONCE = 8


def readable(document: Document | None) -> Export | None:
    """Return the export in *document*, or None where there is none or it is broken."""
    try:
        return Export.from_document(document.value) if document else None
    except ConfigurationError:
        return None


async def forget_export(documents: Documents, export_id: str, *, etag: str | None = None) -> None:
    """Remove the export, in version *etag* where one is given, and what is noted about it; raises `Conflict`."""
    await documents.delete(export_path(export_id), etag=etag)
    await forget_notes(documents, export_id)


async def forget_notes(documents: Documents, export_id: str) -> None:
    """Remove what is noted about an export: whoever gets its id shall not be taken for it."""
    await documents.delete(slots_path(export_id))
    await documents.delete(list_path(export_id))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an export stands: *export* is None where its document is broken, *last_run* where it had none."""

    export_id: str
    export: Export | None
    last_run: Run | None


async def standings(runs: Runs, export_ids: list[str]) -> list[Standing]:
    """Return how the exports stand, a few at once, in order; one that was just removed is left out."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def standing(export_id: str) -> Standing | None:
        async with gate:
            try:
                export = await stored_export(runs.documents, export_id)
            except ConfigurationError:
                return Standing(export_id, None, None)
            return Standing(export_id, export, await last_run(runs, export)) if export else None

    found = await asyncio.gather(*(standing(export_id) for export_id in export_ids))
    return [each for each in found if each]


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
