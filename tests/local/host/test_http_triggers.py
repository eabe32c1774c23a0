"""HTTP triggers, as a caller sees them."""

import asyncio
import logging
import socket
from typing import Any

import aiohttp
import azure.functions as func
import pytest

from local.host.host import Timing, running_host
from local.host.settings import HostSettings
from local.processes import LocalProblem

SETTINGS = HostSettings(values={})
NO_STORAGE = ""
QUICK = Timing(grace=0.05)


def app_of(function: Any, route: str = "ask", methods: tuple[str, ...] = ("GET",)) -> func.FunctionApp:
    app = func.FunctionApp()
    app.route(route, methods=methods)(function)
    return app


async def test_a_function_gets_the_request_whole() -> None:
    got: list[func.HttpRequest] = []

    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        got.append(req)
        return func.HttpResponse()

    app = app_of(ask, "exports/{export_id}/runs", ("POST",))
    async with running_host(app, SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        url = f"{host.url}/api/exports/vip%20list/runs"
        await session.post(url, params={"limit": "5"}, headers={"Idempotency-Key": "k"}, data=b"\x00body")
    [request] = got
    assert request.method == "POST"
    assert request.url == f"{url}?limit=5"
    assert request.route_params == {"export_id": "vip list"}
    assert request.params == {"limit": "5"}
    assert request.headers["idempotency-key"] == "k"
    assert request.get_body() == b"\x00body"


async def test_a_caller_gets_the_answer_whole() -> None:
    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(
            b"{}", status_code=202, headers={"Location": "/x"}, mimetype="application/problem+json"
        )

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answer = await session.get(f"{host.url}/api/ask")
        assert answer.status == 202
        assert answer.headers["Location"] == "/x"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert await answer.read() == b"{}"


@pytest.mark.parametrize(
    ("response", "content_type"),
    [
        (func.HttpResponse("x"), "text/plain; charset=utf-8"),
        (func.HttpResponse(b"x", mimetype="text/csv", charset="latin-1"), "text/csv; charset=latin-1"),
        (func.HttpResponse("x", mimetype="application/json"), "application/json"),
        (func.HttpResponse("x", headers={"content-type": "image/png"}), "image/png"),
        ("x", "text/plain; charset=utf-8"),
    ],
)
async def test_the_content_type_is_the_one_that_azures_worker_sends(response: Any, content_type: str) -> None:
    async def ask(req: func.HttpRequest) -> Any:
        return response

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answer = await session.get(f"{host.url}/api/ask")
        assert (await answer.text(), answer.headers["Content-Type"]) == ("x", content_type)


async def test_a_plain_function_runs_as_well_as_a_coroutine() -> None:
    def ask(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("plain")

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert await (await session.get(f"{host.url}/api/ask")).text() == "plain"


async def test_a_function_that_raises_answers_500_in_plain_words_and_the_log_has_the_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        raise RuntimeError("the secret cause")

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answer = await session.get(f"{host.url}/api/ask")
        assert answer.status == 500
        assert await answer.text() == "Function 'ask' failed; the host's log says why.\n"
    assert "RuntimeError: the secret cause" in caplog.text


async def test_a_function_that_answers_nothing_is_a_500() -> None:
    async def ask(req: func.HttpRequest) -> None: ...

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert (await session.get(f"{host.url}/api/ask")).status == 500


async def test_a_function_that_takes_longer_than_the_limit_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(req: func.HttpRequest) -> None:
        await asyncio.Event().wait()

    settings = HostSettings(values={}, function_timeout=0.01)
    async with running_host(app_of(ask), settings, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert (await session.get(f"{host.url}/api/ask")).status == 500
    assert "Function 'ask' took longer than functionTimeout allows." in caplog.text


async def test_methods_and_paths_that_no_function_has_are_refused() -> None:
    async def ask(req: func.HttpRequest) -> str:
        return "x"

    async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert (await session.post(f"{host.url}/api/ask")).status == 405
        assert (await session.head(f"{host.url}/api/ask")).status == 405
        assert (await session.get(f"{host.url}/ask")).status == 404


async def test_one_route_can_have_a_function_for_each_method_and_the_plainer_route_wins() -> None:
    app = func.FunctionApp()

    @app.route("a/{id}/{name}", methods=["GET"])
    async def a_any(req: func.HttpRequest) -> str:
        return f"any {req.route_params['name']}"

    @app.route("a/{id}/known", methods=["GET"])
    async def b_known(req: func.HttpRequest) -> str:
        return "known"

    @app.route("a/{id}/{name}", methods=["DELETE"])
    async def c_delete(req: func.HttpRequest) -> str:
        return "delete"

    async with running_host(app, SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answers = [
            await (await session.request(method, f"{host.url}/api/a/1/{name}")).text()
            for method, name in [("GET", "other"), ("GET", "known"), ("DELETE", "other")]
        ]
    assert answers == ["any other", "known", "delete"]


@pytest.mark.parametrize(("prefix", "path"), [("", "/ask"), ("v1", "/v1/ask"), ("/v1/", "/v1/ask")])
async def test_the_prefix_of_host_json_stands_before_every_route(prefix: str, path: str) -> None:
    async def ask(req: func.HttpRequest) -> str:
        return "x"

    settings = HostSettings(values={}, route_prefix=prefix)
    async with running_host(app_of(ask), settings, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert (await session.get(f"{host.url}{path}")).status == 200


async def test_a_port_in_use_is_a_problem_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalProblem, match=f"^Port {port} is in use: "):
            async with running_host(func.FunctionApp(), SETTINGS, NO_STORAGE, port):
                pass


async def test_a_port_that_cannot_be_is_a_problem() -> None:
    with pytest.raises(LocalProblem, match=r"^There is no port 70000"):
        async with running_host(func.FunctionApp(), SETTINGS, NO_STORAGE, 70000):
            pass


async def test_a_request_under_way_is_answered_before_the_host_stops() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def ask(req: func.HttpRequest) -> str:
        begun.set()
        await go_on.wait()
        return "answered"

    async with aiohttp.ClientSession() as session:
        async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host:
            asking = asyncio.create_task(session.get(f"{host.url}/api/ask"))
            await begun.wait()
            asyncio.get_running_loop().call_soon(go_on.set)
        assert await (await asking).text() == "answered"


async def test_a_request_that_does_not_end_is_cancelled_when_the_host_stops() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def ask(req: func.HttpRequest) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with aiohttp.ClientSession() as session:
        async with running_host(app_of(ask), SETTINGS, NO_STORAGE, timing=QUICK) as host:
            asking = asyncio.create_task(session.get(f"{host.url}/api/ask"))
            await begun.wait()
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert cancelled.is_set()


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
    async with running_host(called.app(), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answer = await session.post(f"{host.url}/admin/functions/{name}", json={"input": "given"})
        assert answer.status == 202
        assert await called.values.get() == expected


async def test_a_call_by_hand_that_cannot_be_made_is_refused() -> None:
    async with running_host(Called().app(), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        url = f"{host.url}/admin/functions"
        assert (await session.post(f"{url}/nobody", json={"input": ""})).status == 404
        assert [(await session.post(f"{url}/tick", data=body)).status for body in (b"", b"[]", b"{}")] == [400] * 3


async def test_a_function_called_by_hand_that_fails_is_logged_and_disturbs_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = asyncio.Event()

    async def ask(req: func.HttpRequest) -> None:
        failed.set()
        raise RuntimeError("on purpose")

    with caplog.at_level(logging.ERROR):
        async with running_host(app_of(ask), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
            await session.post(f"{host.url}/admin/functions/ask", json={"input": ""})
            await failed.wait()
    assert "Function 'ask' failed." in caplog.text
    assert "The host itself failed." not in caplog.text
