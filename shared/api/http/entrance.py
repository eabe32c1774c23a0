"""The way of every request: who asks, may they, what do they want, and what came of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import azure.functions as func
import orjson

from shared.api.access.callers import Caller, identify
from shared.api.access.discretion import discreet
from shared.api.description.parameters import QUERIES
from shared.api.http.problems import BadRequest, TooLarge, Unforeseen, problem
from shared.api.http.request import MAX_BODY_BYTES, Request
from shared.api.http.route import Route
from shared.api.messages import Output, bodies
from shared.app import App
from shared.domain.errors import ExportError

OpenApp = Callable[[], Awaitable[App]]
"""Returns the app, wired up; it may fail like anything else, and then that is the answer."""

HOSTS_OWN = {"code", "clientId"}
"""Query parameters by which the Functions host is given a key."""

logger = logging.getLogger(__name__)

_PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def answer(route: Route, asked: func.HttpRequest, open_app: OpenApp, wake_ups: Output) -> func.HttpResponse:
    """Answer *asked* by *route*, and hand the messages that come of it to *wake_ups*."""
    caller: Caller | None = None
    try:
        request = await _let_in(route, asked, open_app)
        caller = request.caller
        given = await route.handle(request)
    except ExportError as error:
        return _problem(error, caller)
    except Exception:
        logger.exception("Operation %s failed.", route.name)
        return _problem(Unforeseen(f"Operation '{route.name}' failed; the app's log says why."))
    if given.wake_ups:
        wake_ups.set(bodies(list(given.wake_ups)))
    if given.lines is not None:
        body, kind = b"".join(line + b"\n" for line in given.lines), "application/x-ndjson"
    else:
        body, kind = b"" if given.value is None else orjson.dumps(given.value), "application/json"
    return func.HttpResponse(body, status_code=given.status, mimetype=kind, headers={**_PLAIN, **given.headers})


async def _let_in(route: Route, asked: func.HttpRequest, open_app: OpenApp) -> Request:
    body = asked.get_body()
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"The body has more than {MAX_BODY_BYTES:,} bytes.")
    app = await open_app()
    headers = {name.lower(): value for name, value in asked.headers.items()}
    caller = identify(app.settings.auth_mode, headers)
    caller.require(route.role)
    _check_query(route, asked.params)
    return Request(app, caller, asked.route_params, asked.params, headers, body)


def _check_query(route: Route, params: Mapping[str, str]) -> None:
    """Raise `BadRequest` for a parameter that the call does not know: a filter with a typo would show too much."""
    known = {QUERIES[name].get("name", name) for name in route.query}
    unknown = sorted(params.keys() - known - HOSTS_OWN)
    if unknown:
        told = f"it knows {', '.join(sorted(known))}" if known else "it knows none"
        raise BadRequest(f"This call does not know the query parameter '{unknown[0][:80]}'; {told}.")


def _problem(error: ExportError, caller: Caller | None = None) -> func.HttpResponse:
    status, document, headers = problem(error)
    if caller:
        document["detail"] = discreet(document["detail"], caller)
    return func.HttpResponse(
        orjson.dumps(document),
        status_code=status,
        mimetype="application/problem+json",
        headers={**_PLAIN, **headers},
    )
