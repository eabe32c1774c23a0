"""The call that previews an export: it shows what a run would do."""

from dataclasses import asdict, fields
from http import HTTPStatus

from shared.api.access.callers import Caller
from shared.api.access.permissions import check_use
from shared.api.answers.previews import (
    ColumnsShown,
    DialectShown,
    PreviewShown,
    ProfileShown,
    RejectionShown,
    SampleShown,
    TargetShown,
)
from shared.api.calls.export_views import SHOWN, as_told
from shared.api.calls.exports import connection_in
from shared.api.calls.lookup import find_own_export
from shared.api.http.problems import Invalid, Refused
from shared.api.http.request import Answer, Request
from shared.control.exports.preview_export import Preview
from shared.control.exports.preview_export import preview_export as look_ahead
from shared.domain.config.connection import Connection
from shared.domain.config.document_model import Writing
from shared.domain.config.export import Export
from shared.domain.config.field_problems import Problem, WrongFields
from shared.domain.config.wishes import PreviewWish
from shared.domain.errors import ConfigurationError
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run_notes import with_notes
from shared.domain.sentences import say
from shared.pipeline.reading.segment_sample import Sample, shown


async def preview_export(request: Request) -> Answer:
    """Show what a run would do, with its first rows; nothing is sent. ``export`` in the body need not be saved."""
    export_id, app = request.id("export_id"), request.app
    wish, connection = await _wanted(request, export_id)
    export: Export | None = wish.export
    if export is None:
        export, connection = await find_own_export(request, export_id)
    else:
        check_use(request.caller, connection)
    try:
        found = await look_ahead(export, connection, app.resources, limit=wish.limit)
    except ConfigurationError as error:
        raise Refused.because_of(error) from error
    return Answer(HTTPStatus.OK, asdict(_view(export, found, request.caller)))


async def _wanted(request: Request, export_id: str) -> tuple[PreviewWish, Connection | None]:
    """Return what the preview shall show, and the connection of the export in the body."""
    document = request.document()
    sent, problems = document.get("export"), list[Problem]()
    wish = None
    try:
        wish = PreviewWish.written(document, Writing(export_id, SHOWN))
    except WrongFields as error:
        problems += error.problems
    connection = await connection_in(request, sent, problems, pointer="/export")
    if wish is None or problems:
        if sent is None:
            raise Invalid(say("body_invalid", "The body cannot be used."), problems)
        raise Invalid(say("export_invalid", "The export cannot be used."), problems)
    return wish, connection


def _view(export: Export, found: Preview, caller: Caller) -> PreviewShown:
    return PreviewShown(
        profiles=[ProfileShown(each.blob, each.row, each.attributes) for each in found.profiles],
        rejections=[_rejection(each) for each in found.rejections],
        duplicates=found.duplicates,
        left_out=dict(found.notes.left_out()),
        notes=with_notes((), found.notes),
        columns=_columns(export, found),
        segments=[_segment(sample) for sample in found.samples],
        dialects=tuple(map(DialectShown.of, found.dialects)),
        estimate=found.estimate,
        list=TargetShown(**asdict(found.target), live_flows=found.flows) if found.target else None,
        problems=as_told(caller, found.problems),
        warnings=as_told(caller, found.warnings),
    )


def _rejection(rejection: Rejection) -> RejectionShown:
    line = rejection.document()
    return RejectionShown(**{field.name: line[field.name] for field in fields(RejectionShown)})


def _columns(export: Export, found: Preview) -> ColumnsShown:
    seen = list(dict.fromkeys(column for sample in found.samples for column in sample.columns))
    mapped = set(export.mapping.columns())
    not_mapped = shown(column for column in seen if column not in mapped)
    values = {column: found.values[column] for column in not_mapped if column in found.values}
    return ColumnsShown(shown(seen), not_mapped, found.missing, values)


def _segment(sample: Sample) -> SampleShown:
    return SampleShown(sample.segment, sample.files, sample.bytes, sample.rows, sample.estimated_rows)
