"""The management API in one table: which call does what, and which role it needs."""

from dataclasses import asdict
from http import HTTPStatus

from shared.api.access.callers import Role
from shared.api.calls import (
    audit,
    connections,
    export_lists,
    exports,
    klaviyo_accounts,
    previews,
    run_lists,
    run_rows,
    runs,
    segments,
)
from shared.api.calls.me import me
from shared.api.description.openapi import openapi
from shared.api.health import clear_poison, get_health_details
from shared.api.http.patience import MANY_SECONDS
from shared.api.http.request import Answer, Request
from shared.api.http.route import LINES, LINES_OR_CSV, Route


async def get_openapi(_request: Request) -> Answer:
    """Show this description."""
    return Answer(HTTPStatus.OK, openapi(ROUTES))


async def get_me(request: Request) -> Answer:
    """Show who is asking, which calls they may make, and how this app is set up."""
    return Answer(HTTPStatus.OK, asdict(me(request, ROUTES)))


READ, CONTRIBUTE, ADMINISTER = Role
PEOPLE = CONTRIBUTE
"""The role for calls whose answers hold personal data."""
ONCE = ("Idempotency-Key",)

MATCH = ("If-Match", "If-None-Match")

_CONNECTION = "connections/{connection_id}"
_EXPORT = "exports/{export_id}"
_RUNS = "exports/{export_id}/runs"
_RUN = "exports/{export_id}/runs/{run_id}"

# fmt: off
ROUTES = (
    Route("POST", _RUNS, CONTRIBUTE, runs.start_run, {202: "Run"},
          query=("queue",), headers=ONCE, body="RunWish", problems=(404, 409, 422)),
    Route("POST", "runs", CONTRIBUTE, runs.start_all_runs, {202: "StartedRuns"},
          query=("queue",), headers=ONCE, body="RunWish", problems=(422,), seconds=MANY_SECONDS),
    Route("GET", "runs", READ, run_lists.list_runs_of_all_exports, {200: "Runs"},
          query=("limit", "before_run", "status", "trigger", "since", "until", "export_id"), is_shared=True),
    Route("GET", _RUNS, READ, run_lists.list_runs, {200: "Runs"},
          query=("limit", "before", "status", "trigger", "since", "until")),
    Route("GET", _RUN, READ, runs.get_run, {200: "Run"}, problems=(404, 409)),
    Route("DELETE", _RUN, CONTRIBUTE, runs.cancel_run, {202: "Run"}, query=("settle",), problems=(404, 409)),
    Route("POST", f"{_RUN}/wake", CONTRIBUTE, runs.wake_run, {202: "Run"}, problems=(404, 409)),
    Route("GET", f"{_RUN}/rejections", PEOPLE, run_rows.list_rejections, {200: LINES_OR_CSV},
          query=("many_lines", "after", "reason", "format"), problems=(404, 409)),
    Route("GET", f"{_RUN}/unconfirmed", PEOPLE, run_rows.list_unconfirmed, {200: LINES},
          query=("many_lines", "after"), problems=(404, 409)),
    Route("GET", "connections", READ, connections.list_connections, {200: "Connections"}, query=("limit", "after_id")),
    Route("GET", _CONNECTION, READ, connections.get_connection, {200: "Connection"}, problems=(404, 409)),
    Route("PUT", _CONNECTION, ADMINISTER, connections.put_connection, {200: "Connection", 201: "Connection"},
          query=("dry_run",), headers=MATCH, body="ConnectionWish", problems=(409, 412, 422)),
    Route("DELETE", _CONNECTION, ADMINISTER, connections.delete_connection, {200: "RemovedConnection"},
          query=("exports",), headers=("If-Match",), problems=(404, 409, 412), seconds=MANY_SECONDS),
    Route("POST", f"{_CONNECTION}/test", ADMINISTER, klaviyo_accounts.test_connection, {200: "ConnectionCheck"},
          body="ConnectionTestWish", problems=(404, 409)),
    Route("GET", f"{_CONNECTION}/lists", CONTRIBUTE, klaviyo_accounts.list_lists, {200: "Lists"},
          query=("search",), problems=(404, 409)),
    Route("POST", f"{_CONNECTION}/lists", CONTRIBUTE, klaviyo_accounts.make_list, {201: "List"},
          body="ListWish", problems=(404, 409)),
    Route("GET", "exports", READ, export_lists.list_exports, {200: "Exports"},
          query=("limit", "after_id", "last_status", "name"), is_shared=True),
    Route("GET", _EXPORT, READ, exports.get_export, {200: "Export"}, problems=(404, 409)),
    Route("PUT", _EXPORT, CONTRIBUTE, exports.put_export, {200: "Export", 201: "Export"},
          query=("validate", "dry_run"), headers=MATCH, body="ExportWish", problems=(409, 412)),
    Route("DELETE", _EXPORT, CONTRIBUTE, exports.delete_export, {200: "RemovedExport"},
          headers=("If-Match",), problems=(404, 409, 412)),
    Route("POST", f"{_EXPORT}/duplicate", CONTRIBUTE, exports.duplicate_export, {201: "Export"},
          body="ExportCopy", problems=(404, 409)),
    Route("POST", f"{_EXPORT}/preview", PEOPLE, previews.preview_export, {200: "Preview"},
          body="PreviewWish", problems=(404, 409)),
    Route("GET", "segments", CONTRIBUTE, segments.list_segments, {200: "Segments"},
          query=("limit", "after_name", "segment", "columns"), problems=(404, 409), is_shared=True),
    Route("GET", "consent", READ, connections.get_consent, {200: "ConsentTexts"},
          query=("language",), headers=("Accept-Language",)),
    Route("GET", "audit", ADMINISTER, audit.list_audit, {200: LINES},
          query=("month", "lines", "before_line", "subject", "by")),
    Route("GET", "me", READ, get_me, {200: "Me"}),
    Route("GET", "health/details", ADMINISTER, get_health_details, {200: "Checks"}, problems=(503,)),
    Route("DELETE", "poison", ADMINISTER, clear_poison, {200: "ClearedPoison"}),
    Route("GET", "openapi.json", READ, get_openapi, {200: "Description"}),
)
# fmt: on
"""Every call but ``GET /health``, which needs no role and reads nothing."""
