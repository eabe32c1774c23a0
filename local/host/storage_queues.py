"""The queues of the storage, made when missing; messages in the encoding that host.json asks for."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable
from typing import Any, TypeVar

from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError
from azure.storage.queue.aio import QueueClient

from local.host.functions import Queue
from local.host.settings import STORAGE, HostSettings
from local.processes import LocalProblem

_QUICK_RETRIES: dict[str, Any] = {
    "retry_total": 2,
    "initial_backoff": 0.2,
    "increment_base": 0,
    "random_jitter_range": 0,
}
"""The SDK would go on for minutes, but whoever polls comes again anyway, and a person waits."""

Answer = TypeVar("Answer")


class StorageQueues:
    """Clients for queues, one each; *storage* is the connection string that stands for AzureWebJobsStorage."""

    def __init__(self, settings: HostSettings, storage: str) -> None:
        self._settings = settings
        self._storage = storage
        self._clients: dict[Queue, QueueClient] = {}
        self._opening = asyncio.Lock()

    async def client(self, queue: Queue) -> QueueClient:
        """Return the client of *queue*, which exists then; raises `LocalProblem` when that cannot be."""
        async with self._opening:
            if queue not in self._clients:
                self._clients[queue] = await self._open(queue)
            return self._clients[queue]

    async def send(self, queue: Queue, body: bytes) -> None:
        """Put a message on *queue*."""
        client = await self.client(queue)
        await client.send_message(self.encode(body))

    def encode(self, body: bytes) -> str:
        """Return *body* as it stands in a message."""
        return base64.b64encode(body).decode() if self._settings.queues.base64 else body.decode()

    def decode(self, text: str) -> bytes:
        """Return what a message carries; raises `ValueError` when it is not in the encoding."""
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

    async def _open(self, queue: Queue) -> QueueClient:
        try:
            client = QueueClient.from_connection_string(self._connection_string(queue), queue.name, **_QUICK_RETRIES)
        except ValueError as error:
            raise LocalProblem(f"Setting {queue.connection} is no connection string of a storage account.") from error
        try:
            await _make(client)
        except BaseException:
            await client.close()
            raise
        return client

    def _connection_string(self, queue: Queue) -> str:
        if queue.connection == STORAGE:
            return self._storage
        return self._settings.value(queue.connection, needed_by=f"the queue '{queue.name}'")


async def quietly(answer: Awaitable[Answer]) -> Answer | None:
    """Await a request for a message that may be somebody else's by now; None when it is."""
    try:
        return await answer
    except HttpResponseError as error:
        if error.status_code in {400, 404}:  # the pop receipt is stale, or the message is gone
            return None
        raise


async def _make(client: QueueClient) -> None:
    try:
        await client.create_queue()
    except ResourceExistsError:
        return
    except HttpResponseError as error:
        raise LocalProblem(f"Queue '{client.queue_name}' cannot be made: {error.reason}.") from error
    except AzureError as error:
        raise LocalProblem("The storage does not answer: is what AzureWebJobsStorage names running?") from error
