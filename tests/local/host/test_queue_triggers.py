"""Queue triggers and outputs, on a real Azurite."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, List  # noqa: UP035 - as the app writes it

import aiohttp
import azure.functions as func
import pytest
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue.aio import QueueClient

from local.host.functions import HostedFunction, Queue, read_functions
from local.host.host import Timing, running_host
from local.host.invocation import Invoker, Work
from local.host.queues import VISIBILITY, Polling, QueueListener
from local.host.settings import HostSettings, QueueSettings
from local.host.storage_queues import StorageQueues
from local.processes import LocalProblem
from tests.fakes.clock import FakeClock

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


@pytest.fixture
def desk(azurite: str) -> Desk:
    return Desk(azurite)


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


async def test_a_message_is_handed_to_the_function_and_then_gone(desk: Desk) -> None:
    await desk.put(encoded('{"a": 1}'))
    handler = Handler()
    async with running_host(handler.app(), desk.settings(), desk.storage, timing=QUICK):
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
    async with running_host(handler.app(), desk.settings(), desk.storage, timing=QUICK):
        got = [await handler.got.get() for _ in range(6)]
    assert [message.dequeue_count for message in got if message.get_body() == b"bad"] == [1, 2, 3, 4, 5]
    assert handler.got.empty()
    assert await desk.held() == 0
    assert await desk.visible("-poison") == [encoded("bad")]
    assert f"A message of queue '{desk.name}' goes to '{desk.name}-poison': it failed 5 times." in caplog.text


async def test_a_message_that_fails_is_hidden_as_long_as_host_json_says(desk: Desk) -> None:
    await desk.put(encoded("bad"))
    handler = Handler("bad")
    async with running_host(handler.app(), desk.settings(visibility_timeout=120), desk.storage, timing=QUICK):
        await handler.got.get()
    assert (await desk.visible(), await desk.held()) == ([], 1)


async def test_a_message_that_is_not_base64_is_poison_without_a_call_and_holds_nobody_up(desk: Desk) -> None:
    await desk.put("no base64!", encoded("good"))
    handler = Handler()
    async with running_host(handler.app(), desk.settings(), desk.storage, timing=QUICK):
        assert (await handler.got.get()).get_body() == b"good"
    assert handler.got.empty()
    assert await desk.held() == 0
    assert await desk.visible("-poison") == ["no base64!"]


async def test_without_an_encoding_a_message_is_taken_as_it_stands(desk: Desk) -> None:
    await desk.put("no base64!")
    handler = Handler()
    async with running_host(handler.app(), desk.settings(base64=False), desk.storage, timing=QUICK):
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
    async with running_host(handler.app(), desk.settings(max_dequeue_count=2), desk.storage, timing=QUICK):
        assert (await handler.got.get()).get_body() == b"good"
    assert await desk.visible("-poison") == [encoded("bad")]


async def test_missing_queues_are_made(desk: Desk) -> None:
    async with running_host(Handler().app(), desk.settings(), desk.storage, timing=QUICK):
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
    async with running_host(queue_app(work), settings, desk.storage, timing=QUICK):
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
    async with running_host(queue_app(work), settings, desk.storage, timing=QUICK):
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
    [function] = read_functions(queue_app(work), settings)
    polling = Polling(queues, Invoker(queues, None), background, settings.queues, clock, 1)
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


def sending_app(value: Any, *, fails: bool = False) -> func.FunctionApp:
    app = func.FunctionApp()

    @app.route("send", methods=["POST"])
    @app.queue_output(arg_name="out", queue_name="%QUEUE_NAME%", connection=STORAGE)
    async def send(req: func.HttpRequest, out: func.Out[List[str]]) -> str:  # noqa: UP006 - as the app writes it
        out.set(value)
        if fails:
            raise RuntimeError("on purpose")
        return "sent"

    return app


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (["one", "zwei ü"], ["one", "zwei ü"]),
        ("single", ["single"]),
        (b"bytes", ["bytes"]),
        (func.QueueMessage(body=b"message"), ["message"]),
        ([func.QueueMessage(body="listed")], ["listed"]),
        ([], []),
        (None, []),
    ],
)
async def test_what_a_function_sets_is_sent_once_it_has_returned(desk: Desk, value: Any, sent: list[str]) -> None:
    async with (
        running_host(sending_app(value), desk.settings(), desk.storage) as host,
        aiohttp.ClientSession() as session,
    ):
        assert await (await session.post(f"{host.url}/api/send")).text() == "sent"
        assert await desk.visible() == [encoded(text) for text in sent]


async def test_a_function_that_fails_sends_nothing(desk: Desk) -> None:
    app = sending_app(["one"], fails=True)
    async with running_host(app, desk.settings(), desk.storage) as host, aiohttp.ClientSession() as session:
        assert (await session.post(f"{host.url}/api/send")).status == 500
        assert await desk.visible() == []


async def test_what_no_queue_can_carry_fails_the_function(desk: Desk) -> None:
    app = sending_app([{"a": 1}])
    async with running_host(app, desk.settings(), desk.storage) as host, aiohttp.ClientSession() as session:
        assert (await session.post(f"{host.url}/api/send")).status == 500


async def test_a_queue_function_that_returns_something_fails_as_it_does_in_azure(desk: Desk) -> None:
    await desk.put(encoded("x"))
    called = asyncio.Event()

    async def work(message: func.QueueMessage) -> str:
        called.set()
        return "nobody takes this"

    async with running_host(queue_app(work), desk.settings(max_dequeue_count=1), desk.storage, timing=QUICK):
        await called.wait()
    assert await desk.visible("-poison") == [encoded("x")]


async def test_what_a_function_returns_is_sent_where_a_binding_takes_it(desk: Desk) -> None:
    app = func.FunctionApp()
    done = asyncio.Event()

    @app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *", run_on_startup=True)
    @app.queue_output(arg_name="$return", queue_name="%QUEUE_NAME%", connection=STORAGE)
    async def tick(timer: func.TimerRequest) -> str:
        done.set()
        return "returned"

    async with running_host(app, desk.settings(), desk.storage):
        await done.wait()
    assert await desk.visible() == [encoded("returned")]


async def test_a_queue_function_can_be_called_by_hand(desk: Desk) -> None:
    handler = Handler()
    async with (
        running_host(handler.app(), desk.settings(), desk.storage, timing=QUICK) as host,
        aiohttp.ClientSession() as session,
    ):
        await session.post(f"{host.url}/admin/functions/work", json={"input": {"a": 1}})
        assert (await handler.got.get()).get_json() == {"a": 1}


async def test_work_under_way_is_finished_when_the_host_stops(desk: Desk) -> None:
    await desk.put(encoded("x"))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(message: func.QueueMessage) -> None:
        begun.set()
        await go_on.wait()

    async with running_host(queue_app(work), desk.settings(), desk.storage, timing=QUICK):
        await begun.wait()
        asyncio.get_running_loop().call_soon(go_on.set)
    assert await desk.held() == 0


async def test_work_that_does_not_end_is_cancelled_when_the_host_stops_and_its_message_is_free_at_once(
    desk: Desk,
) -> None:
    await desk.put(encoded("x"))
    begun = asyncio.Event()

    async def work(message: func.QueueMessage) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with running_host(queue_app(work), desk.settings(), desk.storage, timing=Timing(grace=0.05)):
        await begun.wait()
    assert await desk.visible() == [encoded("x")]


async def test_a_queue_that_cannot_be_read_is_said_once_and_read_again_when_it_can(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    handler, clock = Handler(), FakeClock()
    async with running_host(handler.app(), desk.settings(), desk.storage, timing=Timing(clock)):
        async with desk.queue() as client:
            await client.delete_queue()
            waits = len(clock.slept)
            async with asyncio.timeout(30):
                while len(clock.slept) < waits + 5:
                    await desk.visible_or_gone()
            await client.create_queue()
        await desk.put(encoded("x"))
        await handler.got.get()
    assert caplog.text.count("cannot be read for now") == 1


async def test_storage_that_does_not_answer_is_a_problem() -> None:
    nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:1/a;"
    with pytest.raises(LocalProblem, match="The storage does not answer"):
        async with running_host(Handler().app(), HostSettings(values={"QUEUE_NAME": "q-q"}), nowhere):
            pass


async def test_a_connection_string_that_is_none_is_a_problem_that_keeps_it_to_itself() -> None:
    with pytest.raises(LocalProblem) as problem:
        async with running_host(Handler().app(), HostSettings(values={"QUEUE_NAME": "q-q"}), "AccountKey=c2VjcmV0"):
            pass
    assert str(problem.value) == "Setting AzureWebJobsStorage is no connection string of a storage account."


async def test_a_queue_that_cannot_be_is_a_problem_that_names_it(azurite: str) -> None:
    with pytest.raises(LocalProblem, match=r"^Queue 'Upper_Case' cannot be made: "):
        async with running_host(Handler().app(), HostSettings(values={"QUEUE_NAME": "Upper_Case"}), azurite):
            pass


async def test_another_connection_is_read_from_its_setting(desk: Desk) -> None:
    app = func.FunctionApp()
    called = asyncio.Event()

    @app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection="ELSEWHERE")
    async def work(message: func.QueueMessage) -> None:
        called.set()

    await desk.put(encoded("x"))
    settings = HostSettings(values={"QUEUE_NAME": desk.name, "ELSEWHERE": desk.storage})
    async with running_host(app, settings, "", timing=QUICK):
        await called.wait()
    assert await desk.held() == 0
