"""Starts the system under test: storage emulator, Klaviyo simulator with two accounts, two functions hosts."""

import base64
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from azure.core.exceptions import HttpResponseError
from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient
from azure.storage.queue.aio import QueueClient

from local.azurite import azurite
from local.chaos.hosts import KillableHost
from local.chaos.rows import file_bytes
from local.chaos.scenario import CALL_LIMIT, HOSTS, IN_FLIGHT, LEG_SECONDS, TICK, Scenario
from local.host.settings import TIMEOUT
from local.klaviyo.account.accounts import DEFAULT_ACCOUNT
from local.processes import LocalProblem, child
from local.samples import MAPPING, PHONE_REGION
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.domain.runs.wake_up import WakeUp
from shared.store.store import Store
from shared.wiring import SystemClock

QUEUE = "segment-exports"
EXPORTS = "exports"
SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of the app, with its own key and the Klaviyo account of that key."""

    id: str
    account: str
    key: str = field(repr=False)


CONNECTIONS = (
    Connection("one", DEFAULT_ACCOUNT, "pk_chaos_one"),
    Connection("two", "SeCoNd", "pk_chaos_two"),
    Connection("one-too", DEFAULT_ACCOUNT, "pk_chaos_one_too"),
    Connection("two-too", "SeCoNd", "pk_chaos_two_too"),
)
"""Two connections for each of two accounts; exports take them in this order."""


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """The running processes, and clients for them."""

    hosts: tuple[KillableHost, ...]
    simulator_url: str
    storage: BlobServiceClient
    queue: QueueClient
    documents: BlobDocuments
    store: Store
    http: aiohttp.ClientSession

    async def add_export(self, number: int, segment: str) -> str:
        """Create export *number* of *segment* with its own list, and return the export's id."""
        connection = CONNECTIONS[number % len(CONNECTIONS)]
        export_id, list_id = export_id_of(number), _list_id_of(number)
        address = f"{self.simulator_url}/simulator/lists/{list_id}"
        async with self.http.put(address, data=orjson.dumps({"account": connection.account})) as response:
            response.raise_for_status()
        document = {
            "schema": 1,
            "id": export_id,
            "display_name": f"Chaos {number}",
            "connection_id": connection.id,
            "list_id": list_id,
            "segments": [segment],
            "mapping": MAPPING,
            "phone_region": PHONE_REGION,
            "enabled": True,
        }
        await self.documents.insert(f"exports/{export_id}.json", document)
        return export_id

    async def put_message(self, body: bytes) -> None:
        """Put a message into the queue in a host's encoding."""
        await self.queue.send_message(base64.b64encode(body).decode())

    async def call_leg(self, host: KillableHost, wake_up: WakeUp) -> None:
        """Call the leg's function on *host* directly, without the queue; ignore a host that does not answer."""
        body = orjson.dumps({"input": orjson.dumps(wake_up.document()).decode()})
        with suppress(aiohttp.ClientError):
            async with self.http.post(f"{host.url}/admin/functions/export_segment", data=body):
                pass

    async def break_leases(self) -> None:
        """Break every lease, as if the minute after the holder's death had passed."""
        container = self.storage.get_container_client(EXPORTS)
        async for name in container.list_blob_names(name_starts_with="leases/"):
            with suppress(HttpResponseError):  # nobody holds this lease
                await BlobLeaseClient(container.get_blob_client(name)).break_lease(lease_break_period=0)

    async def stats(self) -> dict[str, Any]:
        """Return the simulator's counts."""
        async with self.http.get(f"{self.simulator_url}/simulator/stats") as response:
            seen: dict[str, Any] = await response.json()
        return seen

    async def members(self, number: int) -> AsyncIterator[dict[str, Any]]:
        """Yield the attributes of each profile on the list of export *number*."""
        async with self.http.get(f"{self.simulator_url}/simulator/lists/{_list_id_of(number)}") as response:
            async for line in response.content:
                yield orjson.loads(line)


