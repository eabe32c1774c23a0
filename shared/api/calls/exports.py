"""Calls about exports: show, save, duplicate and remove them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from shared.api.access.permissions import check_use
from shared.api.answers.exports import RemovedExport
from shared.api.calls.export_views import SHOWN, Connections, export_address, view
from shared.api.calls.klaviyo_accounts import find_list
from shared.api.calls.lookup import find_connection, find_own_export, no_such_export
from shared.api.http.problems import Invalid, Refused
from shared.api.http.request import Answer, Request, one_of
from shared.control.exports.duplicate_export import duplicate_export as duplicate
from shared.control.exports.export_status import LatestRuns, latest_runs
from shared.control.exports.look_around import look_for_flows, look_for_segments, remember_list
from shared.control.exports.remove_export import remove_export
from shared.control.exports.save_export import save_export
from shared.domain.config.connection import Connection
from shared.domain.config.document_model import Writing
from shared.domain.config.export import Export
from shared.domain.config.field_problems import Problem, WrongFields
from shared.domain.config.wishes import ExportCopy
from shared.domain.control_errors import ExportExists
from shared.domain.errors import ConfigurationError, UnknownList
from shared.domain.findings import Finding
from shared.domain.identifiers import is_id
from shared.domain.sentences import say
from shared.ports import Document


async def get_export(request: Request) -> Answer:
    """Show an export, with its last run, its next run and the caller's rights."""
    document = await _find(request, request.id("export_id"))
    try:
        export = Export.from_document(document.value)
    except ConfigurationError as error:
        raise Refused.because_of(error) from error
    return Answer(HTTPStatus.OK, await _shown(request, export), {"ETag": document.etag})


async def put_export(request: Request) -> Answer:
    """Make or replace an export; starts no run, disabling stops runs; ``dry_run=true`` checks, and saves nothing."""
    export_id, app = request.id("export_id"), request.app
    asks_klaviyo, is_dry = _asks_klaviyo(request), request.flag("dry_run")
    document = await app.store.exports.document(export_id)
    await _check_own(request, document)
    request.check_match(document.etag if document else None)
    wish, connection = await read_wish(request, request.document(), export_id)
    check_use(request.caller, connection)
    found = await look_for_segments(wish, app.resources)
    if asks_klaviyo and connection is not None:
        found += await _check_list(request, connection, wish)
    if is_dry:
        before = app.store.exports.readable(document)
        would_be = wish.saved(before, by=request.author.known_as, now=app.clock.now())
        unsaved = ("run", "duplicate") if document else ("run", "duplicate", "remove")
        return Answer(HTTPStatus.OK, await _shown(request, would_be, found, unsaved))
    with request.matching():
        saved = await save_export(
            wish, document, author=request.author, store=app.store, clock=app.clock, refresh=app.settings.refresh
        )
    headers = {"ETag": saved.etag, **({} if document else {"Location": export_address(export_id)})}
    status = HTTPStatus.OK if document else HTTPStatus.CREATED
    return Answer(status, await _shown(request, saved.export, found), headers, wake_ups=saved.wake_ups)


async def delete_export(request: Request) -> Answer:
    """Remove an export; its runs are stopped, and their history stays for its retention time."""
    export_id, app = request.id("export_id"), request.app
    document = await _find(request, export_id)
    await _check_own(request, document)
    request.check_match(document.etag)
    with request.matching():
        stopped = await remove_export(export_id, document, author=request.author, store=app.store, clock=app.clock)
    runs = f"{export_address(export_id)}/runs"
    gone = RemovedExport(export_id, [f"{runs}/{each.run_id}" for each in stopped], runs)
    return Answer(HTTPStatus.OK, asdict(gone), wake_ups=tuple(stopped))


async def duplicate_export(request: Request) -> Answer:
    """Make a copy of an export under another id; the copy does not run by itself until somebody enables it."""
    export, _ = await find_own_export(request, request.id("export_id"))
    wish, app = _copy_wish(request), request.app
    address = export_address(wish.id)
    try:
        saved = await duplicate(export, wish, author=request.author, store=app.store, clock=app.clock)
    except ExportExists as error:
        raise Refused.because_of(error, export=address) from error
    headers = {"ETag": saved.etag, "Location": address}
    return Answer(HTTPStatus.CREATED, await view(request, saved.export, Connections(request), LatestRuns()), headers)


async def read_wish(request: Request, document: Any, export_id: str) -> tuple[Export, Connection | None]:
    """Return the export in *document*, and its connection, which is None for a detached export.

    Raises `Invalid` with everything that is wrong.
    """
    problems: list[Problem] = []
    wish = None
    try:
        wish = Export.written(document, Writing(export_id, SHOWN))
    except WrongFields as error:
        problems += error.problems
    connection = await connection_in(request, document, problems)
    if wish is None or problems:
        raise Invalid(say("export_invalid", "The export cannot be used."), problems)
    return wish, connection


async def connection_in(
    request: Request, document: Any, problems: list[Problem], *, pointer: str = ""
) -> Connection | None:
    """Return the connection that *document*, an export at *pointer*, names; note in *problems* if it is missing."""
    connection_id = document.get("connection_id") if isinstance(document, dict) else None
    if not isinstance(connection_id, str) or not is_id(connection_id):
        return None
    connection = await find_connection(request, connection_id)
    if connection is None:
        missing = say("unknown_connection", "there is no connection '{connection}'", connection=connection_id)
        problems.append(Problem(f"{pointer}/connection_id", missing))
    return connection


async def _shown(
    request: Request, export: Export, looked: Iterable[Finding] | None = None, unsaved: Collection[str] = ()
) -> dict[str, Any]:
    runs = await latest_runs(request.app.store, export)
    return await view(request, export, Connections(request), runs, looked=looked, unsaved=unsaved)


async def _find(request: Request, export_id: str) -> Document:
    document = await request.app.store.exports.document(export_id)
    if document is None:
        raise no_such_export(export_id)
    return document


async def _check_own(request: Request, document: Document | None) -> None:
    """Raise `Forbidden` when the export exists and the caller may not work with it.

    Only administrators may work with an export whose document is damaged.
    """
    if document is not None and not request.caller.is_administrator:
        export = request.app.store.exports.readable(document)
        check_use(request.caller, await find_connection(request, export.connection_id if export else None))


async def _check_list(request: Request, connection: Connection, wish: Export) -> list[Finding]:
    """Return what Klaviyo says about the flows of the list, and remember the name of the list.

    Raises `Invalid` when Klaviyo knows no such list, `Refused` when Klaviyo cannot be asked.
    """
    resources = request.app.resources
    try:
        target = await find_list(request, connection, wish.list_id)
        await remember_list(connection, target, resources)
        return await look_for_flows(wish, connection, target, resources)
    except UnknownList as error:
        invalid = say("export_invalid", "The export cannot be used.")
        raise Invalid(invalid, [Problem("/list_id", error.sentence)]) from error


def _asks_klaviyo(request: Request) -> bool:
    return one_of(request, "validate", ("klaviyo",)) is not None


def _copy_wish(request: Request) -> ExportCopy:
    """Return the id and the name that the copy shall have; raises `Invalid`."""
    try:
        return ExportCopy.written(request.document())
    except WrongFields as error:
        invalid = say("copy_invalid", "The export cannot be duplicated so.")
        raise Invalid(invalid, error.problems) from None
