"""Calls that list runs: those of one export, and those of all exports."""

import re
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Any

from shared.api.answers.runs import BrokenRun
from shared.api.calls.run_views import RunViews, address_of_run
from shared.api.http.problems import BadRequest
from shared.api.http.request import Answer, Request, one_of, query_id
from shared.control.runs.list_runs import ListedRun, RunFilter, RunPage, list_all_runs
from shared.control.runs.list_runs import list_runs as find_runs
from shared.domain.identifiers import is_id
from shared.domain.runs.run import RunStatus
from shared.domain.sentences import say
from shared.domain.times import utc_time
from shared.store.index.run_index import RunIds

TRIGGERS = ("schedule", "new_data", "http", "source_changed")
_DAY = (
    r"(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_DAY = r"20(?:[02468][048]|[13579][26])-02-29"
TIME_PATTERN = rf"^(?:20[0-9]{{2}}-(?:{_DAY})|{_LEAP_DAY})T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){{2}}Z$"
"""A time in UTC, to the second. Whatever is written so is a time, so that the description promises nothing else."""
_FILTERS = ("status", "trigger", "since", "until")


async def list_runs(request: Request) -> Answer:
    """List the runs of an export, newest first; ``next`` is the address of the following page."""
    export_id = request.id("export_id")
    before = query_id(request, "before", "a run")
    page = await _of_export(request, export_id, before)
    more = _next(request, f"/api/exports/{export_id}/runs", before=page.last and page.last[1])
    return await _answer(request, page, more)


async def list_runs_of_all_exports(request: Request) -> Answer:
    """List the runs of all exports, newest first; ``next`` may follow a page that a filter left short."""
    export_id = query_id(request, "export_id", "an export")
    before = _place(request)
    if export_id is None:
        runs, limit = request.app.store.runs, request.page_size()
        page = await list_all_runs(runs, _filter(request), limit=limit, before=before)
    else:
        page = await _of_export(request, export_id, before and before[1])
    more = _next(request, "/api/runs", export_id=export_id, before=page.last and "/".join(page.last))
    return await _answer(request, page, more)


async def _of_export(request: Request, export_id: str, before: str | None) -> RunPage:
    runs, limit = request.app.store.runs, request.page_size()
    return await find_runs(runs, export_id, _filter(request), limit=limit, before=before)


def _filter(request: Request) -> RunFilter:
    status, trigger = one_of(request, "status", tuple(RunStatus)), one_of(request, "trigger", TRIGGERS)
    return RunFilter(status, trigger, _time(request, "since"), _time(request, "until"))


def _time(request: Request, name: str) -> datetime | None:
    """Return the time in the query parameter *name*, or None without it; raises `BadRequest`."""
    text = request.query.get(name)
    if text is None:
        return None
    if not re.fullmatch(TIME_PATTERN, text):
        sentence = "{parameter} must be a time in UTC, such as 2026-11-23T06:00:00Z."
        raise BadRequest(say("parameter_no_time", sentence, parameter=name))
    return utc_time(text)


def _place(request: Request) -> RunIds | None:
    """Return the run after which the page begins (``?before=vip/20261123t060000z-6f3a``); raises `BadRequest`."""
    text = request.query.get("before")
    if text is None:
        return None
    export_id, _, run_id = text.partition("/")
    if is_id(export_id) and is_id(run_id):
        return export_id, run_id
    raise BadRequest(say("not_a_place_in_runs", "before must be the id of an export, a slash, and the id of its run."))


def _next(request: Request, address: str, *, before: str | None, export_id: str | None = None) -> str | None:
    """Return the address of the page after run *before*, with the same filters; None where there is none."""
    if before is None:
        return None
    query = {**{name: request.query.get(name) for name in _FILTERS}, "export_id": export_id, "before": before}
    return f"{address}?limit={request.page_size()}" + "".join(f"&{name}={text}" for name, text in query.items() if text)


async def _answer(request: Request, page: RunPage, more: str | None) -> Answer:
    views = RunViews(request)
    shown = [await views.listed(each.run) if each.run else _broken(each) for each in page.items]
    return Answer(HTTPStatus.OK, {"runs": shown, "next": more})


def _broken(listed: ListedRun) -> dict[str, Any]:
    """Return what a list shows of a run whose document is damaged."""
    address = address_of_run(listed.export_id, listed.run_id)
    return asdict(BrokenRun(listed.run_id, listed.export_id, is_broken=True, self=address))
