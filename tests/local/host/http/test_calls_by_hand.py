"""Functions that are called by hand, over the admin addresses."""

import asyncio
import logging
from typing import Any

import aiohttp
import azure.functions as func
import pytest

from local.host.host import running_host
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside

SETTINGS = HostSettings(values={})
NO_STORAGE = ""


class Called:
    """Waits for functions that are called without an answer."""

    def __init__(self) -> None:
        self.values: asyncio.Queue[Any] = asyncio.Queue()

    def app(self) -> func.FunctionApp:
        app = func.FunctionApp()

        @app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
        async def tick(timer: func.TimerRequest) -> None:
            self.values.put_nowait(timer.past_due)

        @app.route("x", methods=["GET"])
        async def ask(req: func.HttpRequest) -> str:
            self.values.put_nowait((req.method, req.get_body()))
            return "x"

        return app


@pytest.mark.parametrize(("name", "expected"), [("tick", False), ("ask", ("POST", b"given"))])
async def test_any_function_can_be_called_by_hand(name: str, expected: object) -> None:
    called = Called()
    async with (
        running_host(WorkerInside(called.app()), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        answer = await session.post(f"{host.url}/admin/functions/{name}", json={"input": "given"})
        assert answer.status == 202
        assert await called.values.get() == expected


async def test_a_call_by_hand_that_cannot_be_made_is_refused() -> None:
    async with (
        running_host(WorkerInside(Called().app()), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        url = f"{host.url}/admin/functions"
        assert (await session.post(f"{url}/nobody", json={"input": ""})).status == 404
        assert [(await session.post(f"{url}/tick", data=body)).status for body in (b"", b"[]", b"{}")] == [400] * 3


async def test_a_function_called_by_hand_that_fails_is_logged_and_disturbs_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed, app = asyncio.Event(), func.FunctionApp()

    @app.route("ask")
    async def ask(req: func.HttpRequest) -> None:
        failed.set()
        raise RuntimeError("on purpose")

    with caplog.at_level(logging.ERROR):
        async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
            await session.post(f"{host.url}/admin/functions/ask", json={"input": ""})
            await failed.wait()
    assert "Function 'ask' failed." in caplog.text
    assert "The host itself failed." not in caplog.text
