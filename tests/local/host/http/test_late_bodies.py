"""A body that comes late: the host, as the real one, hands a request on when its body is whole."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import azure.functions as func

from local.host.host import running_host
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside
from tests.local.host.http.test_http_triggers import app_of

SETTINGS = HostSettings(values={})
NO_STORAGE = ""


async def test_a_function_is_called_when_the_whole_body_is_there_also_where_it_refuses_by_the_length() -> None:
    called: list[int] = []

    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        called.append(int(req.headers["content-length"]))
        return func.HttpResponse(status_code=413)

    app = app_of(ask, methods=("POST",))
    async with running_host(WorkerInside(app), SETTINGS, NO_STORAGE) as host, aiohttp.ClientSession() as session:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(host.url).port)
        writer.write(b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + bytes(199_999))
        await writer.drain()
        assert (await session.post(f"{host.url}/api/ask", data=b"x")).status == 413
        assert called == [1]
        writer.write(b"x")
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
        assert called == [1, 200_000]
        writer.close()
        await writer.wait_closed()
