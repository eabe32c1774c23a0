"""Two functions hosts as processes over one storage with a segment and a connection."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from azure.storage.blob.aio import BlobServiceClient

from local.chaos.hosts import KillableHost
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from tests.builders import ndjson, people


async def seeded(
    storage: str, stack: AsyncExitStack, *, exports: str, segments: str, connection: dict[str, Any]
) -> BlobDocuments:
    """Make the containers *exports* and *segments* with segment ``vip`` of three people and *connection* ``acme``.

    *storage* is a connection string. The containers go away when *stack* ends.
    """
    service = BlobServiceClient.from_connection_string(storage, **STORAGE_OPTIONS)
    await stack.enter_async_context(service)
    for container in (exports, segments):
        await service.create_container(container)
        stack.push_async_callback(service.delete_container, container)
    await service.get_blob_client(segments, "vip/1.ndjson").upload_blob(ndjson(people(3)))
    documents = BlobDocuments(service, exports)
    await documents.insert("connections/acme.json", connection)
    return documents


async def started(settings: Mapping[str, str], stack: AsyncExitStack) -> tuple[KillableHost, KillableHost]:
    """Start two hosts with *settings*; both are gone when *stack* ends."""
    one, other = (KillableHost(name, settings) for name in ("A", "B"))
    for host in (one, other):
        stack.push_async_callback(host.wait_until_gone)
        await host.start()
    return one, other
