"""Cancels a run: leaves the note that asks the run to stop."""

from datetime import datetime

from shared.domain.runs.run import Run
from shared.store.audit_trail import Author
from shared.store.store import Store


async def cancel_run(run: Run, *, author: Author, store: Store, now: datetime) -> None:
    """Ask *run* to stop, and note that in the audit trail first.

    What the run has sent by then is settled before the run ends.
    """
    await store.audit.note(author, "run.cancelled", f"exports/{run.export_id}/runs/{run.id}")
    await store.runs.ask_to_cancel(run, by=author.label, now=now)
