"""An export begins to wait for new data: what is there already is not new, unless the export never ran."""

from contextlib import suppress
from datetime import datetime

from shared.control.exports.export_status import is_own
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import RunStatus
from shared.store.store import Store

LOOKED_AT = 20
"""So many of the newest runs are read to find one that was no trial."""


async def begin_to_wait(export: Export, before: Export | None, store: Store, now: datetime) -> None:
    """Note, before *export* is saved, from when on its data is new; *before* is the export as it was saved last.

    An export that waited already, for the same segments, goes on: a change of its name costs no state.
    Raises `Retryable`.
    """
    if not export.waits_for_data:
        return
    if before and before.waits_for_data and {*before.segments} == {*export.segments}:
        return
    await store.served.begin(export.id, now if before and await _ever_ran(before, store) else None)


async def _ever_ran(export: Export, store: Store) -> bool:
    """Tell whether a run of *export* has served it: one that was no trial, and was neither skipped nor cancelled."""
    if (await store.served.of(export.id)).states or await store.known_lists.knows(export):
        return True
    for run_id in (await store.runs.ids(export.id))[:LOOKED_AT]:
        with suppress(ConfigurationError):
            run = await store.runs.get(export.id, run_id)
            is_none = run is None or run.limit is not None or run.status in (RunStatus.SKIPPED, RunStatus.CANCELLED)
            if run is not None and not is_none and is_own(run, export):
                return True
    return False
