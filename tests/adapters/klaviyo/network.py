"""Klaviyo's side of the network, as scripted by a test, and the product's client before it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from shared.adapters.klaviyo.client.account_key import Key
from shared.adapters.klaviyo.client.account_paces import AccountPaces
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.rates import IMPORT, LIST
from shared.adapters.klaviyo.client.retry import RetryPolicy
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink
from shared.ports import Clock, Secrets
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets

SECRET = "klaviyo-acme"
KEY = "pk_5ecret5ecret5ecret"
EMAIL = "olena.private@example.com"
SCOPES = "lists:read"

Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header that may stand there once."""
        found = [value for each, value in self.headers if each.lower() == name.lower()]
        assert len(found) <= 1
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int = 200
    body: bytes = b'{"data":{"type":"list","id":"Y6nRLr","attributes":{"name":"VIP"}}}'
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Server:
    """What was asked, where."""

    base_url: str = ""
    seen: list[Seen] = field(default_factory=list)
    served: set[asyncio.Transport | None] = field(default_factory=set)
    """The connections over which it was asked."""


def failure(status: int, *errors: Mapping[str, Any], **headers: str) -> Reply:
    """Return Klaviyo's answer to what it does not do."""
    document = {"errors": [{"code": "invalid", "title": "Invalid input.", "detail": "So it is.", **e} for e in errors]}
    return Reply(status, orjson.dumps(document), {name.replace("_", "-"): value for name, value in headers.items()})


def answer(data: Any, **more: Any) -> Reply:
    """Return Klaviyo's answer *data*."""
    return Reply(200, orjson.dumps({"data": data, **more}))


@asynccontextmanager
async def replying(*replies: Reply) -> AsyncIterator[Server]:
    """Serve *replies* in turn, the last one for ever, while the block runs."""
    server, script = Server(), list(replies)

    async def handle(request: web.BaseRequest) -> web.Response:
        headers = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        server.seen.append(Seen(request.method, request.raw_path, headers, await request.read()))
        server.served.add(request.transport)
        reply = script.pop(0) if len(script) > 1 else script[0]
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    runner = web.ServerRunner(web.Server(handle), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connecting(*connections: Connection) -> AsyncIterator[str]:
    """Treat each new connection by the next of *connections*, the last one for ever; gives the base address."""
    script, writers = list(connections), list[asyncio.StreamWriter]()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await (script.pop(0) if len(script) > 1 else script[0])(reader, writer)

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)


async def hear(reader: asyncio.StreamReader) -> bytes:
    """Read the head of a request."""
    return await reader.readuntil(b"\r\n\r\n")


def written(reply: Reply, *, length: int | None = None) -> bytes:
    """Return *reply* as bytes, as if its body had *length* bytes."""
    size = len(reply.body) if length is None else length
    head = f"HTTP/1.1 {reply.status} Status\r\nContent-Type: application/vnd.api+json\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + reply.body


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request until the other side hangs up."""
    with suppress(asyncio.IncompleteReadError):
        while await hear(reader):
            writer.write(written(Reply()))
            await writer.drain()
    writer.close()


@asynccontextmanager
async def client_of(
    base_url: str,
    *,
    clock: Clock | None = None,
    secrets: Secrets | None = None,
    draw: Callable[[], float] = lambda: 1.0,
    retry: RetryPolicy | None = None,
) -> AsyncIterator[KlaviyoClient]:
    """Give a client for *base_url*."""
    async with aiohttp.ClientSession() as session:
        yield KlaviyoClient(
            session,
            base_url,
            key=Key(secrets or MemorySecrets({SECRET: KEY}), SECRET),
            clock=clock or FakeClock(),
            draw=draw,
            retry=retry,
        )


def sink_of(client: KlaviyoClient) -> KlaviyoSink:
    """Give the sink over *client*."""
    return KlaviyoSink(client, AccountPaces(FakeClock()))


class Losses:
    """Counts attempts whose answer never came; mutable."""

    count = 0

    def __call__(self) -> None:
        self.count += 1


def get_list() -> KlaviyoRequest:
    """Return a request without a body."""
    return KlaviyoRequest("GET", "/api/lists/Y6nRLr", LIST, SCOPES)


def post_import(*pieces: bytes) -> KlaviyoRequest:
    """Return a request with a body."""
    return KlaviyoRequest(
        "POST", "/api/profile-bulk-import-jobs", IMPORT, "lists:write and profiles:write", body=pieces
    )


def all_words(error: BaseException | None) -> str:
    """Return what *error* and everything behind it say, as a log with a traceback would."""
    words = []
    while error:
        words.append(f"{error!s} {error!r}")
        error = error.__cause__ or error.__context__
    return "\n".join(words)
