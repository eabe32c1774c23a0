"""The shapes of what goes in and out of the management API, as JSON Schema (2020-12)."""

from functools import cache

from shared.api.description.connection_schemas import connection_schemas
from shared.api.description.describe import Schema, describe, nullable, obj, ref
from shared.api.description.export_schemas import export_schemas
from shared.domain.identifiers import ID_PATTERN
from shared.domain.runs.run import MAX_LIMIT, Ending, Run

TEXT: Schema = {"type": "string"}
IDENTIFIER: Schema = {"type": "string", "pattern": ID_PATTERN}
ADDRESS: Schema = {"type": "string", "pattern": "^/api/"}


@cache
def schemas() -> dict[str, Schema]:
    """Return every shape by name."""
    return {
        "Description": {"type": "object", "description": "This description, in OpenAPI 3.1."},
        "Problem": _problem(),
        "Run": _run(),
        "BrokenRun": _broken_run(),
        "Runs": page("runs", {"anyOf": [ref("Run"), ref("BrokenRun")]}),
        "StartedRuns": _started_runs(),
        **connection_schemas(page("connections", ref("Connection"))),
        **export_schemas(page("exports", ref("Export")), page("segments", ref("Segment"))),
        "RunWish": obj({"limit": nullable({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT})}),
    }


def page(name: str, item: Schema) -> Schema:
    """Return the shape of one page of a list."""
    properties = {name: {"type": "array", "items": item}, "next": nullable(ADDRESS)}
    return obj(properties, required=tuple(properties))


def _problem() -> Schema:
    schema = obj(
        {
            "type": {"type": "string", "pattern": "^urn:segment-export:problem:[a-z_]+$"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": {
                "type": "array",
                "items": obj({"pointer": TEXT, "detail": TEXT}, required=("pointer", "detail")),
            },
        },
        required=("type", "title", "status", "detail"),
        closed=False,
    )
    return {**schema, "description": "RFC 9457; errors name each field that is wrong by its JSON pointer."}


def _run() -> Schema:
    schema = describe(Run)
    progress = obj(
        {"share": {"type": "number", "minimum": 0, "maximum": 1}, "seconds_left": nullable({"type": "integer"})},
        required=("share", "seconds_left"),
    )
    schema["properties"] |= {
        "schema": {"type": "integer"},
        "error": nullable(describe(Ending)),
        "progress": progress,
        "may": {"type": "array", "items": TEXT},
        "self": ADDRESS,
    }
    schema["required"] += ["schema", "error", "progress", "may", "self"]
    return schema


def _broken_run() -> Schema:
    """Return the shape of a run whose document is damaged; asking for it alone says how."""
    about: dict[str, Schema] = {"id": TEXT, "export_id": TEXT, "is_broken": {"const": True}, "self": ADDRESS}
    return obj(about, required=tuple(about))


def _started_runs() -> Schema:
    skipped = obj(
        {"export_id": IDENTIFIER, "reason": TEXT, "detail": TEXT, "run": nullable(ADDRESS)},
        required=("export_id", "reason", "detail", "run"),
    )
    properties: dict[str, Schema] = {
        "runs": {"type": "array", "items": ref("Run")},
        "skipped": {"type": "array", "items": skipped},
    }
    return obj(properties, required=tuple(properties))
