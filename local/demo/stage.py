"""Everything the demonstration plays on: storage, Klaviyo and the functions host, each a process of its own."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import aiohttp
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import azurite
from local.demo.wish import DemoWish
from local.processes import Child, child
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.options import STORAGE_OPTIONS

SIMULATED_KEY = "pk_simulator"
SECRET_NAME = "klaviyo-demo"  # the name of a secret, and a public one
EXPORT_ID = "demo"
SEGMENT = "demo"
CONTAINERS = ("exports", "segments")


@dataclass(frozen=True, slots=True)
class Stage:
    """The addresses of what was started; *simulator_url* is None when Klaviyo itself is used."""

    host_url: str
    host: Child
    simulator_url: str | None
    connection_string: str
    storage: BlobServiceClient
    documents: BlobDocuments
    http: aiohttp.ClientSession


def app_settings(wish: DemoWish, connection_string: str, klaviyo_url: str) -> dict[str, str]:
    """Return the settings of the app for the demonstration."""
    return {
        "AzureWebJobsStorage": connection_string,
        "KLAVIYO_BASE_URL": klaviyo_url,
        "SECRET_KLAVIYO_DEMO": wish.key or SIMULATED_KEY,
        "QUEUE_NAME": "segment-exports",
        "TICK_SCHEDULE": "*/10 * * * * *",  # so that a run that waits goes on while one looks
    }


@asynccontextmanager
async def stage(
    wish: DemoWish,
    real_url: str,
    *,
    simulator_options: tuple[str, ...] = (),
    before_storage: Callable[[str], AbstractAsyncContextManager[str]] = nullcontext,
    more_settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """Start everything, and stop it when the block ends.

    *before_storage* may stand between the host and its storage: it takes a connection string and yields the host's.
    """
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(azurite())
        simulator_url = None if wish.is_real else await _simulator(stack, wish, simulator_options)
        seen_by_host = await stack.enter_async_context(before_storage(storage.connection_string))
        settings = {**app_settings(wish, seen_by_host, simulator_url or real_url), **(more_settings or {})}
        service = BlobServiceClient.from_connection_string(storage.connection_string, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        for container in CONTAINERS:
            await service.create_container(container)
        host, host_url = await _host(stack, settings, is_real=wish.is_real)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        documents = BlobDocuments(service, CONTAINERS[0])
        yield Stage(host_url, host, simulator_url, storage.connection_string, service, documents, http)


async def configure(documents: BlobDocuments, wish: DemoWish) -> None:
    """Write the connection and the export, as an administrator and a marketer would."""
    await documents.insert(
        "connections/demo.json",
        {
            "schema": 1,
            "id": "demo",
            "display_name": "Demo",
            "secret_name": SECRET_NAME,
            "account_id": None,
            "shared_with": "administrators",
            "consent": {"accepted": True, "accepted_by": "demo", "accepted_at": None, "text": "2026-11"},
        },
    )
    await documents.insert(f"exports/{EXPORT_ID}.json", export_document(wish))


def export_document(wish: DemoWish) -> dict[str, Any]:
    """Return the export that the demonstration runs."""
    return {
        "schema": 1,
        "id": EXPORT_ID,
        "display_name": "Demonstration",
        "connection_id": "demo",
        "list_id": wish.list_id,
        "segments": [SEGMENT],
        "mapping": wish.mapping,
        "phone_region": wish.phone_region,
        "enabled": True,
    }


async def _simulator(stack: AsyncExitStack, wish: DemoWish, options: tuple[str, ...]) -> str:
    words = _python("klaviyo", "--port", "0", "--list", f"{wish.list_id}=Demo list", *options)
    process = await stack.enter_async_context(child("The Klaviyo simulator", words))
    return (await process.wait_for_line(r"^(http://\S+)$"))[1]


async def _host(stack: AsyncExitStack, settings: Mapping[str, str], *, is_real: bool) -> tuple[Child, str]:
    words = _python("host", "--port", "0", *(("--real",) if is_real else ()))
    process = await stack.enter_async_context(
        child("The functions host", words, environment={**os.environ, **settings})
    )
    return process, (await process.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "local", *words)
