"""Where connections and exports are kept, and how they are read."""

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.ports import Documents

CONNECTIONS = "connections/"
EXPORTS = "exports/"


def connection_path(connection_id: str) -> str:
    """Return where the connection's document lies."""
    return f"{CONNECTIONS}{connection_id}.json"


def export_path(export_id: str) -> str:
    """Return where the export's document lies."""
    return f"{EXPORTS}{export_id}.json"


async def stored_connection(documents: Documents, connection_id: str) -> Connection | None:
    """Return the connection, or None where there is none; raises `ConfigurationError` for one that is broken."""
    document = await documents.get(connection_path(connection_id))
    return Connection.from_document(document.value) if document else None


async def stored_export(documents: Documents, export_id: str) -> Export | None:
    """Return the export, or None where there is none; raises `ConfigurationError` for one that is broken."""
    document = await documents.get(export_path(export_id))
    return Export.from_document(document.value) if document else None


async def connection_ids(documents: Documents) -> list[str]:
    """Return the ids of all connections, in order."""
    return await _ids(documents, CONNECTIONS)


async def export_ids(documents: Documents) -> list[str]:
    """Return the ids of all exports, in order."""
    return await _ids(documents, EXPORTS)


async def _ids(documents: Documents, folder: str) -> list[str]:
    return sorted([path.removeprefix(folder).removesuffix(".json") async for path in documents.names(folder)])
