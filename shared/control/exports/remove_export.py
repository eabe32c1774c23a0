"""Removes an export: its runs stop, its documents go, and the history of its runs stays for its time."""

from shared.control.runs.stop_runs import stop_runs
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.ports import Clock, Document
from shared.store.audit_trail import Author
from shared.store.store import Store


async def remove_export(
    export_id: str, version: Document, *, author: Author, store: Store, clock: Clock
) -> list[WakeUp]:
    """Remove the export in this *version*; note that in the audit trail first; return the runs to wake.

    The export's runs are stopped after the removal: where somebody else saved the export meanwhile, it stays, and so do
    its runs. A run that nobody could stop any more finds out by itself that its export is gone.
    Raises `Conflict` when somebody else saved the export meanwhile, `Retryable`.
    """
    await store.audit.note(author, "export.removed", f"exports/{export_id}", before=version.value)
    why = say("export_removed_by", "{who} removed export '{export}'.", who=author.label, export=export_id)
    await store.forget_export(export_id, etag=version.etag)
    return await stop_runs(store, export_id, by=author, why=why, now=clock.now())
