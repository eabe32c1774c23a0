"""The way of every request: find out who asks, check what they may do, call the handler, write the answer."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func
import orjson

from shared.api.access.callers import Caller, identify
from shared.api.access.origin import check_origin
from shared.api.description.parameters import QUERIES
from shared.api.http.patience import opened_in, patiently, with_names
from shared.api.http.problems import BadRequest, LengthMissing, TooLarge, Unforeseen, problem
from shared.api.http.request import MAX_BODY_BYTES, Answer, Request
from shared.api.http.route import Route
from shared.api.queue_messages import Output, bodies
from shared.app import App
from shared.domain.errors import ExportError, Unavailable
from shared.domain.sentences import say
from shared.pipeline.watching.time_limit import in_time

OpenApp = Callable[[], Awaitable[App]]
"""Returns the app, wired up; where that fails, the error becomes the answer."""

HOSTS_OWN = {"code", "clientid"}
"""Query parameters that belong to the Functions host, in lower case: callers send a function key in them."""

logger = logging.getLogger(__name__)

_FAILED = "Operation '{operation}' failed; the app's log says why."
_PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def answer(route: Route, asked: func.HttpRequest, open_app: OpenApp, wake_ups: Output) -> func.HttpResponse:
    """Answer the request *asked* with the handler of *route*; put the messages that it sends into *wake_ups*."""
    caller: Caller | None = None
    try:
        request = await _let_in(route, asked, open_app)
        caller = request.caller
        given = await patiently(request.app.clock, route.seconds, lambda: _answered(route, request))
    except ExportError as error:
        return _problem(error, caller)
    except Exception:
        logger.exception("Operation %s failed.", route.name)
        return _problem(Unforeseen(say("internal_error", _FAILED, operation=route.name)))
    if given.wake_ups:
        wake_ups.set(bodies(list(given.wake_ups)))
    if given.lines is not None:
        body, kind = b"".join(line + b"\n" for line in given.lines), given.media_type
    else:
        body, kind = b"" if given.value is None else orjson.dumps(given.value), "application/json"
    return func.HttpResponse(body, status_code=given.status, mimetype=kind, headers={**_PLAIN, **given.headers})


async def _answered(route: Route, request: Request) -> Answer:
    """Let the handler of *route* answer; where others ask the same and may see the same, one answer is for all."""
    if not route.is_shared:
        return await route.handle(request)
    caller, clock = request.caller, request.app.clock
    question = (route.name, caller.name, caller.label, caller.role, tuple(sorted(request.query.items())))
    late = Unavailable("Nobody waits for this list any more.")
    return await request.app.questions.answer(
        question, clock, lambda: in_time(route.seconds, clock, route.handle(request), late=lambda: late)
    )


async def _let_in(route: Route, asked: func.HttpRequest, open_app: OpenApp) -> Request:
    headers = {name.lower(): value for name, value in asked.headers.items()}
    check_origin(asked.method, headers)
    body = _body(asked, headers)
    app = await opened_in(route.seconds, open_app)
    caller = identify(app.settings.auth_mode, headers)
    caller.require(route.role)
    query = _query(route, asked.url)
    return Request(with_names(app), caller, asked.route_params, query, headers, body)


def _body(asked: func.HttpRequest, headers: Mapping[str, str]) -> bytes:
    """Return the body; raises `TooLarge`, by the length that its header names, before anything looks at the body.

    The Functions host hands on an empty body where the request names no length, but the way of its transfer:
    taken for "no wishes", a run with a limit would become a run of everything. So this raises `LengthMissing`.
    """
    if is_too_long(headers.get("content-length", "")) or len(body := asked.get_body()) > MAX_BODY_BYTES:
        raise TooLarge(say("body_too_large", "The body has more than {limit:,} bytes.", limit=MAX_BODY_BYTES))
    if not body and "transfer-encoding" in headers:
        text = "The request must name the length of its body: send it with Content-Length, and not in chunks."
        raise LengthMissing(say("length_missing", text))
    return body


def is_too_long(content_length: str) -> bool:
    """Tell whether the header *content_length* names more than the app reads; one that is no number names nothing."""
    digits = content_length.strip().lstrip("0")
    is_number = digits.isascii() and digits.isdigit()
    return is_number and (len(digits) > len(str(MAX_BODY_BYTES)) or int(digits) > MAX_BODY_BYTES)


def _query(route: Route, url: str) -> dict[str, str]:
    """Return the query parameters in *url*; raises `BadRequest` for one that the call does not know, or that is twice.

    The Functions host's own reading of the query is no use: it drops ``?limit=`` and joins what is said twice.
    A filter whose name has a typing error must not be ignored: the answer would hold more than was asked for.
    """
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    given = [(name, value) for name, value in pairs if name.lower() not in HOSTS_OWN]
    known = {QUERIES[name].get("name", name) for name in route.query}
    unknown = sorted({name for name, _ in given} - known)
    if unknown:
        text = "This call does not know the query parameter '{parameter}'; it knows {known}."
        names = ", ".join(sorted(known)) or "none"
        raise BadRequest(say("unknown_parameter", text, parameter=unknown[0][:80], known=names))
    query = dict(given)
    if len(query) < len(given):
        twice = next(name for name in query if [each for each, _ in given].count(name) > 1)
        raise BadRequest(say("parameter_twice", "The query parameter '{parameter}' is given twice.", parameter=twice))
    return query


def _problem(error: ExportError, caller: Caller | None = None) -> func.HttpResponse:
    status, document, headers = problem(error, to_administrator=caller is None or caller.is_administrator)
    return func.HttpResponse(
        orjson.dumps(document),
        status_code=status,
        mimetype="application/problem+json",
        headers={**_PLAIN, **headers},
    )
