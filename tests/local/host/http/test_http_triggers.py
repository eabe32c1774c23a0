"""HTTP triggers, as a caller sees them."""

import asyncio
import io
import socket
from typing import Any

import aiohttp
import azure.functions as func
import pytest

from local.host.host import Timing, running_host
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside
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
    async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
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

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
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

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        answer = await session.get(f"{host.url}/api/ask")
        assert (await answer.text(), answer.headers["Content-Type"]) == ("x", content_type)


async def test_a_plain_function_runs_as_well_as_a_coroutine() -> None:
    def ask(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("plain")

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert await (await session.get(f"{host.url}/api/ask")).text() == "plain"


async def test_a_function_that_raises_answers_500_without_a_word_and_the_log_has_the_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        raise RuntimeError("the secret cause")

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        answer = await session.get(f"{host.url}/api/ask")
        assert answer.status == 500
        assert await answer.read() == b""
    assert "RuntimeError: the secret cause" in caplog.text


async def test_a_function_that_answers_nothing_is_a_500() -> None:
    async def ask(req: func.HttpRequest) -> None: ...

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.get(f"{host.url}/api/ask")).status == 500


async def test_a_function_that_takes_longer_than_the_limit_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(req: func.HttpRequest) -> None:
        await asyncio.Event().wait()

    settings = HostSettings(values={}, function_timeout=0.01)
    async with (
        running_host(WorkerInside(app_of(ask)), settings, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.get(f"{host.url}/api/ask")).status == 500
    assert "Function 'ask' took longer than functionTimeout allows." in caplog.text


async def test_methods_and_paths_that_no_function_has_are_refused() -> None:
    async def ask(req: func.HttpRequest) -> str:
        return "x"

    async with (
        running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.post(f"{host.url}/api/ask")).status == 404
        assert (await session.head(f"{host.url}/api/ask")).status == 404
        assert (await session.get(f"{host.url}/ask")).status == 404


async def test_one_route_can_have_a_function_for_each_method_and_the_first_name_wins() -> None:
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

    async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        answers = [
            await (await session.request(method, f"{host.url}/api/a/1/{name}")).text()
            for method, name in [("GET", "other"), ("GET", "known"), ("DELETE", "other")]
        ]
    assert answers == ["any other", "any known", "delete"]


async def test_an_answer_to_a_client_of_http_1_0_comes_in_one_piece() -> None:
    async def ask(req: func.HttpRequest) -> str:
        return "x"

    async with running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(host.url.rpartition(":")[2]))
        writer.write(b"GET /api/ask HTTP/1.0\r\nHost: localhost\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert answer.endswith(b"\r\n\r\nx")


@pytest.mark.parametrize(("prefix", "path"), [("", "/ask"), ("v1", "/v1/ask"), ("/v1/", "/v1/ask")])
async def test_the_prefix_of_host_json_stands_before_every_route(prefix: str, path: str) -> None:
    async def ask(req: func.HttpRequest) -> str:
        return "x"

    settings = HostSettings(values={}, route_prefix=prefix)
    async with (
        running_host(WorkerInside(app_of(ask)), settings, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.get(f"{host.url}{path}")).status == 200


async def test_a_body_of_several_mebibytes_is_taken() -> None:
    async def ask(req: func.HttpRequest) -> str:
        return str(len(req.get_body()))

    app = app_of(ask, methods=("POST",))
    async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert await (await session.post(f"{host.url}/api/ask", data=io.BytesIO(bytes(5_000_000)))).text() == "5000000"


async def test_a_client_that_waits_for_leave_to_send_its_body_gets_it() -> None:
    async def ask(req: func.HttpRequest) -> str:
        return req.get_body().decode()

    app = app_of(ask, methods=("POST",))
    async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        assert (
            await (await session.post(f"{host.url}/api/ask", data=b"after all", expect100=True)).text() == "after all"
        )


async def test_a_host_whose_home_page_is_off_answers_there_without_a_body() -> None:
    settings = HostSettings(values={"AzureWebJobsDisableHomepage": "true"})
    async with (
        running_host(WorkerInside(func.FunctionApp()), settings, NO_STORAGE) as host,
        aiohttp.ClientSession() as session,
    ):
        assert (await session.get(host.url)).status == 204


async def test_a_client_that_hangs_up_does_not_end_the_function() -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def ask(req: func.HttpRequest) -> str:
        begun.set()
        await go_on.wait()
        ended.set()
        return "nobody hears that"

    async with running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host:
        async with aiohttp.ClientSession() as session:
            asking = asyncio.create_task(session.get(f"{host.url}/api/ask"))
            await begun.wait()
            asking.cancel()
        go_on.set()
        await ended.wait()


async def test_a_port_in_use_is_a_problem_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalProblem, match=f"^Port {port} is in use: "):
            async with running_host(WorkerInside(func.FunctionApp()), SETTINGS, NO_STORAGE, port):
                pass


async def test_a_port_that_cannot_be_is_a_problem() -> None:
    with pytest.raises(LocalProblem, match=r"^There is no port 70000"):
        async with running_host(WorkerInside(func.FunctionApp()), SETTINGS, NO_STORAGE, 70000):
            pass


async def test_a_request_under_way_is_answered_before_the_host_stops() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def ask(req: func.HttpRequest) -> str:
        begun.set()
        await go_on.wait()
        return "answered"

    async with aiohttp.ClientSession() as session:
        async with running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE) as host:
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
        async with running_host(WorkerInside(app_of(ask)), SETTINGS, NO_STORAGE, timing=QUICK) as host:
            asking = asyncio.create_task(session.get(f"{host.url}/api/ask"))
            await begun.wait()
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert cancelled.is_set()
