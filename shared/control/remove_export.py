"""Removes an export: its runs stop, its documents go, the history of its runs stays for its time."""

from shared.control.connection_users import Author, stop_runs
from shared.control.export_status import forget_export
from shared.ports import Clock
from shared.store.runs import Runs, WakeUp


async def remove_export(export_id: str, etag: str, *, author: Author, runs: Runs, clock: Clock) -> list[WakeUp]:
    """Remove the export in version *etag*; return the messages that let its runs hear of it.

    The runs are stopped first, and once more for one that began in between. Raises `Conflict`, `Retryable`.
    """
    why = f"{author.label} removed export '{export_id}'."
    stopped = await stop_runs(runs, export_id, by=author.label, why=why, now=clock.now())
    await forget_export(runs.documents, export_id, etag=etag)
    stopped += await stop_runs(runs, export_id, by=author.label, why=why, now=clock.now())
    return list(dict.fromkeys(stopped))
