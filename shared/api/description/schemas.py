"""The bodies of requests and answers of the management API, as JSON Schema (2020-12), by name."""

from functools import cache

from shared.api.answers.answer_types import Address
from shared.api.answers.connections import (
    ConnectionCheckShown,
    ConnectionShown,
    ConsentTexts,
    Lists,
    ListShown,
    RemovedConnection,
)
from shared.api.answers.exports import ExportShown, RemovedExport
from shared.api.answers.health import Checks, ClearedPoison
from shared.api.answers.me import MeShown
from shared.api.answers.previews import PreviewShown, SegmentShown, SegmentsShown
from shared.api.answers.runs import BrokenRun, RunShown, RunTold, SkippedExport
from shared.api.description.schema_of import Schema, nullable, obj, ref, shape, together
from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.consent import Consent
from shared.domain.config.document_model import read_only
from shared.domain.config.export import Export
from shared.domain.config.wishes import ConnectionTestWish, ExportCopy, ListWish, PreviewedExport, PreviewWish, RunWish
from shared.domain.runs.run import Run
from shared.domain.sentences import Sentence
from shared.domain.sources.segment_folder import SegmentFolder

_TEXT: Schema = {"type": "string"}
_VERSION: Schema = {"type": "integer"}
_LISTED: dict[str, Schema] = {"is_broken": {"type": "boolean"}, "etag": _TEXT}
"""What only an item of a list has, where it applies."""


@cache
def schemas() -> dict[str, Schema]:
    """Return every schema by its name."""
    return {
        "Description": {"type": "object", "description": "This description, in OpenAPI 3.1."},
        "Problem": _problem(),
        "Checks": shape(Checks),
        "ClearedPoison": shape(ClearedPoison),
        **_of_runs(),
        **_of_connections(),
        **_of_exports(),
        "Me": shape(MeShown),
        "Preview": shape(PreviewShown),
        "PreviewWish": _preview_wish(),
        "Segment": together(shape(SegmentFolder), shape(SegmentShown)),
        "Segments": together(_page("segments", ref("Segment")), shape(SegmentsShown)),
    }


def _of_runs() -> dict[str, Schema]:
    stored = obj({"schema": _VERSION})
    started = {"runs": _list_of(ref("Run")), "skipped": _list_of(shape(SkippedExport))}
    return {
        "Run": together(shape(Run), shape(RunTold), stored, shape(RunShown)),
        "BrokenRun": shape(BrokenRun),
        "Runs": _page("runs", {"anyOf": [ref("Run"), ref("BrokenRun")]}),
        "RunWish": shape(RunWish, "validation"),
        "StartedRuns": obj(started),
    }


def _of_connections() -> dict[str, Schema]:
    """Return the schemas about connections; callers who are no administrators see only the required fields."""
    shown = shape(ConnectionShown)
    connection = together(shape(Connection), obj({"schema": _VERSION}), shown)
    wish = shape(ConnectionWish, "validation")
    wish["properties"]["consent"]["properties"] |= {
        name: {**each, "readOnly": True}
        for name, each in shape(Consent)["properties"].items()
        if name not in wish["properties"]["consent"]["properties"]
    }
    return {
        "Connection": {**together(connection, obj(_LISTED)), "required": ["id", *shown["required"]]},
        "Connections": _page("connections", ref("Connection")),
        "ConnectionCheck": shape(ConnectionCheckShown),
        "ConnectionWish": _with_read_only(wish, {**connection["properties"], "etag": _TEXT}),
        "ConsentTexts": shape(ConsentTexts),
        "Lists": shape(Lists),
        "List": shape(ListShown),
        "ListWish": shape(ListWish, "validation"),
        "ConnectionTestWish": shape(ConnectionTestWish, "validation"),
        "RemovedConnection": shape(RemovedConnection),
    }


def _of_exports() -> dict[str, Schema]:
    """Return the schemas about exports; an export with a damaged document has only the required fields."""
    shown = {"schema": _VERSION, **shape(ExportShown)["properties"]}
    export = together(shape(Export), obj(shown), obj(_LISTED))
    passed_over = dict.fromkeys((*shown, "etag", *read_only(Export)), Schema())
    return {
        "Export": {**export, "required": ["id", "may", "self"]},
        "Exports": _page("exports", ref("Export")),
        "ExportCopy": shape(ExportCopy, "validation"),
        "ExportWish": _with_read_only(shape(Export, "validation"), passed_over),
        "PreviewedExport": _with_read_only(shape(PreviewedExport, "validation"), passed_over),
        "RemovedExport": shape(RemovedExport),
    }


def _with_read_only(wish: Schema, passed_over: dict[str, Schema]) -> Schema:
    """Return the schema of a *wish* with the fields of answers that a client may send back, each as read-only."""
    own = {name: each for name, each in wish["properties"].items() if not each.get("readOnly")}
    over = {name: {**each, "readOnly": True} for name, each in sorted(passed_over.items()) if name not in own}
    required = [name for name in wish["required"] if name in own]
    return {**wish, "properties": {**own, **over}, "required": required}


def _preview_wish() -> Schema:
    wish = shape(PreviewWish, "validation")
    wish["properties"]["export"] = nullable(ref("PreviewedExport"))
    return wish


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _page(name: str, item: Schema) -> Schema:
    """Return the schema of one page of a list; ``next`` is the address of the next page."""
    return obj({name: _list_of(item), "next": nullable(shape(Address))})


def _problem() -> Schema:
    members: dict[str, Schema] = {
        "type": {"type": "string", "pattern": "^urn:segment-export:problem:[a-z_]+$"},
        "title": _TEXT,
        "status": {"type": "integer"},
        **shape(Sentence)["properties"],
    }
    return {
        "type": "object",
        "properties": {**members, "errors": _list_of(together(obj({"pointer": _TEXT}), shape(Sentence)))},
        "required": list(members),
        "description": "RFC 9457; errors name each field that is wrong by its JSON pointer.",
    }
