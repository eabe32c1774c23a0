"""Finds the export, its connection and its runs for a call, and checks that the caller may work with them."""

from shared.api.access.permissions import check_use
from shared.api.http.problems import Forbidden, NotFound, Refused
from shared.api.http.request import Request
from shared.control.exports.export_status import is_own
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run
from shared.domain.sentences import say


async def find_export(request: Request, export_id: str) -> Export:
    """Return the export; raises `NotFound`, and `Refused` for a damaged document."""
    try:
        export = await request.app.store.exports.get(export_id)
    except ConfigurationError as error:
        raise Refused.because_of(error) from error
    if export is None:
        raise no_such_export(export_id)
    return export


async def find_connection(request: Request, connection_id: str | None) -> Connection | None:
    """Return the connection, or None when there is none; raises `Refused` for a damaged document."""
    if connection_id is None:
        return None
    try:
        return await request.app.store.connections.get(connection_id)
    except ConfigurationError as error:
        raise Refused.because_of(error) from error


async def find_own_export(request: Request, export_id: str) -> tuple[Export, Connection | None]:
    """Return the export and its connection; raises `NotFound`, `Refused` for a damaged document, and `Forbidden`."""
    export = await find_export(request, export_id)
    connection = await find_connection(request, export.connection_id)
    check_use(request.caller, connection)
    return export, connection


async def find_run(request: Request) -> Run:
    """Return the run that the address names; raises `NotFound`, `Damaged`."""
    export_id, run_id = request.id("export_id"), request.id("run_id")
    run = await request.app.store.runs.get(export_id, run_id)
    if run is None:
        raise NotFound(say("no_such_run", "Export '{export}' has no run '{run}'.", export=export_id, run=run_id))
    return run


async def check_reach(request: Request, run: Run) -> None:
    """Raise `Forbidden` unless the caller may work with the export of *run*.

    Only administrators may work with a run whose export was removed, also when another export has the same id now.
    """
    if request.caller.is_administrator:
        return
    try:
        export, _ = await find_own_export(request, run.export_id)
    except NotFound:
        check_use(request.caller, None)
        return
    if not is_own(run, export):
        text = "Run '{run}' is of an earlier export with this id, so only administrators may do that."
        raise Forbidden(say("run_of_earlier_export", text, run=run.id))


def no_such_export(export_id: str) -> NotFound:
    """Return the error for an address that names an export which does not exist."""
    return NotFound(say("no_such_export", "There is no export '{export}'.", export=export_id))
