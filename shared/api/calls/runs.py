"""Calls about runs: start one or all, show one, cancel one, wake one."""

from dataclasses import asdict
from http import HTTPStatus

import orjson

from shared.api.answers.runs import SkippedExport
from shared.api.calls.lookup import check_reach, find_own_export, find_run
from shared.api.calls.run_views import RunViews, address_of_run, run_address
from shared.api.http.problems import BadRequest, Forbidden, Invalid, NotFound, Refused
from shared.api.http.request import SOON, Answer, Request, one_of
from shared.control.runs.cancel_run import cancel_run as cancel
from shared.control.runs.start_run import RunRequest, RunStarter
from shared.control.runs.wake_run import wake_run as wake
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.config.field_problems import WrongFields
from shared.domain.config.wishes import RunWish
from shared.domain.control_errors import RunActive
from shared.domain.errors import ConfigurationError, ExportError
from shared.domain.runs.run import Run
from shared.domain.sentences import say
from shared.pipeline.watching.still_wanted import usable_connection

MAX_KEY = 255
SETTLE = ("yes", "no")


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
        raise Refused.because_of(error, reason=error.reason, run=address_of_run(export_id, error.run_id)) from error
    return await _accepted(request, run)


async def start_all_runs(request: Request) -> Answer:
    """Start a run of every enabled export."""
    app, now = request.app, request.app.clock.now()
    wish = _wish(request)
    ready, skipped = await _wanted(request)
    run_ids = {export_id: app.resources.new_run_id(now) for export_id in ready}
    runs, in_the_way = await RunStarter(app.store, app.clock, wish).start_all(run_ids)
    answered = {*in_the_way, *(run.export_id for run in runs)}  # under a key, perhaps by an earlier request
    skipped = [each for each in skipped if each.export_id not in answered]
    skipped += [
        _skipped(request, export_id, error, reason=error.reason, run=_run_in_the_way(export_id, error))
        for export_id, error in in_the_way.items()
    ]
    views = RunViews(request)
    document = {"runs": [await views.listed(run) for run in runs], "skipped": [asdict(each) for each in skipped]}
    return Answer(HTTPStatus.ACCEPTED, document, SOON, tuple(run.wake_up for run in runs))


async def get_run(request: Request) -> Answer:
    """Show a run as it is now."""
    run = await find_run(request)
    return Answer(HTTPStatus.OK, await RunViews(request).of(run), {} if run.status.is_ended else SOON)


async def cancel_run(request: Request) -> Answer:
    """Ask a run to stop; the run first settles what was sent. `settle=no` ends it without waiting for Klaviyo."""
    settles = one_of(request, "settle", SETTLE) != "no"
    run, app = await _unended_run(request), request.app
    await cancel(run, author=request.author, store=app.store, now=app.clock.now(), settles=settles)
    return await _accepted(request, run)


async def wake_run(request: Request) -> Answer:
    """Take up a waiting run now, before the time at which it would be tried again."""
    run = await _unended_run(request)
    if not await wake(run, author=request.author, resources=request.app.resources):
        text = "Run '{run}' does not wait ({status}): a leg works on it, so there is nothing to wake."
        raise Refused(say("run_at_work", text, run=run.id, status=run.status.value))
    return await _accepted(request, run)


async def _accepted(request: Request, run: Run) -> Answer:
    """Return the answer that the app will work on *run*, with the message that wakes the run."""
    headers = {"Location": run_address(run), **SOON}
    return Answer(HTTPStatus.ACCEPTED, await RunViews(request).of(run), headers, (run.wake_up,))


def _run_in_the_way(export_id: str, error: ExportError) -> str | None:
    return address_of_run(export_id, error.run_id) if isinstance(error, RunActive) else None


def _wish(request: Request) -> RunRequest:
    """Return what the caller asks for; spaces and the order of fields make no other request of a body."""
    document = request.document()
    try:
        limit = RunWish.written(document).limit
    except WrongFields as error:
        raise Invalid(say("body_invalid", "The body cannot be used."), error.problems) from None
    may_queue = request.flag("queue")
    whole = orjson.dumps([document, may_queue], option=orjson.OPT_SORT_KEYS)
    return RunRequest(by=request.author, limit=limit, may_queue=may_queue, key=_key(request), body=whole)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable() and "," not in key):
        # The host joins two headers by a comma, so a key with a comma may be two keys.
        text = "An Idempotency-Key has 1 to {limit} printable ASCII characters, and no comma."
        raise BadRequest(say("not_an_idempotency_key", text, limit=MAX_KEY))
    return key


async def _wanted(request: Request) -> tuple[list[str], list[SkippedExport]]:
    """Return the ids of the enabled exports that the caller may run, and those that cannot run, with the reason."""
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
            skipped.append(_skipped(request, export_id, error, reason="cannot_run", run=None))
    return ready, skipped


def _skipped(request: Request, export_id: str, error: ExportError, *, reason: str, run: str | None) -> SkippedExport:
    """Return why no run of the export was started, as the caller may read it."""
    why = request.caller.reads(error.notice)
    return SkippedExport(export_id, reason, why.code, why.params, why.detail, run)


def _check_ready(export: Export, connection: Connection | None) -> None:
    """Raise `Refused` when a run would fail as soon as it is planned: the caller learns it from the answer."""
    try:
        usable_connection(export, connection)
    except ConfigurationError as error:
        raise Refused.because_of(error) from error


async def _unended_run(request: Request) -> Run:
    run = await find_run(request)
    await check_reach(request, run)
    if run.status.is_ended:
        text = "Run '{run}' has ended already ({status})."
        raise Refused(say("run_ended", text, run=run.id, status=run.status.value))
    return run
