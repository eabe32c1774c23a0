"""Clients for the queues of a storage account.

A missing queue is created. Messages have the encoding that host.json names.
A connection is a connection string, or an address with the app's managed identity, as in Azure's host.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError
from azure.identity.aio import ManagedIdentityCredential
from azure.storage.queue.aio import QueueClient

from local.host.functions import Queue
from local.host.settings import STORAGE, HostSettings
from local.processes import LocalProblem

QUICK_RETRIES: dict[str, Any] = {
    "retry_total": 2,
    "initial_backoff": 0.2,
    "increment_base": 0,
    "random_jitter_range": 0,
}
"""The SDK would retry for minutes; here a listener polls again anyway, and a person waits."""

Answer = TypeVar("Answer")


class StorageQueues:
    """One client for each queue; *storage* is the connection string for AzureWebJobsStorage.

    *storage* is empty when the settings AzureWebJobsStorage__… lead to the storage.
    """

    def __init__(self, settings: HostSettings, storage: str) -> None:
        self._settings = settings
        self._storage = storage
        self._clients: dict[Queue, QueueClient] = {}
        self._identities: dict[str, ManagedIdentityCredential] = {}
        self._opening = asyncio.Lock()

    async def client(self, queue: Queue) -> QueueClient:
        """Return the client of *queue*; create a missing queue. Raises `LocalProblem` when that fails."""
        async with self._opening:
            if queue not in self._clients:
                self._clients[queue] = await self._open(queue)
            return self._clients[queue]

    async def send(self, queue: Queue, body: bytes) -> None:
        """Put a message on *queue*."""
        client = await self.client(queue)
        await client.send_message(self.encode(body))

    def encode(self, body: bytes) -> str:
        """Return the text of a message with *body*."""
        return base64.b64encode(body).decode() if self._settings.queues.base64 else body.decode()

    def decode(self, text: str) -> bytes:
        """Return the body of a message; raises `ValueError` when the text has another encoding."""
        if not self._settings.queues.base64:
            return text.encode()
        try:
            return base64.b64decode(text.encode(), validate=True)
        except binascii.Error as error:
            raise ValueError("The message is not base64.") from error

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()
        for identity in self._identities.values():
            await identity.close()

    async def _open(self, queue: Queue) -> QueueClient:
        client = self._by_identity(queue) or self._by_connection_string(queue)
        try:
            await _make(client, self._by_whom(queue))
        except BaseException:
            await client.close()
            raise
        return client

    def _by_identity(self, queue: Queue) -> QueueClient | None:
        """Return a client with the app's identity, None when the settings have a connection string for *queue*."""
        if not is_by_identity(self._settings.values, queue.connection):
            return None
        part = {name: f"{queue.connection}__{name}" for name in ("queueServiceUri", "credential", "clientId")}
        needed_by = f"the queue '{queue.name}'"
        url = self._settings.value(part["queueServiceUri"], needed_by=needed_by)
        if self._settings.value(part["credential"], needed_by=needed_by) != "managedidentity":
            raise LocalProblem(
                f"Setting {part['credential']} must be managedidentity; this host knows no other credential."
            )
        client_id = self._settings.value(part["clientId"], needed_by=needed_by)
        if client_id not in self._identities:
            self._identities[client_id] = ManagedIdentityCredential(client_id=client_id, **QUICK_RETRIES)
        return QueueClient(url, queue.name, credential=self._identities[client_id], **QUICK_RETRIES)

    def _by_whom(self, queue: Queue) -> str:
        if not is_by_identity(self._settings.values, queue.connection):
            return ""
        return f" by the identity {self._settings.values.get(f'{queue.connection}__clientId')}"

    def _by_connection_string(self, queue: Queue) -> QueueClient:
        try:
            return QueueClient.from_connection_string(self._connection_string(queue), queue.name, **QUICK_RETRIES)
        except ValueError as error:
            raise LocalProblem(f"Setting {queue.connection} is no connection string of a storage account.") from error

    def _connection_string(self, queue: Queue) -> str:
        if queue.connection == STORAGE:
            return self._storage
        return self._settings.value(queue.connection, needed_by=f"the queue '{queue.name}'")


def is_by_identity(values: Mapping[str, str], connection: str) -> bool:
    """Return whether *connection* has addresses and an identity instead of a connection string."""
    return not values.get(connection) and any(name.startswith(f"{connection}__") for name in values)


async def quietly(answer: Awaitable[Answer]) -> Answer | None:
    """Await a request about a message; return None when another listener has the message or it is gone."""
    try:
        return await answer
    except HttpResponseError as error:
        if error.status_code in {400, 404}:  # 400: the pop receipt is stale; 404: the message is gone
            return None
        raise


async def _make(client: QueueClient, by_whom: str) -> None:
    try:
        await client.create_queue()
    except ResourceExistsError:
        return
    except HttpResponseError as error:
        raise LocalProblem(f"Queue '{client.queue_name}' cannot be made{by_whom}: {error.reason}.") from error
    except AzureError as error:
        raise LocalProblem("The storage does not answer: is what AzureWebJobsStorage names running?") from error
