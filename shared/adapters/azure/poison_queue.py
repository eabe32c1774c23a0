"""The `PoisonQueue` port over Azure's queues."""

from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceNotFoundError

from shared.adapters.azure.queues import Queues, queue_errors
from shared.ports.poison import Poison

if TYPE_CHECKING:
    from azure.storage.queue.aio import QueueClient


class AzurePoisonQueue:
    """The poison queue of the queue *of*: the Functions host makes it with its first message. `close` it at the end.

    Each tick looks, so the client is kept: a new one would open a new connection each time.
    """

    def __init__(self, queues: Queues, of: str) -> None:
        self._queues = queues
        self._name = f"{of}-poison"
        self._client: QueueClient | None = None

    @property
    def name(self) -> str:
        """Return the name of the queue; see `PoisonQueue`."""
        return self._name

    async def look(self) -> Poison | None:
        """Return what lies in the queue; see `PoisonQueue`. An empty queue costs one request, any other two."""
        client = self._opened()
        with queue_errors(self._name, f"read queue '{self._name}'"):
            try:
                first = next(iter(await client.peek_messages(max_messages=1)), None)
                if first is None or first.inserted_on is None:
                    return None
                counted = (await client.get_queue_properties()).approximate_message_count
            except ResourceNotFoundError:
                return None
        return Poison(max(1, counted or 0), first.inserted_on)

    async def clear(self) -> None:
        """Delete all messages; see `PoisonQueue`."""
        client = self._opened()
        with queue_errors(self._name, f"clear queue '{self._name}'"):
            try:
                await client.clear_messages()
            except ResourceNotFoundError:
                return

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.close()

    def _opened(self) -> "QueueClient":
        if self._client is None:
            self._client = self._queues.client(self._name)
        return self._client
