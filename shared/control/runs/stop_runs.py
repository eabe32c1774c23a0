"""Stops the runs of an export that may still send."""

import logging
from datetime import datetime

from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence
from shared.store.audit_trail import Author
from shared.store.run_markers import Marker
from shared.store.store import Store

logger = logging.getLogger(__name__)


async def stop_runs(store: Store, export_id: str, *, by: Author, why: Sentence, now: datetime) -> list[WakeUp]:
    """Ask each run of the export to stop, unless it settles already; return wake-ups, so that the runs stop at once.

    *why* is the sentence that the runs end with. A run whose document is damaged is asked as well: it stops where the
    document is mended. Raises `Retryable`.
    """
    stopped = []
    for request in await store.gates.requests(export_id):
        run = await _run_of(request, store)
        if run.status is not RunStatus.SETTLING and not run.status.is_ended:
            await store.runs.ask_to_cancel(run, by=by.label, why=why, now=now)
            stopped.append(run.wake_up)
    return stopped


async def _run_of(request: Marker, store: Store) -> Run:
    """Return the run of *request*, or the run as it was requested where the document cannot be read."""
    try:
        return await store.runs.get(request.export_id, request.run_id) or request.new_run()
    except ConfigurationError as error:
        logger.warning("A run is asked to stop, although its document cannot be read: %s", error)
        return request.new_run()
