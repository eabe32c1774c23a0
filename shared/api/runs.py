"""Runs over HTTP: start one, look at them, cancel one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import azure.functions as func

from shared.api.problems import BadRequest, NotFound, Refused, answer, problem
from shared.bootstrap import App
from shared.domain.errors import ConfigurationError, ExportError
from shared.domain.export import Export
from shared.domain.identifiers import check_id
from shared.domain.run import Run
from shared.pipeline.runs import WakeUp
from shared.pipeline.start_run import start_run as request_run

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
SOON = {"Retry-After": "5"}

OpenApp = Callable[[], Awaitable[App]]
"""Returns the app, wired up; it may fail like anything else, and then that is the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer and the message to send with it, if any."""

    response: func.HttpResponse
    wake_up: WakeUp | None = None


async def start_run(open_app: OpenApp, route: Mapping[str, str]) -> Answer:
    """``POST /exports/{export_id}/runs``: 202 with the address of the new run."""
    try:
        export_id = _id("an export", route["export_id"])
        app = await open_app()
        await _check_export(app, export_id)
        marker = await request_run(
            export_id, app.place.new_run_id(app.clock.now()), trigger="http", runs=app.runs, clock=app.clock
        )
        run = marker.new_run()
    except ExportError as error:
        return Answer(problem(error))
    headers = {"Location": _address(run), **SOON}
    return Answer(answer(HTTPStatus.ACCEPTED, view(run), headers), marker.wake_up)


async def list_runs(open_app: OpenApp, route: Mapping[str, str], params: Mapping[str, str]) -> func.HttpResponse:
    """``GET /exports/{export_id}/runs?limit=&before=``: newest first; ``next`` is the address of the following page."""
    try:
        export_id = _id("an export", route["export_id"])
        limit = _limit(params)
        before = _id("a run", params["before"]) if "before" in params else None
        app = await open_app()
        ids = [run_id for run_id in await app.runs.ids(export_id) if before is None or run_id < before]
        found = [await app.runs.get(export_id, run_id) for run_id in ids[:limit]]
    except ExportError as error:
        return problem(error)
    follows = f"/api/exports/{export_id}/runs?limit={limit}&before={ids[limit - 1]}" if len(ids) > limit else None
    return answer(HTTPStatus.OK, {"runs": [view(run) for run in found if run], "next": follows})


async def get_run(open_app: OpenApp, route: Mapping[str, str]) -> func.HttpResponse:
    """``GET /exports/{export_id}/runs/{run_id}``: the run as it stands."""
    try:
        run = await _run(await open_app(), route)
    except ExportError as error:
        return problem(error)
    return answer(HTTPStatus.OK, view(run), {} if run.status.is_ended else SOON)


async def cancel_run(open_app: OpenApp, route: Mapping[str, str]) -> Answer:
    """``DELETE /exports/{export_id}/runs/{run_id}``: 202; what was sent is settled first."""
    try:
        app = await open_app()
        run = await _run(app, route)
        if run.status.is_ended:
            raise Refused(f"Run '{run.id}' has ended already ({run.status.value}).")
        await app.runs.ask_to_cancel(run, by="A caller with a function key", now=app.clock.now())
    except ExportError as error:
        return Answer(problem(error))
    headers = {"Location": _address(run), **SOON}
    return Answer(answer(HTTPStatus.ACCEPTED, view(run), headers), WakeUp(run.export_id, run.id))


def view(run: Run) -> dict[str, Any]:
    """Return the run as callers see it: its document, and its own address."""
    return {**run.document(), "self": _address(run)}


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


async def _run(app: App, route: Mapping[str, str]) -> Run:
    export_id, run_id = _id("an export", route["export_id"]), _id("a run", route["run_id"])
    run = await app.runs.get(export_id, run_id)
    if run is None:
        raise NotFound(f"Export '{export_id}' has no run '{run_id}'.")
    return run


def _id(kind: str, text: str) -> str:
    try:
        return check_id(kind, text)
    except ConfigurationError as error:
        raise BadRequest(str(error)) from error


def _limit(params: Mapping[str, str]) -> int:
    text = params.get("limit", str(PAGE_SIZE))
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_PAGE_SIZE:
        return int(text)
    raise BadRequest(f"limit must be a whole number from 1 to {MAX_PAGE_SIZE}.")
