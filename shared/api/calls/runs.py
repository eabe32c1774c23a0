"""Runs over HTTP: start one or all, look at them, cancel one."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson

from shared.api.answers.runs import BrokenRun, SkippedExport
from shared.api.calls.lookup import check_reach, find_own_export
from shared.api.calls.run_views import RunViews, run_address
from shared.api.http.lines import cursor, page_of
from shared.api.http.problems import BadRequest, Forbidden, Invalid, NotFound, Refused
from shared.api.http.request import SOON, Answer, Request, query_id
from shared.control.runs.cancel_run import cancel_run as cancel
from shared.control.runs.start_run import RunRequest, RunStarter
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.config.problems import WrongFields
from shared.domain.config.wishes import RunWish
from shared.domain.control_errors import RunActive, RunsUnreadable
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.watching.wanted import usable_connection

MAX_LOOKED_AT = 200
"""So many runs are read for one page of those that a filter lets through."""
MAX_KEY = 255
TRIGGERS = ("schedule", "http", "source_changed")


async def start_run(request: Request) -> Answer:
    """Start a run of an export."""
    export_id, app = request.id("export_id"), request.app
    wish = _wish(request)
    export, connection = await find_own_export(request, export_id)
    run_id = app.resources.new_run_id(app.clock.now())
    try:
        run = await RunStarter(app.store, app.clock, wish).start(
            export_id, run_id, check=lambda: _check_ready(export, connection)
        )
    except RunActive as error:
        raise Refused(error.sentence, reason=error.reason, run=run_address(error.run)) from error
    return await _accepted(request, run)


async def start_all_runs(request: Request) -> Answer:
    """Start a run of every enabled export."""
    app, now = request.app, request.app.clock.now()
    wish = _wish(request)
    ready, skipped = await _wanted(request)
    run_ids = {export_id: app.resources.new_run_id(now) for export_id in ready}
    runs, active = await RunStarter(app.store, app.clock, wish).start_all(run_ids)
    skipped += [SkippedExport(each.run.export_id, each.reason, str(each), _run_in_the_way(each)) for each in active]
    views = RunViews(request)
    document = {"runs": [await views.of(run) for run in runs], "skipped": [asdict(each) for each in skipped]}
    return Answer(HTTPStatus.ACCEPTED, document, SOON, tuple(WakeUp(run.export_id, run.id) for run in runs))


async def list_runs(request: Request) -> Answer:
    """List the runs of an export, newest first; ``next`` is the address of the following page."""
    export_id, runs, views = request.id("export_id"), request.app.store.runs, RunViews(request)
    limit, before = request.page_size(), query_id(request, "before", "a run")
    status, trigger = _choice(request, "status", tuple(RunStatus)), _choice(request, "trigger", TRIGGERS)
    ids = [run_id for run_id in await runs.ids(export_id) if before is None or run_id < before]
    found: list[dict[str, Any]] = []
    last = None
    for last in ids[:MAX_LOOKED_AT]:
        found += await _shown(views, request, (export_id, last), status, trigger)
        if len(found) == limit:
            break
    query = "".join(f"&{name}={value}" for name, value in (("status", status), ("trigger", trigger)) if value)
    more = f"/api/exports/{export_id}/runs?limit={limit}{query}&before={last}" if last and last != ids[-1] else None
    return Answer(HTTPStatus.OK, {"runs": found, "next": more})


async def get_run(request: Request) -> Answer:
    """Show a run as it stands."""
    run = await _run(request)
    return Answer(HTTPStatus.OK, await RunViews(request).of(run), {} if run.status.is_ended else SOON)


async def list_rejections(request: Request) -> Answer:
    """List the rejected rows of a run that has ended, a line each, with what was mapped of them and why."""
    run = await _ended_run(request)
    lines = request.app.store.results.rejections(run, at=cursor(request))
    return await _lines(request, lines, f"{run_address(run)}/rejections")


async def list_unconfirmed(request: Request) -> Answer:
    """List the import jobs of a run whose end could not be learnt, a line each, with their rows."""
    run = await _ended_run(request)
    lines = request.app.store.results.unconfirmed(run, at=cursor(request))
    return await _lines(request, lines, f"{run_address(run)}/unconfirmed")


async def cancel_run(request: Request) -> Answer:
    """Ask a run to stop; what was sent is settled first."""
    run = await _run(request)
    await check_reach(request, run)
    if run.status.is_ended:
        raise Refused(f"Run '{run.id}' has ended already ({run.status.value}).")
    await cancel(run, author=request.author, store=request.app.store, now=request.app.clock.now())
    return await _accepted(request, run)


async def _accepted(request: Request, run: Run) -> Answer:
    """Return the answer that *run* will be worked on, with the message that sees to it."""
    headers = {"Location": run_address(run), **SOON}
    return Answer(HTTPStatus.ACCEPTED, await RunViews(request).of(run), headers, (WakeUp(run.export_id, run.id),))


async def _shown(
    views: RunViews, request: Request, ids: tuple[str, str], status: str | None, trigger: str | None
) -> list[dict[str, Any]]:
    """Return the run as a list shows it, nothing where it is not meant; one that is damaged is named, at least."""
    try:
        run = await request.app.store.runs.get(*ids)
    except ConfigurationError:
        broken = BrokenRun(ids[1], ids[0], is_broken=True, self=f"/api/exports/{ids[0]}/runs/{ids[1]}")
        return [asdict(broken)] if status is None and trigger is None else []
    is_meant = run is not None and status in (None, run.status) and trigger in (None, run.trigger)
    return [await views.of(run)] if run and is_meant else []


def _run_in_the_way(active: RunActive) -> str | None:
    return None if isinstance(active, RunsUnreadable) else run_address(active.run)


def _wish(request: Request) -> RunRequest:
    """Return what the caller asks for; the same body, whatever its spaces, is the same request."""
    document = request.document()
    try:
        limit = RunWish.written(document).limit
    except WrongFields as error:
        raise Invalid("The body cannot be used.", [*error.problems]) from None
    may_queue = request.flag("queue")
    whole = orjson.dumps([document, may_queue], option=orjson.OPT_SORT_KEYS)
    return RunRequest(by=request.author, limit=limit, may_queue=may_queue, key=_key(request), body=whole)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(f"An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.")
    return key


def _choice(request: Request, name: str, known: tuple[str, ...]) -> str | None:
    text = request.query.get(name)
    if text is not None and text not in known:
        raise BadRequest(f"{name} must be one of {', '.join(known)}.")
    return text


async def _wanted(request: Request) -> tuple[list[str], list[SkippedExport]]:
    """Return the ids of the enabled exports that the caller may run, and which of them cannot be run and why."""
    ready, skipped = [], []
    for export_id in await request.app.store.exports.ids():
        try:
            export, connection = await find_own_export(request, export_id)
            if export.enabled:
                _check_ready(export, connection)
                ready.append(export_id)
        except (Forbidden, NotFound):
            continue
        except Refused as error:
            skipped.append(SkippedExport(export_id, "cannot_run", str(error), None))
    return ready, skipped


def _check_ready(export: Export, connection: Connection | None) -> None:
    """Raise `Refused` for what would fail the run when it is planned; it is kinder to say so at once."""
    try:
        usable_connection(export, connection)
    except ConfigurationError as error:
        raise Refused(str(error)) from error


async def _ended_run(request: Request) -> Run:
    run = await _run(request)
    await check_reach(request, run)
    if not run.status.is_ended:
        raise Refused(f"Run '{run.id}' has not ended ({run.status.value}); its rows are told apart at its end.")
    return run


async def _lines(request: Request, lines: AsyncIterator[bytes], address: str) -> Answer:
    """Return a page of *lines*; the cursor counts bytes, so that no page costs more than another."""
    return await page_of(lines, request, address, start=cursor(request), step=lambda line: len(line) + 1)


async def _run(request: Request) -> Run:
    export_id, run_id = request.id("export_id"), request.id("run_id")
    run = await request.app.store.runs.get(export_id, run_id)
    if run is None:
        raise NotFound(f"Export '{export_id}' has no run '{run_id}'.")
    return run
