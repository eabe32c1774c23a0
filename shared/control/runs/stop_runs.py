"""Stops the runs of an export that may still send."""

from datetime import datetime

from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence
from shared.store.audit_trail import Author
from shared.store.store import Store


async def stop_runs(store: Store, export_id: str, *, by: Author, why: Sentence, now: datetime) -> list[WakeUp]:
    """Ask each run of the export to stop, unless it settles already; return wake-ups, so that the runs stop at once.

    *why* is the sentence that the runs end with. Raises `Damaged` where the document of a run is damaged,
    `Retryable`.
    """
    stopped = []
    for run in await store.markers.unended(export_id):
        if run.status is not RunStatus.SETTLING:
            await store.runs.ask_to_cancel(run, by=by.label, why=why, now=now)
            stopped.append(run.wake_up)
    return stopped
