"""Previews over HTTP: what a run would do, before there is one."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from shared.api.access.callers import Caller
from shared.api.access.discretion import discreet
from shared.api.access.permissions import check_use
from shared.api.calls.exports import read_wish
from shared.api.calls.klaviyo_accounts import PATIENCE_SECONDS, refusal
from shared.api.calls.lookup import find_connection, find_export
from shared.api.http.problems import Invalid, Refused
from shared.api.http.request import Answer, Request
from shared.control.preview_export import MAX_ROWS, Preview
from shared.control.preview_export import preview_export as look_ahead
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.config.reading import Reader
from shared.domain.errors import ConfigurationError
from shared.pipeline.reading.segment_sample import Sample, shortened
from shared.pipeline.watching.time_limit import within

PREVIEW_ROWS = 20


async def preview_export(request: Request) -> Answer:
    """Show what a run would do, its first rows as they would be sent; nothing is sent. ``export`` may be unsaved."""
    export_id, app, reader = request.id("export_id"), request.app, Reader(request.document())
    limit = _limit(reader)
    reader.allow_only(("limit", "export"))
    export, connection = await _wanted(request, reader, export_id)
    check_use(request.caller, connection)
    try:
        connection_id = export.connected_to()
    except ConfigurationError as error:
        raise Refused(str(error)) from error
    if connection is None:
        raise Refused(f"Connection '{connection_id}' does not exist; create it or give the export another one.")
    work = look_ahead(export, connection, app.resources, limit=limit)
    found = await within(PATIENCE_SECONDS, app.clock, work, what="The preview")
    if found.refusal is not None:
        found.problems.append(str(refusal(request, connection, found.refusal)))
    try:
        connection.check_consent()
    except ConfigurationError as error:
        found.problems.append(str(error))
    return Answer(HTTPStatus.OK, _view(export, found, request.caller))


def _limit(reader: Reader) -> int:
    limit = reader.raw("limit")
    if limit is None:
        return PREVIEW_ROWS
    if isinstance(limit, int) and not isinstance(limit, bool) and 1 <= limit <= MAX_ROWS:
        return limit
    reader.wrong("limit", f"must be a whole number from 1 to {MAX_ROWS}")
    return PREVIEW_ROWS


async def _wanted(request: Request, reader: Reader, export_id: str) -> tuple[Export, Connection | None]:
    """Return the export that is sent along, or else the one that is stored, and its connection."""
    if reader.raw("export") is not None:
        return await read_wish(request, reader.nested("export"), export_id)
    if reader.problems:
        raise Invalid("The body cannot be used.", reader.problems)
    export = await find_export(request, export_id)
    return export, await find_connection(request, export.connection_id)


def _view(export: Export, found: Preview, caller: Caller) -> dict[str, Any]:
    target = found.target
    flows = None if found.flows is None else [asdict(flow) for flow in found.flows]
    return {
        "profiles": [asdict(each) for each in found.profiles],
        "rejections": [_rejection(each.document()) for each in found.rejections],
        "duplicates": found.duplicates,
        "left_out": dict(found.left_out),
        "columns": _columns(export, found),
        "segments": [_segment(sample) for sample in found.samples],
        "estimate": asdict(found.estimate),
        "list": target and {**asdict(target), "live_flows": flows},
        "problems": [discreet(text, caller) for text in found.problems],
        "warnings": [discreet(text, caller) for text in found.warnings],
    }


def _rejection(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("blob", "row", "reason", "detail", "fields")}


def _columns(export: Export, found: Preview) -> dict[str, list[str]]:
    seen = list(dict.fromkeys(column for sample in found.samples for column in sample.columns))
    mapped = set(export.mapping.columns())
    return {
        "found": shortened(seen),
        "not_mapped": shortened(column for column in seen if column not in mapped),
        "missing": found.missing,
    }


def _segment(sample: Sample) -> dict[str, Any]:
    return {
        "name": sample.segment,
        "files": sample.files,
        "bytes": sample.bytes,
        "rows_looked_at": sample.rows,
        "rows": sample.estimated_rows,
    }
