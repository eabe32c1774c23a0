"""What the host refuses before any function hears of it, as problem documents.

Azure has a front end and an address with a certificate before its host. This host stands open on a laptop, next to
whatever pages its user looks at: a page may send requests here, and may let its own name lead to this machine.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from local.host.settings import is_loopback
from shared.api.access.origin import check_origin
from shared.api.http.entrance import is_too_long
from shared.api.http.problems import Forbidden, NotFound, TooLarge, phrase, problem
from shared.api.http.request import MAX_BODY_BYTES
from shared.domain.errors import ExportError
from shared.domain.sentences import say

ADMIN = "/admin/"
_KIND = "application/problem+json"
_LONGEST_PATH = 200
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def door(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer *request* with *handler*, or with a problem document if the host does not let the request in."""
    try:
        _let_in(request)
        return await handler(request)
    except ExportError as error:
        return _problem(error)
    except web.HTTPNotFound:
        return _problem(NotFound(say("no_such_address", "There is nothing at {path}.", path=_path(request))))
    except web.HTTPRequestEntityTooLarge:
        return _problem(_too_large())
    except web.HTTPMethodNotAllowed as error:
        return _wrong_method(request, ", ".join(sorted(error.allowed_methods)))


def _let_in(request: web.Request) -> None:
    """Raise `Forbidden` or `TooLarge` if what the headers of *request* say is reason enough to refuse it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not _is_of_this_machine(headers.get("host", "")):
        text = "This host answers only to names of this machine, such as localhost."
        raise Forbidden(say("foreign_host", text))
    if request.path.startswith(ADMIN):  # functions of the app look by themselves, as they do in Azure
        check_origin(request.method, headers)
    if is_too_long(headers.get("content-length", "")):
        raise _too_large()


def _is_of_this_machine(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _too_large() -> TooLarge:
    return TooLarge(say("body_too_large", "The body has more than {limit:,} bytes.", limit=MAX_BODY_BYTES))


def _problem(error: ExportError) -> web.Response:
    status, document, headers = problem(error, to_administrator=True)
    return web.Response(status=status, body=orjson.dumps(document), content_type=_KIND, headers=headers)


def _wrong_method(request: web.Request, allowed: str) -> web.Response:
    status, text = HTTPStatus.METHOD_NOT_ALLOWED, "{path} does not take this method; it takes {allowed}."
    document = {
        "type": "urn:segment-export:problem:method_not_allowed",
        "title": phrase(status),
        "status": status.value,
        **say("method_not_allowed", text, path=_path(request), allowed=allowed).document(),
    }
    return web.Response(status=status, body=orjson.dumps(document), content_type=_KIND, headers={"Allow": allowed})


def _path(request: web.Request) -> str:
    return request.path[:_LONGEST_PATH]
