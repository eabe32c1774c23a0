"""What leans on a connection, and who changes it."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.config.connection import Connection
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import RunStatus
from shared.ports import Document, Documents
from shared.store.configured import export_ids, export_path
from shared.store.runs import Runs, WakeUp


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something: *name* may be an e-mail address, and is for the trail only; *label* is for every eye."""

    name: str | None
    label: str

    @property
    def known_as(self) -> str:
        """Return what documents and the trail call them."""
        return self.name or self.label


def readable(document: Document | None) -> Connection | None:
    """Return the connection in *document*, or None where there is none or it is broken."""
    try:
        return Connection.from_document(document.value) if document else None
    except ConfigurationError:
        return None


async def exports_over(documents: Documents, connection_id: str) -> list[str]:
    """Return the ids of the exports that use the connection, broken ones as well, in order."""
    found = []
    for export_id in await export_ids(documents):
        document = await documents.get(export_path(export_id))
        if document and document.value.get("connection_id") == connection_id:
            found.append(export_id)
    return found


async def stop_runs(runs: Runs, export_id: str, *, by: str, why: str, now: datetime) -> list[WakeUp]:
    """Ask the export's runs to stop that may still send; return the messages that let them hear of it at once."""
    stopped = []
    for run in await runs.unended(export_id):
        if run.status is not RunStatus.SETTLING:
            await runs.ask_to_cancel(run, by=by, why=why, now=now)
            stopped.append(WakeUp(run.export_id, run.id))
    return stopped
