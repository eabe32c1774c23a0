"""Asks whether the queue of the wake-ups is there and lets the app in."""

from shared.adapters.azure.queues import Queues, queue_errors


class QueueProbe:
    """Looks at the queue *name*."""

    def __init__(self, queues: Queues, name: str) -> None:
        self._queues = queues
        self._name = name

    async def __call__(self) -> None:
        """Ask for the queue once; raises what `queue_errors` does."""
        with queue_errors(self._name, f"read queue '{self._name}'"):
            async with self._queues.client(self._name) as client:
                await client.get_queue_properties()
