"""Starts the system of the demonstration: storage emulator, Klaviyo simulator and functions host as processes."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import aiohttp
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import azurite
from local.demo.options import DemoOptions
from local.processes import Child, child
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments

SIMULATED_KEY = "pk_simulator"
SECRET_NAME = "klaviyo-demo"  # the name of a secret is no secret
EXPORT_ID = "demo"
CONTAINERS = ("exports", "segments")


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """The running processes, and clients for them; *simulator_url* is None with the real Klaviyo."""

    host_url: str
    host: Child
    simulator_url: str | None
    connection_string: str
    storage: BlobServiceClient
    documents: BlobDocuments
    http: aiohttp.ClientSession
    emulator: Child


def app_settings(demo: DemoOptions, connection_string: str, klaviyo_url: str) -> dict[str, str]:
    """Return the settings of the app for the demonstration."""
    return {
        "AzureWebJobsStorage": connection_string,
        "KLAVIYO_BASE_URL": klaviyo_url,
        "SECRET_KLAVIYO_DEMO": demo.key or SIMULATED_KEY,
        "QUEUE_NAME": "segment-exports",
        "TICK_SCHEDULE": "*/10 * * * * *",  # so that a waiting run continues within ten seconds
    }


@asynccontextmanager
async def running_system(
    demo: DemoOptions,
    real_url: str,
    *,
    simulator_options: tuple[str, ...] = (),
    before_storage: Callable[[str], AbstractAsyncContextManager[str]] = nullcontext,
    more_settings: Mapping[str, str] | None = None,
) -> AsyncIterator[RunningSystem]:
    """Start the system, and stop it when the block ends.

    *before_storage* can put a proxy before the storage: it takes the storage's connection string and yields the
    connection string for the host.
    """
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(azurite())
        simulator_url = None if demo.is_real else await simulator(stack, demo, simulator_options)
        seen_by_host = await stack.enter_async_context(before_storage(storage.connection_string))
        settings = {**app_settings(demo, seen_by_host, simulator_url or real_url), **(more_settings or {})}
        service = BlobServiceClient.from_connection_string(storage.connection_string, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        for container in CONTAINERS:
            await service.create_container(container)
        host, host_url = await _host(stack, settings, is_real=demo.is_real)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        documents = BlobDocuments(service, CONTAINERS[0])
        yield RunningSystem(
            host_url, host, simulator_url, storage.connection_string, service, documents, http, storage.process
        )


async def configure(documents: BlobDocuments, demo: DemoOptions) -> None:
    """Write the documents of the connection and of the export."""
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
    await documents.insert(f"exports/{EXPORT_ID}.json", export_document(demo))


def export_document(demo: DemoOptions) -> dict[str, Any]:
    """Return the document of the export that the demonstration runs."""
    return {
        "schema": 1,
        "id": EXPORT_ID,
        "display_name": "Demonstration",
        "connection_id": "demo",
        "list_id": demo.list_id,
        "segments": [demo.segment],
        "mapping": demo.mapping,
        "phone_region": demo.phone_region,
        "enabled": True,
    }


async def simulator(stack: AsyncExitStack, demo: DemoOptions, options: tuple[str, ...]) -> str:
    """Start the simulator and return its address."""
    words = _python("klaviyo", "--port", "0", "--list", f"{demo.list_id}=Demo list", *options)
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
