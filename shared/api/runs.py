"""Runs over HTTP: start one, look at them, cancel one."""

from http import HTTPStatus
from typing import Any

from shared.api.exchange import SOON, Answer, Request, query_id
from shared.api.problems import NotFound, Refused
from shared.bootstrap import App
from shared.domain.errors import ConfigurationError
from shared.domain.export import Export
from shared.domain.run import Run
from shared.pipeline.runs import WakeUp
from shared.pipeline.start_run import start_run as request_run


async def start_run(request: Request) -> Answer:
    """Start a run of an export."""
    export_id, app = request.id("export_id"), request.app
    await _check_export(app, export_id)
    run_id = app.place.new_run_id(app.clock.now())
    marker = await request_run(export_id, run_id, trigger="http", runs=app.runs, clock=app.clock)
    return _accepted(marker.new_run())


async def list_runs(request: Request) -> Answer:
    """List the runs of an export, newest first; ``next`` is the address of the following page."""
    export_id, app = request.id("export_id"), request.app
    limit = request.page_size()
    before = query_id(request, "before", "a run")
    ids = [run_id for run_id in await app.runs.ids(export_id) if before is None or run_id < before]
    found = [await app.runs.get(export_id, run_id) for run_id in ids[:limit]]
    follows = f"/api/exports/{export_id}/runs?limit={limit}&before={ids[limit - 1]}" if len(ids) > limit else None
    return Answer(HTTPStatus.OK, {"runs": [view(run) for run in found if run], "next": follows})


async def get_run(request: Request) -> Answer:
    """Show a run as it stands."""
    run = await _run(request)
    return Answer(HTTPStatus.OK, view(run), {} if run.status.is_ended else SOON)


async def cancel_run(request: Request) -> Answer:
    """Ask a run to stop; what was sent is settled first."""
    run = await _run(request)
    if run.status.is_ended:
        raise Refused(f"Run '{run.id}' has ended already ({run.status.value}).")
    await request.app.runs.ask_to_cancel(run, by=request.caller.label, now=request.app.clock.now())
    return _accepted(run)


def view(run: Run) -> dict[str, Any]:
    """Return the run as callers see it: its document, and its own address."""
    return {**run.document(), "self": _address(run)}


def _accepted(run: Run) -> Answer:
    """Return the answer that *run* will be worked on, with the message that sees to it."""
    headers = {"Location": _address(run), **SOON}
    return Answer(HTTPStatus.ACCEPTED, view(run), headers, (WakeUp(run.export_id, run.id),))


def _address(run: Run) -> str:
    return f"/api/exports/{run.export_id}/runs/{run.id}"


async def _check_export(app: App, export_id: str) -> None:
    document = await app.place.documents.get(f"exports/{export_id}.json")
    if document is None:
        raise NotFound(f"There is no export '{export_id}'.")
    try:
        Export.from_document(document.value)
    except ConfigurationError as error:
        raise Refused(str(error)) from error


async def _run(request: Request) -> Run:
    export_id, run_id = request.id("export_id"), request.id("run_id")
    run = await request.app.runs.get(export_id, run_id)
    if run is None:
        raise NotFound(f"Export '{export_id}' has no run '{run_id}'.")
    return run
