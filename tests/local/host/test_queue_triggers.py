"""Queue triggers and outputs, on a real Azurite."""

import asyncio
import base64
from typing import Any

import aiohttp
import azure.functions as func
import pytest
from azure.storage.queue.aio import QueueClient

from local.host.functions import HostedFunction, Queue, read_functions
from local.host.host import running_host
from local.host.invocation import Invoker, Work
from local.host.queues import VISIBILITY, Polling, QueueListener
from local.host.settings import HostSettings
from local.host.storage_queues import StorageQueues
from local.host.worker.inside import WorkerInside
from tests.fakes.clock import FakeClock
from tests.local.host.desk import QUICK, Desk, Handler, encoded, queue_app


async def test_a_message_is_handed_to_the_function_and_then_gone(desk: Desk) -> None:
    await desk.put(encoded('{"a": 1}'))
    handler = Handler()
    async with running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=QUICK):
        message = await handler.got.get()
    assert message.get_body() == b'{"a": 1}'
    assert message.get_json() == {"a": 1}
    assert message.dequeue_count == 1
    assert message.id
    assert message.insertion_time
    assert message.expiration_time
    assert await desk.held() == 0


async def test_a_message_that_fails_five_times_is_poison(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.put(encoded("bad"), encoded("good"))
    handler = Handler("bad")
    async with running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=QUICK):
        got = [await handler.got.get() for _ in range(6)]
    assert [message.dequeue_count for message in got if message.get_body() == b"bad"] == [1, 2, 3, 4, 5]
    assert handler.got.empty()
    assert await desk.held() == 0
    assert await desk.visible("-poison") == [encoded("bad")]
    assert f"A message of queue '{desk.name}' goes to '{desk.name}-poison': it failed 5 times." in caplog.text


async def test_a_message_that_fails_is_hidden_as_long_as_host_json_says(desk: Desk) -> None:
    await desk.put(encoded("bad"))
    handler = Handler("bad")
    async with running_host(
        WorkerInside(handler.app()), desk.settings(visibility_timeout=120), desk.storage, timing=QUICK
    ):
        await handler.got.get()
    assert (await desk.visible(), await desk.held()) == ([], 1)


async def test_a_message_that_is_not_base64_is_poison_without_a_call_and_holds_nobody_up(desk: Desk) -> None:
    await desk.put("no base64!", encoded("good"))
    handler = Handler()
    async with running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=QUICK):
        assert (await handler.got.get()).get_body() == b"good"
    assert handler.got.empty()
    assert await desk.held() == 0
    assert await desk.visible("-poison") == ["no base64!"]


async def test_a_message_that_is_no_text_fails_five_times_before_any_function_sees_it(desk: Desk) -> None:
    no_text = base64.b64encode(b"\xff\xfe").decode()
    await desk.put(no_text, encoded("good"))
    handler = Handler()
    async with running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=QUICK):
        assert (await handler.got.get()).get_body() == b"good"
        async with asyncio.timeout(20):
            while await desk.held():  # noqa: ASYNC110 - in a storage of its own
                await asyncio.sleep(0.05)
    assert handler.got.empty()
    assert await desk.visible("-poison") == [no_text]


async def test_without_an_encoding_a_message_is_taken_as_it_stands(desk: Desk) -> None:
    await desk.put("no base64!")
    handler = Handler()
    async with running_host(WorkerInside(handler.app()), desk.settings(base64=False), desk.storage, timing=QUICK):
        assert (await handler.got.get()).get_body() == b"no base64!"


async def test_a_message_that_was_taken_too_often_elsewhere_is_poison_without_a_call(desk: Desk) -> None:
    await desk.put(encoded("bad"))
    async with desk.queue() as client:
        for _ in range(2):
            message = await client.receive_message(visibility_timeout=1)
            assert message
            await client.update_message(message, visibility_timeout=0)
    await desk.put(encoded("good"))
    handler = Handler()
    async with running_host(
        WorkerInside(handler.app()), desk.settings(max_dequeue_count=2), desk.storage, timing=QUICK
    ):
        assert (await handler.got.get()).get_body() == b"good"
    assert await desk.visible("-poison") == [encoded("bad")]


