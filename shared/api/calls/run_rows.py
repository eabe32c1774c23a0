"""Calls about the rows of a run that has ended: those that were rejected, and those that are unconfirmed."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import orjson

from shared.api.answers.rejections_csv import csv_header, csv_line
from shared.api.calls.lookup import check_reach, find_run
from shared.api.calls.run_views import run_address
from shared.api.http.line_pages import cursor, page_of
from shared.api.http.problems import BadRequest, Refused
from shared.api.http.request import Answer, Request, one_of
from shared.domain.runs.run import Run
from shared.domain.sentences import say

FORMATS = ("ndjson", "csv")
MAX_REASON = 100
MOST_LINES = 10_000
"""The most lines on a page."""


async def list_rejections(request: Request) -> Answer:
    """List the rejected rows of a run that has ended, a line each, with their mapped fields and the reason."""
    run = await _ended_run(request)
    reason = _reason(request, run)
    is_csv = one_of(request, "format", FORMATS) == "csv"
    asked = urlencode({**({"reason": reason} if reason else {}), **({"format": "csv"} if is_csv else {})})
    address = f"{run_address(run)}/rejections" + (f"?{asked}" if asked else "")
    lines = request.app.store.results.rejections(run, at=cursor(request))
    page = await page_of(
        lines,
        request,
        address,
        start=cursor(request),
        step=_bytes,
        most=MOST_LINES,
        show=_show_only(reason, is_csv=is_csv),
    )
    return _as_csv(page, run) if is_csv else page


async def list_unconfirmed(request: Request) -> Answer:
    """List the import jobs of a run whose end could not be learnt, a line each, with their rows."""
    run = await _ended_run(request)
    lines = request.app.store.results.unconfirmed(run, at=cursor(request))
    address = f"{run_address(run)}/unconfirmed"
    return await page_of(lines, request, address, start=cursor(request), step=_bytes, most=MOST_LINES)


async def _ended_run(request: Request) -> Run:
    run = await find_run(request)
    await check_reach(request, run)
    if not run.status.is_ended:
        text = "Run '{run}' has not ended ({status}); the app lists rejected and unconfirmed rows at the end of a run."
        raise Refused(say("run_not_ended", text, run=run.id, status=run.status.value))
    return run


def _reason(request: Request, run: Run) -> str | None:
    """Return the reason that is asked for, or None; raises `BadRequest` for one that no rejection of *run* has.

    A run without reasons lets every word through: it has no rejection, or a release before the reasons ended it.
    """
    reason = request.query.get("reason")
    if reason is None:
        return None
    if not 1 <= len(reason) <= MAX_REASON:
        text = "reason must be a word of 1 to {limit} characters, as the rejections have it."
        raise BadRequest(say("not_a_reason", text, limit=MAX_REASON))
    known = {*run.reasons.rejected, *(run.brake.reasons if run.brake else ())}
    if known and reason not in known:
        text = "No row of the run was rejected for the reason '{reason}'; its reasons are {reasons}."
        raise BadRequest(say("not_a_reason_of_run", text, reason=reason, reasons=", ".join(sorted(known))))
    return reason


def _bytes(line: bytes) -> int:
    """Return how far *line* moves the cursor, which counts bytes: so the storage can be read from there."""
    return len(line) + 1


def _show_only(reason: str | None, *, is_csv: bool) -> Callable[[bytes], bytes | None]:
    """Return what makes of a line what the page shows, None for a line of another *reason*."""
    mark = b'"reason":' + orjson.dumps(reason)

    def show(line: bytes) -> bytes | None:
        if reason is not None and not (mark in line and _reason_of(line) == reason):
            return None
        return csv_line(line) if is_csv else line

    return show


def _reason_of(line: bytes) -> object:
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return document.get("reason") if isinstance(document, dict) else None


def _as_csv(page: Answer, run: Run) -> Answer:
    """Return *page* as a file of its own, with the header."""
    name = {"Content-Disposition": f'attachment; filename="rejections-{run.id}.csv"'}
    lines = (csv_header(), *(page.lines or ()))
    return replace(page, lines=lines, media_type="text/csv", headers={**page.headers, **name})
