"""Wakes a run before its time: leaves it to the caller to send the message, and notes that in the audit trail."""

from shared.domain.runs.run import Run
from shared.pipeline.resources import Resources
from shared.store.audit_trail import Author
from shared.store.paths import run_lease


async def wake_run(run: Run, *, author: Author, resources: Resources) -> bool:
    """Tell whether a wake-up helps *run*, and note it in the audit trail then; False while a leg works on the run.

    A run that does not wait and has no leg has lost its wake-up or its leg: a wake-up helps that run too.
    Raises `Retryable`.
    """
    if run.waiting is None and not await resources.leases.is_free(run_lease(run.export_id, run.id)):
        return False
    await resources.store.audit.note(author, "run.woken", f"exports/{run.export_id}/runs/{run.id}")
    return True
