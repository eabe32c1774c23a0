"""The app as a process, with what every alert is about happening to it; everything that it logs is kept."""

import os
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import aiohttp
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueClient

from local.processes import Child, child
from local.vault import Vault, vault
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.leases import BlobLeases
from shared.domain.runs.run import Run, RunStatus
from shared.store.paths import marker_path, run_path
from shared.store.run_markers import Marker
from tests.builders import connection_document, export_document, ndjson, people

EXPORTS, SEGMENTS, QUEUE = "monitored-exports", "monitored-segments", "monitored"
LIST = "MoNi01"
GOOD_KEY, BAD_KEY = "pk_simulator", "pk_0123456789abcdef0123456789"
CONNECTIONS = {"acme": ("klaviyo-acme", GOOD_KEY), "revoked": ("klaviyo-revoked", BAD_KEY)}
ROWS = [*people(40), {"EMail": "nobody at all", "FirstName": "Bad-Row"}, people(1)[0]]
PATIENCE = 60.0


async def logs_of_everything(connection_string: str) -> list[str]:
    """Run the app through a good run, a refused key, a brake, a busy account, garbage, a silent run, an old key."""
    logged: list[str] = []
    keys = dict(CONNECTIONS.values())
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(vault(keys))
        opened.set_expiry("klaviyo-acme", datetime.now(UTC) + timedelta(days=12))
        service = BlobServiceClient.from_connection_string(connection_string, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        await _fill(service)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        simulator_url = await _simulator(stack)
        host, url = await _host(stack, _settings(connection_string, simulator_url, opened), logged)
        documents = BlobDocuments(service, EXPORTS)
        await _export(host, http, url, "vip", r'"event":"run_ended","export":"vip"')
        await _export(host, http, url, "refused", r'"event":"credentials_refused"')
        await _export(host, http, url, "braked", r'"event":"run_ended","export":"braked"')
        await _export_over_a_busy_account(host, http, url, documents, BlobLeases(service, EXPORTS))
        await _put_garbage(connection_string)
        await host.wait_for_line(r'"event":"poison_found"', seconds=PATIENCE)
        await _forget_a_run(documents)
        await host.wait_for_line(r'"event":"run_stuck"', seconds=PATIENCE)
        await host.wait_for_line(r'"event":"tick_completed"', seconds=PATIENCE)
    return logged


async def _export(host: Child, http: aiohttp.ClientSession, url: str, export_id: str, until: str) -> None:
    async with http.post(f"{url}/api/exports/{export_id}/runs") as response:
        assert response.status == 202, await response.text()
    await host.wait_for_line(until, seconds=PATIENCE)


async def _export_over_a_busy_account(
    host: Child, http: aiohttp.ClientSession, url: str, documents: BlobDocuments, leases: BlobLeases
) -> None:
    connection = await documents.get("connections/acme.json")
    assert connection
    lease = await leases.take(f"accounts/{connection.value['account_id']}")
    assert lease
    await _export(host, http, url, "gold", r'"event":"run_waiting","export":"gold"')
    await lease.release()


async def _put_garbage(connection_string: str) -> None:
    """Put a message into the queue that the host cannot read."""
    async with QueueClient.from_connection_string(connection_string, QUEUE) as queue:
        await queue.send_message("no base64!")


async def _forget_a_run(documents: BlobDocuments) -> None:
    """Leave a run as one whose legs all died an hour ago."""
    then = datetime.now(UTC) - timedelta(hours=1)
    marker = Marker("silent", "20260101t000000z-0001", "http", then)
    run = Run(
        id=marker.run_id,
        export_id=marker.export_id,
        trigger="http",
        created_at=then,
        status=RunStatus.EXPORTING,
        legs=1,
        started_at=then,
        heartbeat_at=then,
    )
    await documents.insert(run_path(run.export_id, run.id), run.document())
    await documents.insert(marker_path(run.export_id, run.id), marker.document())


async def _fill(service: BlobServiceClient) -> None:
    documents = BlobDocuments(service, EXPORTS)
    await service.create_container(EXPORTS)
    segments = await service.create_container(SEGMENTS)
    await segments.upload_blob("vip/1.ndjson", ndjson(ROWS))
    for name, (secret, _) in CONNECTIONS.items():
        document = connection_document(id=name, display_name=name, secret_name=secret, account_id=None)
        await documents.insert(f"connections/{name}.json", document)
    for export_id, connection_id in (("vip", "acme"), ("gold", "acme"), ("refused", "revoked")):
        document = export_document(id=export_id, connection_id=connection_id, list_id=LIST)
        await documents.insert(f"exports/{export_id}.json", document)
    braked = export_document(id="braked", connection_id="acme", list_id=LIST, limits={"max_rows": 10})
    await documents.insert("exports/braked.json", braked)


def _settings(connection_string: str, simulator_url: str, opened: Vault) -> dict[str, str]:
    return {
        "AzureWebJobsStorage": connection_string,
        "KLAVIYO_BASE_URL": simulator_url,
        "EXPORTS_CONTAINER": EXPORTS,
        "SEGMENTS_CONTAINER": SEGMENTS,
        "QUEUE_NAME": QUEUE,
        "TICK_SCHEDULE": "*/2 * * * * *",
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        **opened.environment(),
    }


async def _simulator(stack: AsyncExitStack) -> str:
    options = ("--port", "0", "--list", f"{LIST}=Monitored", "--no-limits", "--job-seconds", "0.2")
    process = await stack.enter_async_context(child("The Klaviyo simulator", _python("klaviyo", *options)))
    return (await process.wait_for_line(r"^(http://\S+)$"))[1]


async def _host(stack: AsyncExitStack, settings: Mapping[str, str], logged: list[str]) -> tuple[Child, str]:
    environment = {**os.environ, **settings}
    words = _python("host", "--port", "0")
    running = child("The functions host", words, environment=environment, forward=logged.append)
    process = await stack.enter_async_context(running)
    return process, (await process.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "local", *words)
