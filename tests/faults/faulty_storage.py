"""A proxy before the storage emulator under which storage may do anything, and whole runs over the real adapters."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web
from azure.storage.blob.aio import BlobServiceClient, ContainerClient
from yarl import URL

from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.segments import BlobSegments
from shared.domain.errors import Retryable
from tests.builders import World, connection_document, export_document
from tests.contracts.azure_storage import FAST_OPTIONS
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments

WRITES = ("PUT", "DELETE", "POST", "PATCH")
ATTEMPTS = FAST_OPTIONS["retry_total"] + 1
"""How often the client asks before it gives up."""


class Trick(StrEnum):
    """What happens to one request."""

    BUSY = "busy"
    """A 503 that asks to slow down; nothing was done."""
    THROTTLED = "throttled"
    """A 429; nothing was done."""
    ERROR = "error"
    """A 500; nothing was done."""
    ERROR_AFTER = "error_after"
    """Everything was done, and the answer is a 500."""
    LOST = "lost"
    """Everything was done, and the connection breaks instead of an answer."""
    BROKEN_BODY = "broken_body"
    """Half of what was asked for comes, then the connection breaks."""
    SILENT = "silent"
    """Nobody answers, until the client leaves."""


_ANSWERS = {
    Trick.BUSY: (503, "ServerBusy"),
    Trick.THROTTLED: (429, "TooManyRequests"),
    Trick.ERROR: (500, "InternalError"),
    Trick.ERROR_AFTER: (500, "OperationTimedOut"),
}


@dataclass
class Plan:
    """The next *times* requests that are *wanted*, after *skip* others, go wrong like this; mutable."""

    trick: Trick
    wanted: Callable[[web.BaseRequest], bool]
    times: int
    skip: int = 0
    struck: int = 0

    def strikes(self, request: web.BaseRequest) -> bool:
        if not self.wanted(request) or self.struck == self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.struck += 1
        return True


@dataclass
class FaultyStorage:
    """What goes wrong, and what was asked; mutable."""

    connection_string: str = ""
    plans: list[Plan] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Method, path and query of every request."""
    ranges: list[tuple[str, str]] = field(default_factory=list)
    """Path and range of every request for a range, in order."""

    def fail(
        self, trick: Trick, wanted: Callable[[web.BaseRequest], bool], *, times: int = ATTEMPTS, skip: int = 0
    ) -> Plan:
        """Let the next requests that are *wanted* go wrong; by default so many that the client gives up."""
        plan = Plan(trick, wanted, times, skip)
        self.plans.append(plan)
        return plan

    def pick(self, request: web.BaseRequest) -> Trick | None:
        return next((plan.trick for plan in self.plans if plan.strikes(request)), None)


@asynccontextmanager
async def faulty_storage(connection_string: str) -> AsyncIterator[FaultyStorage]:
    """Stand before the storage of *connection_string* while the block runs."""
    parts = dict(part.split("=", 1) for part in connection_string.rstrip(";").split(";"))
    behind = urlsplit(parts["BlobEndpoint"])
    storage = FaultyStorage()
    leaving: set[asyncio.Event] = set()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        storage.asked.append(f"{request.method} {request.raw_path}")
        if wanted_range := request.headers.get("x-ms-range"):
            storage.ranges.append((request.path, wanted_range))
        trick = storage.pick(request)
        body = await request.read()
        if trick is Trick.SILENT:
            leaving.add(event := asyncio.Event())
            await event.wait()
        if trick in _ANSWERS and trick is not Trick.ERROR_AFTER:
            return _answer(trick)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        url = URL(f"http://{behind.netloc}{request.raw_path}", encoded=True)
        async with session.request(request.method, url, data=body or None, headers=headers) as response:
            return await _hand_on(request, response, await response.read(), trick)

    runner = web.ServerRunner(web.Server(handle), access_log=None, shutdown_timeout=0.0)
    await runner.setup()
    async with aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=("Content-Type", "Accept")) as session:
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port = runner.addresses[0][1]
            storage.connection_string = connection_string.replace(behind.netloc, f"127.0.0.1:{port}")
            yield storage
        finally:
            for event in leaving:
                event.set()
            await runner.cleanup()


