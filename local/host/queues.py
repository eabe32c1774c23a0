"""Queue triggers: polls, renews, releases and gives up messages by the rules of Azure's host."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from azure.core.exceptions import AzureError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from local.host.functions import HostedFunction, Queue
from local.host.invocation import FunctionFailed, Invoker, Work
from local.host.settings import QueueSettings
from local.host.storage_queues import StorageQueues, quietly
from local.host.worker.calls import MessageAsked
from shared.ports import Clock

logger = logging.getLogger(__name__)

VISIBILITY = 600
"""Seconds for which a message is hidden while a function works on it; renewed at half-time, as in Azure's host."""

SHORTEST_PAUSE = 0.1
"""The first pause of an idle listener in seconds; each further pause is twice as long, up to the longest."""


@dataclass(frozen=True, slots=True)
class Polling:
    """What every listener of a host shares."""

    queues: StorageQueues
    invoker: Invoker
    work: Work
    settings: QueueSettings
    clock: Clock
    longest_pause: float


class QueueListener:
    """Polls one queue and calls one function with its messages."""

    def __init__(self, function: HostedFunction, queue: Queue, polling: Polling) -> None:
        self._function = function
        self._queue = queue
        self._poison = Queue(f"{queue.name}-poison", queue.connection)
        self._polling = polling
        self._running: set[asyncio.Task[None]] = set()
        self._is_readable = True

    async def run(self) -> None:
        """Poll until cancelled; the shared `Work` keeps the tasks of messages that were taken."""
        client = await self._polling.queues.client(self._queue)
        pause = SHORTEST_PAUSE
        while True:
            await self._wait_for_room()
            messages = await self._take(client)
            for message in messages:
                task = self._polling.work.start(self._process(client, message))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            if messages:
                pause = SHORTEST_PAUSE
            else:
                await self._polling.clock.sleep(min(pause, self._polling.longest_pause))
                pause = min(pause * 2, self._polling.longest_pause)

    async def _wait_for_room(self) -> None:
        while len(self._running) > self._polling.settings.new_batch_threshold:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _take(self, client: QueueClient) -> list[QueueMessage]:
        pages = client.receive_messages(
            messages_per_page=self._polling.settings.batch_size, visibility_timeout=VISIBILITY
        ).by_page()
        try:
            page = await anext(pages, None)  # an empty queue has no page at all
            messages = [message async for message in page] if page else []
        except AzureError as error:
            if self._is_readable:
                logger.warning("Queue '%s' cannot be read for now: %s", self._queue.name, str(error).splitlines()[0])
            self._is_readable = False
            return []
        self._is_readable = True
        return messages

    async def _process(self, client: QueueClient, message: QueueMessage) -> None:
        """Process one message, which ends deleted, back in the queue, or in the poison queue.

        When the host stops meanwhile, the message stays hidden until its time is over, as after a kill.
        """
        held = HeldMessage(client, message)
        if held.dequeue_count > self._polling.settings.max_dequeue_count:
            await self._give_up(held, "it was taken too often")
            return
        try:
            body = self._polling.queues.decode(message.content)
            body.decode()  # the host hands text on
        except UnicodeDecodeError:
            await self._fail(held)
            return
        except ValueError:
            await self._give_up(held, "it is not base64, which host.json asks for")
            return
        asked = MessageAsked(body, message.id, held.dequeue_count, message.inserted_on, message.expires_on)
        await self._call(held, asked)

    async def _call(self, held: "HeldMessage", asked: MessageAsked) -> None:
        try:
            async with held.hidden(self._polling.clock):
                await self._polling.invoker.invoke(self._function, asked)
        except FunctionFailed:
            await self._fail(held)
        else:
            await held.delete()

    async def _fail(self, held: "HeldMessage") -> None:
        """Let the message be tried again later, or give it up after its last try."""
        settings = self._polling.settings
        if held.dequeue_count >= settings.max_dequeue_count:
            await self._give_up(held, f"it failed {held.dequeue_count} times")
        else:
            await held.hide(settings.visibility_timeout)

    async def _give_up(self, held: "HeldMessage", reason: str) -> None:
        logger.error("A message of queue '%s' goes to '%s': %s.", self._queue.name, self._poison.name, reason)
        poison = await self._polling.queues.client(self._poison)
        await poison.send_message(held.content)
        await held.delete()


class HeldMessage:
    """A message that was taken from a queue and is invisible to others for a while."""

    def __init__(self, client: QueueClient, message: QueueMessage) -> None:
        self.dequeue_count: int = message.dequeue_count or 1
        self.content = message.content
        self._client = client
        self._message = message
        self._changing = asyncio.Lock()

    @asynccontextmanager
    async def hidden(self, clock: Clock) -> AsyncIterator[None]:
        """Keep the message hidden while the block runs, however long that is."""
        renewing = asyncio.create_task(self._renew(clock))
        try:
            yield
        finally:
            # A running renewal changes the pop receipt, and deleting the message needs the newest receipt.
            async with self._changing:
                renewing.cancel()

    async def hide(self, seconds: float) -> None:
        """Let the message become visible again in *seconds*."""
        async with self._changing:
            changed = await quietly(self._client.update_message(self._message, visibility_timeout=round(seconds)))
            if changed:
                self._message.pop_receipt = changed.pop_receipt

    async def delete(self) -> None:
        """Take the message out of the queue for good."""
        await quietly(self._client.delete_message(self._message))

    async def _renew(self, clock: Clock) -> None:
        while True:
            await clock.sleep(VISIBILITY / 2)
            with suppress(AzureError):
                await self.hide(VISIBILITY)
