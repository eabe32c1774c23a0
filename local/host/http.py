"""HTTP triggers, and the admin address that calls any function by hand."""

import errno
import json
from collections.abc import Awaitable, Callable, Sequence

import azure.functions as func
from aiohttp import web

from local.host.door import ADMIN, door
from local.host.functions import HostedFunction, Http, Queue
from local.host.invocation import FunctionFailed, Invoker, Work
from local.host.queues import TriggeringMessage
from local.host.timers import TimerCall
from local.processes import LocalProblem
from shared.api.http.request import MAX_BODY_BYTES

HOST = "127.0.0.1"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def start_server(application: web.Application, port: int, *, grace: float) -> tuple[web.AppRunner, str]:
    """Start to serve; return the server and its address. The server's `cleanup` waits *grace* seconds for requests."""
    server = web.AppRunner(application, access_log=None, shutdown_timeout=grace)
    await server.setup()
    try:
        await _listen(web.TCPSite(server, HOST, port), port)
    except BaseException:
        await server.cleanup()
        raise
    return server, f"http://{HOST}:{server.addresses[0][1]}"


def http_application(
    functions: Sequence[HostedFunction], invoker: Invoker, work: Work, *, prefix: str
) -> web.Application:
    """Return the application with a route for each HTTP function, and one for calls by hand.

    It reads no more of a body than the app does.
    """
    application = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=(door,))
    # As in Azure, /exports/all is tried before /exports/{id}.
    for function in sorted(functions, key=_openness):
        if isinstance(function.trigger, Http):
            for method in function.trigger.methods:
                path = address(prefix, function.trigger)
                application.router.add_route(method, path, _handler(function, invoker))
    application.router.add_post(f"{ADMIN}functions/{{name}}", _admin(functions, invoker, work))
    return application


def address(prefix: str, trigger: Http) -> str:
    """Return the path of a function's HTTP trigger."""
    return "/" + "/".join(part for part in (prefix.strip("/"), trigger.route) if part)


async def _listen(site: web.TCPSite, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LocalProblem(
                f"Port {port} is in use: end the program that listens there, or choose another --port."
            ) from None
        raise LocalProblem(f"Port {port} cannot be used: {error.strerror}. Choose another --port.") from error
    except OverflowError:
        raise LocalProblem(f"There is no port {port}: choose one up to 65535.") from None


def _openness(function: HostedFunction) -> list[bool]:
    route = function.trigger.route if isinstance(function.trigger, Http) else ""
    return [part.startswith("{") for part in route.split("/")]


def _handler(function: HostedFunction, invoker: Invoker) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = func.HttpRequest(
            request.method,
            str(request.url),
            headers=dict(request.headers),
            params=dict(request.query),
            route_params=dict(request.match_info),
            body=await request.read(),
        )
        try:
            return _response(await invoker.invoke(function, asked))
        except FunctionFailed:
            return web.Response(status=500, text=f"Function '{function.name}' failed; the host's log says why.\n")

    return handle


def _response(result: object) -> web.Response:
    """Return a function's result as a response, by the rules of Azure's Python worker."""
    if isinstance(result, str):
        return web.Response(text=result)
    if not isinstance(result, func.HttpResponse):
        return web.Response(status=500, text="The function returned neither HttpResponse nor text.\n")
    response = web.Response(status=result.status_code, body=result.get_body())
    for name, value in result.headers.items():
        response.headers.add(name, value)
    if "Content-Type" not in result.headers:
        is_text = result.mimetype.startswith("text/")
        response.headers["Content-Type"] = (
            f"{result.mimetype}; charset={result.charset}" if is_text else result.mimetype
        )
    return response


def _admin(functions: Sequence[HostedFunction], invoker: Invoker, work: Work) -> Handler:
    named = {function.name: function for function in functions}

    async def call(request: web.Request) -> web.Response:
        function = named.get(request.match_info["name"])
        if function is None:
            return web.Response(status=404, text="There is no such function.\n")
        try:
            given = json.loads(await request.read())["input"]
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400, text='The body must be {"input": "..."}.\n')
        body = given if isinstance(given, str) else json.dumps(given)
        work.start(invoker.invoke(function, _by_hand(function, str(request.url), body.encode())))
        return web.Response(status=202)

    return call


def _by_hand(function: HostedFunction, url: str, body: bytes) -> object:
    """Return the value that the function's trigger would pass to the function."""
    if isinstance(function.trigger, Http):
        return func.HttpRequest("POST", url, body=body)
    return TriggeringMessage(body) if isinstance(function.trigger, Queue) else TimerCall()
