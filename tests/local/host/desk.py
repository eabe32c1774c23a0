"""The queues of a test on a real Azurite, seen from outside the host, and apps that work on them."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import azure.functions as func
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue.aio import QueueClient

from local.host.host import Timing
from local.host.settings import HostSettings, QueueSettings

STORAGE = "AzureWebJobsStorage"
QUICK = Timing(longest_pause=0.02)


class Desk:
    """The queues of one test, seen from outside the host."""

    def __init__(self, storage: str) -> None:
        self.name = f"q-{uuid.uuid4().hex}"
        self.storage = storage

    def settings(self, **queues: Any) -> HostSettings:
        return HostSettings(values={"QUEUE_NAME": self.name}, queues=QueueSettings(**queues))

    @asynccontextmanager
    async def queue(self, suffix: str = "") -> AsyncIterator[QueueClient]:
        async with QueueClient.from_connection_string(self.storage, self.name + suffix) as client:
            yield client

    async def put(self, *texts: str) -> None:
        async with self.queue() as client:
            with suppress(ResourceExistsError):
                await client.create_queue()
            for text in texts:
                await client.send_message(text)

    async def visible(self, suffix: str = "") -> list[str]:
        async with self.queue(suffix) as client:
            return [message.content for message in await client.peek_messages(32)]

    async def visible_or_gone(self) -> None:
        with suppress(ResourceNotFoundError):
            await self.visible()

    async def held(self, suffix: str = "") -> int:
        """Return how many messages there are, visible or not."""
        async with self.queue(suffix) as client:
            return int((await client.get_queue_properties()).approximate_message_count or 0)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class Handler:
    """A queue function that tells its test what it got; messages in *failing* make it raise."""

    def __init__(self, *failing: str) -> None:
        self.got: asyncio.Queue[func.QueueMessage] = asyncio.Queue()
        self._failing = failing

    async def __call__(self, message: func.QueueMessage) -> None:
        self.got.put_nowait(message)
        if message.get_body().decode() in self._failing:
            raise RuntimeError("on purpose")

    def app(self) -> func.FunctionApp:
        async def work(message: func.QueueMessage) -> None:
            await self(message)

        return queue_app(work)


def queue_app(work: Any) -> func.FunctionApp:
    app = func.FunctionApp()
    app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection=STORAGE)(work)
    return app