async def test_missing_queues_are_made(desk: Desk) -> None:
    async with running_host(WorkerInside(Handler().app()), desk.settings(), desk.storage, timing=QUICK):
        assert await desk.held() == 0


async def test_the_next_batch_is_fetched_when_no_more_than_the_threshold_is_at_work(desk: Desk) -> None:
    await desk.put(*(encoded(str(number)) for number in range(3)))
    first_two, third = asyncio.Queue[asyncio.Event](), asyncio.Event()
    at_work = 0
    found: list[int] = []

    async def work(message: func.QueueMessage) -> None:
        nonlocal at_work
        found.append(at_work)
        at_work += 1
        if message.get_body() == b"2":
            third.set()
        else:
            gate = asyncio.Event()
            first_two.put_nowait(gate)
            await gate.wait()
        at_work -= 1

    settings = desk.settings(batch_size=2, new_batch_threshold=0)
    async with running_host(WorkerInside(queue_app(work)), settings, desk.storage, timing=QUICK):
        gates = [await first_two.get() for _ in range(2)]
        gates[0].set()
        for _ in range(5):  # what asks the storage too early would have its answer by now
            await desk.held()
        gates[1].set()
        await third.wait()
    assert found == [0, 1, 0]


async def test_above_the_threshold_more_messages_are_fetched_beside_the_running_ones(desk: Desk) -> None:
    await desk.put(*(encoded(str(number)) for number in range(3)))
    all_at_work = asyncio.Barrier(3)

    async def work(message: func.QueueMessage) -> None:
        await all_at_work.wait()

    settings = desk.settings(batch_size=1, new_batch_threshold=2)
    async with running_host(WorkerInside(queue_app(work)), settings, desk.storage, timing=QUICK):
        async with asyncio.timeout(30):
            while await desk.held():
                pass
    assert await desk.held() == 0


class WatchedQueues(StorageQueues):
    """Queues that tell when the visibility of a message is changed."""

    def __init__(self, settings: HostSettings, storage: str) -> None:
        super().__init__(settings, storage)
        self.changes: asyncio.Queue[int] = asyncio.Queue()
        self._watched: dict[Queue, Any] = {}

    async def client(self, queue: Queue) -> Any:
        return self._watched.setdefault(queue, WatchedClient(await super().client(queue), self.changes))


class WatchedClient:
    def __init__(self, client: QueueClient, changes: "asyncio.Queue[int]") -> None:
        self._client = client
        self._changes = changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def update_message(self, message: Any, *, visibility_timeout: int) -> Any:
        changed = await self._client.update_message(message, visibility_timeout=visibility_timeout)
        self._changes.put_nowait(visibility_timeout)
        return changed


async def test_a_message_stays_hidden_for_as_long_as_its_function_runs(desk: Desk) -> None:
    await desk.put(encoded("long"))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(message: func.QueueMessage) -> None:
        begun.set()
        await go_on.wait()

    settings, clock = desk.settings(batch_size=1, new_batch_threshold=0), FakeClock(jumps=False)
    queues, background = WatchedQueues(settings, desk.storage), Work()
    worker = WorkerInside(queue_app(work))
    [function] = read_functions(await worker.start(), settings)
    polling = Polling(queues, Invoker(worker, queues, None), background, settings.queues, clock, 1)
    listening = asyncio.create_task(listener(function, polling).run())
    await begun.wait()
    for _ in range(2):
        await clock.advance(VISIBILITY / 2)
        assert await queues.changes.get() == VISIBILITY
    go_on.set()
    await background.drain(30)
    listening.cancel()
    await asyncio.wait([listening])
    await queues.close()
    assert await desk.held() == 0  # each renewal changed the receipt that deleting needs


def listener(function: HostedFunction, polling: Polling) -> QueueListener:
    assert isinstance(function.trigger, Queue)
    return QueueListener(function, function.trigger, polling)


async def test_a_queue_function_can_be_called_by_hand(desk: Desk) -> None:
    handler = Handler()
    async with (
        running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=QUICK) as host,
        aiohttp.ClientSession() as session,
    ):
        await session.post(f"{host.url}/admin/functions/work", json={"input": {"a": 1}})
        assert (await handler.got.get()).get_json() == {"a": 1}
