"""Stops the runs of an export that may still send."""

from datetime import datetime

from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence
from shared.store.audit_trail import Author
from shared.store.store import Store


async def stop_runs(store: Store, export_id: str, *, by: Author, why: Sentence, now: datetime) -> list[WakeUp]:
    """Ask the export's runs to stop that have not begun to settle; return the messages that tell them at once.

    *why* is the sentence that the runs end with.
    """
    stopped = []
    for run in await store.markers.unended(export_id):
        if run.status is not RunStatus.SETTLING:
            await store.runs.ask_to_cancel(run, by=by.label, why=why, now=now)
            stopped.append(WakeUp(run.export_id, run.id))
    return stopped
