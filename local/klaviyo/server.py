"""Serves the simulator over HTTP on this machine."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import unquote

from aiohttp import web

from local.klaviyo.behaviour.settings import Fault
from local.klaviyo.http.calls import Answer, Call, PendingCall
from local.klaviyo.http.control import add_control_routes
from local.klaviyo.simulator import Simulator

MAX_READ = 64 * 1024 * 1024
"""The largest body in bytes that the server reads: more than Klaviyo's limit, so that Klaviyo's limit applies."""

_SECONDS_TO_END = 1.0
_PAGE_FOR_PEOPLE = b"<!DOCTYPE html><html><head><title>One moment</title></head><body>Please wait.</body></html>"
_RESET_AT_ONCE = struct.pack("ii", 1, 0)


@asynccontextmanager
async def serving(
    simulator: Simulator, *, host: str = "127.0.0.1", port: int = 0, in_threads: bool = False
) -> AsyncGenerator[str]:
    """Serve *simulator* while the block runs, and yield the base address; port 0 takes a free port.

    With *in_threads*, threads read large bodies, so that the event loop admits and counts other requests meanwhile.
    A simulator with a test clock needs *in_threads* off, because a thread's work takes no time on that clock.
    """
    runner = web.AppRunner(
        _app(simulator, in_threads=in_threads), access_log=None, handle_signals=False, shutdown_timeout=_SECONDS_TO_END
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _app(simulator: Simulator, *, in_threads: bool) -> web.Application:
    app = web.Application(client_max_size=MAX_READ)
    add_control_routes(app, simulator)

    async def handle(request: web.Request) -> web.StreamResponse:
        return await _handle(simulator, request, in_threads=in_threads)

    app.router.add_route("*", "/{path:.*}", handle)
    return app


async def _handle(simulator: Simulator, request: web.Request, *, in_threads: bool) -> web.StreamResponse:
    if simulator.behaviour.counted_at == "body":
        await request.read()
    pending = simulator.admit(_call(request))
    fault = pending.draw.fault
    if fault is Fault.RESET_BEFORE:
        return _reset(simulator, request, pending)
    body = await request.read()
    if pending.draw.wait:
        await simulator.clock.sleep(pending.draw.wait)
    prepared = await asyncio.to_thread(simulator.prepare, pending, body) if in_threads else None
    answer = simulator.answer(pending, body, prepared)
    if fault is Fault.RESET_AFTER:
        return _reset(simulator, request, pending)
    if fault is Fault.SLOW:
        await simulator.clock.sleep(simulator.behaviour.slow_seconds)
    simulator.stats.answered(pending.name, str(answer.status))
    return _response(answer, no_json=fault is Fault.NO_JSON)


def _call(request: web.Request) -> Call:
    return Call(
        method=request.method,
        path=unquote(request.rel_url.raw_path),
        query=dict(request.query),
        headers={name.lower(): value for name, value in request.headers.items()},
        base_url=f"{request.scheme}://{request.host}",
    )


def _response(answer: Answer, *, no_json: bool) -> web.Response:
    if no_json:
        return web.Response(status=answer.status, body=_PAGE_FOR_PEOPLE, headers={"Content-Type": "text/html"})
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _reset(simulator: Simulator, request: web.Request, pending: PendingCall) -> web.Response:
    """Reset the connection of the request, as a restarted proxy does."""
    simulator.stats.answered(pending.name, "reset")
    transport = request.transport
    if isinstance(transport, asyncio.Transport):
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        transport.abort()
    return web.Response()