async def _hand_on(
    request: web.BaseRequest, response: aiohttp.ClientResponse, body: bytes, trick: Trick | None
) -> web.StreamResponse:
    assert request.transport
    if trick is Trick.ERROR_AFTER:
        return _answer(trick)
    if trick is Trick.LOST:
        request.transport.abort()
        return web.Response()
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _HOP}
    if trick is not Trick.BROKEN_BODY:
        return web.Response(status=response.status, body=body or None, headers=headers)
    half = web.StreamResponse(status=response.status, headers=headers)
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    request.transport.abort()
    return half


def _answer(trick: Trick) -> web.Response:
    status, code = _ANSWERS[trick]
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>The test says so.</Message></Error>"
    return web.Response(status=status, text=body, headers={"x-ms-error-code": code}, content_type="application/xml")


class StoredWorld(World):
    """The product over real storage but for its leases, and Klaviyo in memory; mutable.

    Its time stands still while a leg works, since storage is another process; `go` lets minutes pass between legs.
    """

    def __init__(
        self, storage: FaultyStorage, clients: tuple[BlobServiceClient, BlobServiceClient], name: str, **world: Any
    ) -> None:
        super().__init__(clock=FakeClock(jumps=False), **world)
        self.storage = storage
        service, quick = clients
        self.made: ContainerClient = service.get_container_client(name)
        self.real = BlobDocuments(service, name)
        segments = BlobSegments(quick, name, first_range_bytes=500, range_bytes=1_000)
        self.resources = replace(self.resources, segments=segments)
        self.keep_documents_in(self.real)

    async def read_back(self) -> None:
        """Let all go well, and take what lies in storage into memory, where the questions of `World` look for it."""
        self.storage.plans.clear()
        there = MemoryDocuments()
        async for name in self.made.list_blob_names():
            there.blobs[name] = await (await self.made.download_blob(name)).readall()
        self.documents = there

    async def go(self, *waiting: Any) -> None:
        """Deliver messages, and let minutes pass, until no run is active."""
        messages = list(waiting)
        for _ in range(300):
            came_back = []
            while messages:
                wake_up = messages.pop(0)
                try:
                    messages += await self.leg(wake_up)
                except Retryable:
                    came_back.append(wake_up)
            if await self._has_ended():
                return
            await self.clock.advance(60)
            messages = [*came_back, *await self._tick_if_it_can()]
        raise AssertionError("The run did not end.")

    async def _has_ended(self) -> bool:
        try:
            return not [name async for name in self.real.names("active/")]
        except Retryable:
            return False

    async def _tick_if_it_can(self) -> list[Any]:
        try:
            return await self.tick()
        except Retryable:
            return []  # the next minute brings another tick


@asynccontextmanager
async def stored_world(connection_string: str, blobs: Mapping[str, bytes], **world: Any) -> AsyncGenerator[StoredWorld]:
    """Open a world with one segment of *blobs* in a container of its own; until *storage* is told, all goes well."""
    name = f"test-{uuid4().hex}"
    async with (
        faulty_storage(connection_string) as storage,
        BlobServiceClient.from_connection_string(storage.connection_string, **FAST_OPTIONS) as service,
        BlobServiceClient.from_connection_string(
            storage.connection_string, **{**FAST_OPTIONS, "read_timeout": 0.3}
        ) as quick,
    ):
        made = await service.create_container(name)
        for path, body in blobs.items():
            await made.upload_blob(path, body)
        opened = StoredWorld(storage, (service, quick), name, **world)
        await opened.real.insert("exports/vip.json", export_document())
        await opened.real.insert("connections/acme.json", connection_document())
        storage.asked.clear()
        yield opened
        storage.plans.clear()
        await made.delete_container()


_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "host", "expect")
