"""The server: reads requests, and answers each as Azure's host does."""

import errno
import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from aiohttp import web

from local.host.functions import HostedFunction
from local.host.http.admin import ADMIN, PING, Admin
from local.host.http.answers import BrokenAnswer, CutOff, empty, response_of
from local.host.http.authentication import Authentication
from local.host.http.door import turned_away
from local.host.http.keys import Keys, given_key
from local.host.http.requests import handed_on, limit_broken
from local.host.http.routes import BadAddress, Found, Routes, resolved
from local.host.invocation import FunctionFailed, Invoker, Work
from local.host.settings import HostSettings
from local.processes import LocalProblem

HOST = "127.0.0.1"
HOME = "<!DOCTYPE html>\n<title>Functions</title>\n<h1>Your Functions app is up and running</h1>\n"
_BY_HAND = (ADMIN, "/.auth/")
"""How the addresses begin behind which no function looks whether a foreign page calls it."""
_WITHOUT_HOME = "AzureWebJobsDisableHomepage"
_PARSER_LIMIT = 256 * 1024
"""Far above the limits of `limit_broken`, so that requests get there."""

Guard = Keys | Authentication
"""Who looks whether a caller may come in."""
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

logger = logging.getLogger(__name__)


async def start_server(handler: Handler, port: int, *, grace: float) -> tuple[web.ServerRunner, str]:
    """Start to serve; return the server and its address. The server's `cleanup` waits *grace* seconds for requests."""
    server = web.ServerRunner(_Server(handler), shutdown_timeout=grace)
    await server.setup()
    try:
        await _listen(web.TCPSite(server, HOST, port), port)
    except BaseException:
        await server.cleanup()
        raise
    return server, f"http://{HOST}:{server.addresses[0][1]}"


class HttpFront:
    """Answers every request; without a *guard* all functions are open, as under ``func start``."""

    def __init__(
        self,
        functions: Sequence[HostedFunction],
        invoker: Invoker,
        work: Work,
        settings: HostSettings,
        guard: Guard | None = None,
    ) -> None:
        self._routes = Routes(functions, settings.route_prefix)
        self._admin = Admin({function.name: function for function in functions}, invoker, work)
        self._invoker = invoker
        self._settings = settings
        self._keys = guard if isinstance(guard, Keys) else None
        self._authentication = guard if isinstance(guard, Authentication) else None

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer *request*; what the host answers by itself has no body, and a wrong method is 404 like any other."""
        if status := limit_broken(request):
            return _closing(status)
        try:
            path = resolved(request.raw_path.partition("?")[0])
        except BadAddress:
            return _closing(HTTPStatus.BAD_REQUEST)
        turned = turned_away(request.method, request.headers, by_hand=path.startswith(_BY_HAND))
        response = turned or await self._let_in(request, path)
        for name, value in {"Server": "Kestrel", **self._settings.custom_headers}.items():
            response.headers.setdefault(name, value)
        return response

    async def _let_in(self, request: web.BaseRequest, path: str) -> web.Response:
        passed = await self._authentication.let_in(request) if self._authentication else request
        return passed if isinstance(passed, web.Response) else await self._answer(passed, path)

    async def _answer(self, request: web.BaseRequest, path: str) -> web.Response:
        key = given_key(request.headers, request.raw_path.partition("?")[2])
        if path.startswith(ADMIN):
            if path != PING and self._keys and (refused := self._keys.refusal_of_admin(key)):
                return empty(refused)
            return await self._admin.answer(request, path)
        if path == "/":
            return self._home()
        if not (found := self._routes.find(request.method, path)):
            return empty(HTTPStatus.NOT_FOUND)
        if self._keys and not self._keys.opens(found.level, key):
            return empty(HTTPStatus.UNAUTHORIZED)
        return await self._call(request, path, found)

    async def _call(self, request: web.BaseRequest, path: str, found: Found) -> web.Response:
        asked = await handed_on(request, path, found)
        try:
            answer = await self._invoker.invoke(found.function, asked)
            return response_of(answer, chunked=request.version.minor > 0)
        except FunctionFailed:
            return empty(HTTPStatus.INTERNAL_SERVER_ERROR)
        except BrokenAnswer as error:
            logger.error("Function '%s': %s", found.function.name, error)  # noqa: TRY400 - the sentence says it all
            return empty(HTTPStatus.INTERNAL_SERVER_ERROR)
        except CutOff as error:
            logger.error("Function '%s': %s", found.function.name, error)  # noqa: TRY400 - as above
            if request.transport:
                request.transport.abort()
            return empty(HTTPStatus.INTERNAL_SERVER_ERROR)  # which nobody gets

    def _home(self) -> web.Response:
        if self._settings.values.get(_WITHOUT_HOME, "").lower() == "true":
            return web.Response(status=HTTPStatus.NO_CONTENT)
        return web.Response(text=HOME, content_type="text/html")


class _Connection(web.RequestHandler):
    """A connection that answers what it cannot read as Azure's host does, with an empty body."""

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - as the message
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - of the class above, as the request is
    ) -> web.StreamResponse:
        """Return the answer to a request that cannot be read, and to one whose answering failed."""
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("The host itself failed.", exc_info=exc)
        return _closing(HTTPStatus(status))


class _Server(web.Server):
    """Makes a `_Connection` of each connection; bodies that came packed stay packed."""

    def __call__(self) -> web.RequestHandler:
        return _Connection(
            self,
            loop=self._loop,
            access_log=None,  # type: ignore[arg-type] # the class allows that
            auto_decompress=False,
            max_line_size=_PARSER_LIMIT,
            max_field_size=_PARSER_LIMIT,
            max_headers=_PARSER_LIMIT,
        )


def _closing(status: HTTPStatus) -> web.Response:
    """Return an empty answer after which the connection is closed, for the rest of the request is not read."""
    response = empty(status)
    response.force_close()
    return response


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
