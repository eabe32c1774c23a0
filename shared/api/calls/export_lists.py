"""The call that lists exports."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from shared.api.calls.export_views import Connections, view_of
from shared.api.calls.klaviyo_accounts import MAX_SEARCH
from shared.api.http.problems import BadRequest
from shared.api.http.request import Answer, Request, one_of, query_id
from shared.control.exports.export_status import Standing
from shared.control.exports.list_exports import ExportFilter
from shared.control.exports.list_exports import list_exports as find_exports
from shared.domain.runs.run import RunStatus
from shared.domain.sentences import say


async def list_exports(request: Request) -> Answer:
    """List the exports in order of id, each with its last run, its next run, its ETag and the caller's rights."""
    which, limit = _filter(request), request.page_size()
    page = await find_exports(request.app.store, which, limit=limit, after=query_id(request, "after", "an export"))
    connections = Connections(request)
    shown = [await _listed(request, standing, connections) for standing in page.items]
    return Answer(HTTPStatus.OK, {"exports": shown, "next": _next(which, limit, page.last)})


def _filter(request: Request) -> ExportFilter:
    name = request.query.get("name", "")
    if len(name) > MAX_SEARCH:
        text = "{parameter} must have at most {limit} characters."
        raise BadRequest(say("parameter_too_long", text, parameter="name", limit=MAX_SEARCH))
    return ExportFilter(one_of(request, "status", tuple(RunStatus)), name)


async def _listed(request: Request, standing: Standing, connections: Connections) -> dict[str, Any]:
    etag = {"etag": standing.etag} if standing.etag else {}
    return {**await view_of(request, standing, connections), **etag}


def _next(which: ExportFilter, limit: int, last: str | None) -> str | None:
    """Return the address of the page after the export *last*, with the same filters; None where there is none."""
    if last is None:
        return None
    status = f"&status={which.status}" if which.status else ""
    name = f"&name={quote(which.name, safe='')}" if which.name else ""
    return f"/api/exports?limit={limit}{status}{name}&after={last}"
