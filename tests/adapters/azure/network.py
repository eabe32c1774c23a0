"""A network that fails on purpose, under the real Azure clients."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from azure.core.exceptions import ServiceResponseError
from azure.core.pipeline.transport import AioHttpTransport

Wanted = Callable[[Any], bool]


class LossyTransport(AioHttpTransport):  # type: ignore[misc]  # its package gives it no type
    """Sends requests as ever; loses the answers to the next *losses* of them that are *wanted*."""

    def __init__(self, wanted: Wanted, losses: int = 1) -> None:
        super().__init__()
        self._wanted = wanted
        self.losses = losses

    async def send(self, request: Any, **config: Any) -> Any:
        response: Any = await super().send(request, **config)
        if self.losses and self._wanted(request):
            self.losses -= 1
            response.internal_response.close()
            raise ServiceResponseError("The connection was lost.")
        return response


def method_is(method: str) -> Wanted:
    """Tell requests of one HTTP method."""
    return lambda request: bool(request.method == method)


def closed_port() -> int:
    """Return a port of loopback at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@asynccontextmanager
async def silence() -> AsyncIterator[int]:
    """Listen while the block runs, at the port given, and never answer anybody."""
    connections: list[asyncio.StreamWriter] = []

    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for connection in connections:
            connection.close()
        await asyncio.gather(*(each.wait_closed() for each in connections), return_exceptions=True)


@asynccontextmanager
async def answering(
    status: int, headers: Mapping[str, str] | None = None, *, method: str = "PUT", body: bytes = b""
) -> AsyncIterator[int]:
    """Answer requests of *method*, at the port given, with *status*, *headers* and *body* while the block runs.

    Nothing is there for any other request.
    """

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.method == method:
            return web.Response(status=status, headers=headers, body=body)
        return web.Response(status=404, headers={"x-ms-error-code": "BlobNotFound"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def all_words(error: BaseException | None) -> str:
    """Return what *error* and everything behind it say, as a log with a traceback would."""
    words = []
    while error:
        words.append(f"{error!s} {error!r}")
        error = error.__cause__ or error.__context__
    return "\n".join(words)
