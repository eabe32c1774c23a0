"""What functions send to queues, on a real Azurite."""

import asyncio
from typing import Any, List  # noqa: UP035 - as the app writes it

import aiohttp
import azure.functions as func
import pytest

from local.host.host import running_host
from local.host.worker.inside import WorkerInside
from tests.local.host.desk import QUICK, STORAGE, Desk, encoded, queue_app


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
        running_host(WorkerInside(sending_app(value)), desk.settings(), desk.storage) as host,
        aiohttp.ClientSession() as session,
    ):
        assert await (await session.post(f"{host.url}/api/send")).text() == "sent"
        assert await desk.visible() == [encoded(text) for text in sent]


async def test_a_function_that_fails_sends_nothing(desk: Desk) -> None:
    app = sending_app(["one"], fails=True)
    async with (
        running_host(WorkerInside(app), desk.settings(), desk.storage) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.post(f"{host.url}/api/send")).status == 500
        assert await desk.visible() == []


async def test_what_no_queue_can_carry_fails_the_function(desk: Desk) -> None:
    app = sending_app([{"a": 1}])
    async with (
        running_host(WorkerInside(app), desk.settings(), desk.storage) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.post(f"{host.url}/api/send")).status == 500


async def test_a_queue_function_that_returns_something_fails_as_it_does_in_azure(desk: Desk) -> None:
    await desk.put(encoded("x"))
    called = asyncio.Event()

    async def work(message: func.QueueMessage) -> str:
        called.set()
        return "nobody takes this"

    async with running_host(
        WorkerInside(queue_app(work)), desk.settings(max_dequeue_count=1), desk.storage, timing=QUICK
    ):
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

    async with running_host(WorkerInside(app), desk.settings(), desk.storage):
        await done.wait()
    assert await desk.visible() == [encoded("returned")]
