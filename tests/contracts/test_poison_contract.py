"""The poison queue, as a fake and as Azure's."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue.aio import QueueClient

from shared.adapters.azure.identity import Identities
from shared.adapters.azure.poison_queue import AzurePoisonQueue
from shared.adapters.azure.queues import Queues
from shared.ports.poison import PoisonQueue
from tests.fakes.clock import FakeClock
from tests.fakes.poison import MemoryPoison


@dataclass(frozen=True)
class Place:
    """A queue that the host has not made yet, how a message gets in, and the time of the storage."""

    queue: PoisonQueue
    put: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]


@pytest.fixture
async def place(connection_string: str | None) -> AsyncIterator[Place]:
    if connection_string is None:
        clock = FakeClock()
        memory = MemoryPoison(clock)

        async def put_in_memory() -> None:
            memory.put()

        yield Place(memory, put_in_memory, clock.now)
        return
    azure = AzurePoisonQueue(Queues(connection_string, None, Identities(), None), of=f"q-{uuid4().hex}")
    async with QueueClient.from_connection_string(connection_string, azure.name) as client:

        async def put() -> None:
            with suppress(ResourceExistsError):
                await client.create_queue()
            await client.send_message("no base64!")

        yield Place(azure, put, lambda: datetime.now(UTC))
    await azure.close()


async def test_a_queue_that_is_not_there_holds_nothing_and_can_be_cleared(place: Place) -> None:
    assert await place.queue.look() is None
    await place.queue.clear()


async def test_what_lies_there_is_counted_from_the_first_on_until_it_is_cleared(place: Place) -> None:
    await place.put()
    first = await place.queue.look()
    await place.put()
    found = await place.queue.look()
    assert first is not None
    assert found is not None
    assert (first.messages, found.messages) == (1, 2)
    assert found.since == first.since
    assert abs(place.now() - found.since) < timedelta(minutes=1)
    await place.queue.clear()
    assert await place.queue.look() is None
