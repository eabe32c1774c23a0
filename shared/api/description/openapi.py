"""The description of the management API, made from its table of routes (OpenAPI 3.1)."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from shared.api.description.parameters import HEADERS, PATHS, QUERIES
from shared.api.description.schema_of import ref
from shared.api.description.schemas import schemas
from shared.api.http.problems import phrase
from shared.api.http.request import MAX_BODY_BYTES
from shared.api.http.route import LINES, LINES_OR_CSV, Route

ALWAYS = (400, 401, 403, 500, 503)
"""Every call may answer so: the request is malformed or not allowed, or the app cannot answer it now."""


def openapi(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the description of *routes*."""
    paths: dict[str, dict[str, Any]] = {"/health": {"get": _health()}}
    for route in routes:
        paths.setdefault(f"/{route.path}", {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Segment export to Klaviyo",
            "version": "1",
            "description": (
                "Connections, exports and runs. Every error of the app is a problem document (RFC 9457). What the "
                "Functions host answers itself has an empty body: 401 without a function key, 404 for an address or a "
                "method that is not described here (OPTIONS too), 400, 414, 429, 431, 500 and 503."
            ),
        },
        "servers": [{"url": "/api"}],
        "security": [{"functionKey": []}, {"entra": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "functionKey": {"type": "apiKey", "in": "header", "name": "x-functions-key"},
                "entra": {"type": "http", "scheme": "bearer", "description": "Where AUTH_MODE is entra."},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    statuses = sorted({*ALWAYS, *route.problems, *((411, 413) if route.body else ())})
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.path.partition("/")[0]],
        "x-role": route.role.name.lower(),
        "parameters": _parameters(route),
        "responses": {
            **{str(status): _answer(status, name) for status, name in route.answers.items()},
            **{str(status): _problem(status) for status in statuses},
        },
    }
    if route.body:
        operation["requestBody"] = {
            "required": "required" in schemas()[route.body],
            "description": f"At most {MAX_BODY_BYTES:,} bytes.",
            "content": {"application/json": {"schema": ref(route.body)}},
        }
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", route.path)
    return [
        *({"name": name, "in": "path", "required": True, **PATHS[name]} for name in names),
        *({"name": name, "in": "query", **QUERIES[name]} for name in route.query),
        *({"name": name, "in": "header", **HEADERS[name]} for name in route.headers),
    ]


def _answer(status: int, name: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": phrase(HTTPStatus(status))}
    if name in (LINES, LINES_OR_CSV):
        kinds = ("application/x-ndjson", *(("text/csv",) if name == LINES_OR_CSV else ()))
        described["content"] = {kind: {"schema": {"type": "string"}} for kind in kinds}
        described["headers"] = {"Link": {"description": "The next page (RFC 8288).", "schema": {"type": "string"}}}
    else:
        described["content"] = {"application/json": {"schema": ref(name)}}
    return described


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {"description": phrase(HTTPStatus(status)), "content": content}


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Tell that the app is up; asks nobody, and answers HEAD too.",
        "tags": ["health"],
        "security": [],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}},
    }
