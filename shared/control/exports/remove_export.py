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

    The export's runs are stopped before the removal, and again after it: a run may have begun in between.
    Raises `Conflict` when somebody else saved the export meanwhile, `Retryable`.
    """
    await store.audit.note(author, "export.removed", f"exports/{export_id}", before=version.value)
    why = say("export_removed_by", "{who} removed export '{export}'.", who=author.label, export=export_id)
    stopped = await stop_runs(store, export_id, by=author, why=why, now=clock.now())
    await store.forget_export(export_id, etag=version.etag)
    stopped += await stop_runs(store, export_id, by=author, why=why, now=clock.now())
    return list(dict.fromkeys(stopped))
