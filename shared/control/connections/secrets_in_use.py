"""Finds out which secrets the connections name."""

from shared.domain.errors import ExportError
from shared.pipeline.reading.few_at_once import few_at_once
from shared.store.store import Store

MOST_CONNECTIONS = 100
"""Of so many connections, in order of id, the secrets are looked at."""


async def secrets_in_use(store: Store, *, besides: str | None = None) -> list[str]:
    """Return the secrets of the connections that can be read, *besides* one connection, in order and each once."""

    async def name_of(connection_id: str) -> str | None:
        try:
            connection = await store.connections.get(connection_id)
        except ExportError:
            return None
        return connection.secret_name if connection else None

    ids = [each for each in await store.connections.ids() if each != besides]
    names = await few_at_once(name_of, ids[:MOST_CONNECTIONS])
    return sorted({name for name in names if name})