def export_id_of(number: int) -> str:
    """Return the id of export *number*."""
    return f"chaos-{number:02d}"


@asynccontextmanager
async def running_system(scenario: Scenario, *, note: Callable[[str, str], None]) -> AsyncIterator[RunningSystem]:
    """Start the system with the segments and connections of *scenario*, and stop it when the block ends.

    *note* gets the host's name and each line that the host logs.
    """
    async with AsyncExitStack() as stack:
        connection_string = (await stack.enter_async_context(azurite())).connection_string
        service = BlobServiceClient.from_connection_string(connection_string, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        queue = QueueClient.from_connection_string(connection_string, QUEUE)
        await stack.enter_async_context(queue)
        await queue.create_queue()
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
        simulator_url = await _simulator(stack, scenario, http)
        for container in (EXPORTS, SEGMENTS):
            await service.create_container(container)
        await _fill(service, scenario)
        documents = BlobDocuments(service, EXPORTS)
        store = Store(documents, SystemClock(), new_id=lambda: "chaos")
        await _connect(documents)
        settings = _settings(connection_string, simulator_url)
        hosts = tuple(KillableHost(name, settings, note=note, words=words) for name, words in HOSTS.items())
        for host in hosts:
            stack.push_async_callback(host.wait_until_gone)
            await host.start()
        yield RunningSystem(hosts, simulator_url, service, queue, documents, store, http)


def _list_id_of(number: int) -> str:
    return f"LiSt{number:02d}"


def _settings(connection_string: str, simulator_url: str) -> dict[str, str]:
    return {
        "AzureWebJobsStorage": connection_string,
        "KLAVIYO_BASE_URL": simulator_url,
        "QUEUE_NAME": QUEUE,
        "TICK_SCHEDULE": TICK,
        TIMEOUT: CALL_LIMIT,
        "LEG_BUDGET_SECONDS": str(LEG_SECONDS),
        "REQUESTS_IN_FLIGHT": str(IN_FLIGHT),
        **{f"SECRET_KLAVIYO_{each.id.upper().replace('-', '_')}": each.key for each in CONNECTIONS},
    }


async def _simulator(stack: AsyncExitStack, scenario: Scenario, http: aiohttp.ClientSession) -> str:
    faults = orjson.dumps({"seed": scenario.seed, **scenario.klaviyo}).decode()
    accounts = {each.account: each.key for each in CONNECTIONS}
    words = [f"--account={account}={key}" for account, key in accounts.items() if account != DEFAULT_ACCOUNT]
    command = (sys.executable, "-m", "local", "klaviyo", "--port", "0", "--faults", faults, *words)
    process = await stack.enter_async_context(child("The Klaviyo simulator", command))
    url = (await process.wait_for_line(r"^(http://\S+)$"))[1]
    for account in accounts:
        keys = {each.key: None for each in CONNECTIONS if each.account == account}
        body = orjson.dumps({"account": account, "keys": keys})
        async with http.put(f"{url}/simulator/keys", data=body) as response:
            if not response.ok:
                raise LocalProblem(f"The simulator does not take the keys: {await response.text()}")
    return url


async def _fill(service: BlobServiceClient, scenario: Scenario) -> None:
    container = service.get_container_client(SEGMENTS)
    for segment in scenario.segments:
        for file in segment.files:
            data = file_bytes(file, [row for _, row in segment.rows(file)])
            await container.upload_blob(f"{segment.name}/{file}", data)


async def _connect(documents: BlobDocuments) -> None:
    for connection in CONNECTIONS:
        document = {
            "schema": 1,
            "id": connection.id,
            "display_name": f"Chaos_{connection.id.replace('-', '_')}",
            "secret_name": f"klaviyo-{connection.id}",
            "account_id": None,
            "shared_with": "administrators",
            "consent": {"accepted": True, "accepted_by": "chaos", "accepted_at": None, "text": "2026-11"},
        }
        await documents.insert(f"connections/{connection.id}.json", document)
