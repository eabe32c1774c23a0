"""A proxy before the storage emulator: counts requests to blobs by the kinds that Azure bills."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from enum import StrEnum
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from local.host.timer_blobs import HOSTS_CONTAINER

_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "host", "expect")
_WRITES = ("block", "blocklist", "appendblock")


class Kind(StrEnum):
    """The kinds of requests to Blob Storage in Azure's price list."""

    WRITE = "write"
    LIST = "list"
    READ = "read"
    OTHER = "other"
    FREE = "free"


def kind_of(method: str, path: str, query: Mapping[str, str]) -> Kind:
    """Return the billed kind of a request; *path* is ``/account/container/blob``, the form of the emulator."""
    asked = query.get("comp")
    is_blob = path.count("/") >= 3 and "restype" not in query  # noqa: PLR2004 - account, container, blob
    match method:
        case "DELETE":
            return Kind.FREE
        case "GET" if asked == "list":
            return Kind.LIST
        case "GET" if is_blob and asked is None:
            return Kind.READ
        case "PUT" if is_blob and (asked is None or asked in _WRITES):
            return Kind.WRITE
        case "PUT" if not is_blob and asked is None:
            return Kind.LIST  # creating a container has the price of a listing
        case _:
            return Kind.OTHER


def counter(counts: Counter[Kind]) -> Callable[[str], AbstractAsyncContextManager[str]]:
    """Return a context manager that runs a proxy before a storage and counts its requests into *counts*.

    The context manager takes the storage's connection string and yields the proxy's.
    """

    @asynccontextmanager
    async def proxy(connection_string: str) -> AsyncIterator[str]:
        parts = dict(part.split("=", 1) for part in connection_string.rstrip(";").split(";"))
        behind = urlsplit(parts["BlobEndpoint"]).netloc

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            if HOSTS_CONTAINER not in request.path:  # what the host itself asks for has a table of its own
                counts[kind_of(request.method, request.path, request.query)] += 1
            url = URL(f"http://{behind}{request.raw_path}", encoded=True)
            body = await request.read()
            headers = _without_hops(request.headers)
            async with session.request(request.method, url, data=body or None, headers=headers) as answer:
                return web.Response(
                    status=answer.status, body=await answer.read() or None, headers=_without_hops(answer.headers)
                )

        runner = web.ServerRunner(web.Server(handle), access_log=None, shutdown_timeout=0.0)
        await runner.setup()
        async with aiohttp.ClientSession(
            auto_decompress=False, skip_auto_headers=("Content-Type", "Accept")
        ) as session:
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                yield connection_string.replace(behind, f"127.0.0.1:{runner.addresses[0][1]}")
            finally:
                await runner.cleanup()

    return proxy


def _without_hops(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _HOP}
