"""Cancels a run: leaves the notes that ask the run to stop."""

from datetime import datetime

from shared.domain.runs.run import Run
from shared.store.audit_trail import Author
from shared.store.store import Store


async def cancel_run(run: Run, *, author: Author, store: Store, now: datetime, settles: bool = True) -> None:
    """Ask *run* to stop, and note that in the audit trail first.

    What the run has sent by then is settled before the run ends. A run that is not asked to settle ends without waiting
    for its import jobs, also where it settles already.
    """
    after = None if settles else {"settle": "no"}
    await store.audit.note(author, "run.cancelled", f"exports/{run.export_id}/runs/{run.id}", after=after)
    await store.runs.ask_to_cancel(run, by=author.label, now=now)
    if not settles:
        await store.runs.ask_not_to_settle(run, by=author.label, now=now)
