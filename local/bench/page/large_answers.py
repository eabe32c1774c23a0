"""Answers of the app where there is much of everything: exports, runs and rejected rows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from local.bench.page import editor_answers
from local.bench.page.editor_answers import COLUMN_NAMES, MAPPED
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Jobs, Reasons, Run, RunStatus, Source, Tally
from shared.domain.sentences import quoted

EXPORT = "e001"
EXPORTS, RUNS, RUNS_OF_ONE, ROWS = 500, 10_000, 2_160, 10_000
LONG = "Щоденне оновлення всіх постійних покупців преміальної програми лояльності з України та Польщі " * 2
FROM_RIGHT_TO_LEFT = "مرحبا بالعالم"
_JSON, _LINES = "application/json", "application/x-ndjson"
_NOW = datetime.now(UTC)
_MAY = ["run", "change", "duplicate", "remove", "preview"]
Answered = tuple[bytes, str, dict[str, str]]


def answer_to(path: str, query: str) -> Answered:
    """Return the body, its kind and the headers of the answer to ``GET`` *path*."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    if path.endswith("/rejections"):
        return _rejections(asked)
    for ending, answer in _ANSWERS.items():
        if path.endswith(ending):
            return json.dumps(answer(asked)).encode(), _JSON, {"ETag": '"1"'}
    return b"{}", _JSON, {}


def _me(_asked: dict[str, str]) -> Any:
    app = {"auth_mode": "keys", "can_enter_keys": False, "refresh": None, "tick_schedule": "", "retention_days": 90.0}
    may = ["list_exports", "list_runs"]
    about = {"name": "Dana", "label": "Dana", "role": "administer", "may": may}
    return {**about, "app": {**app, "version": "0", "python": "3"}}


def _export(number: int) -> dict[str, Any]:
    name = LONG[:200] if number % 10 == 0 else f"{FROM_RIGHT_TO_LEFT} {number}" if number % 10 == 1 else f"E {number}"
    run = _run(number, f"e{number:03}")
    glance = (
        "id",
        "status",
        "trigger",
        "created_at",
        "started_at",
        "ended_at",
        "waiting",
        "silence",
        "error",
        "tally",
        "self",
    )
    return {
        "schema": 1,
        "id": f"e{number:03}",
        "display_name": name,
        "connection_id": "acme",
        "connection": {"id": "acme", "display_name": "Acme_Klaviyo"},
        "list_id": "Y6nRLr",
        "list_name": LONG[:100],
        "segments": ["wide"],
        "mapping": {"email": COLUMN_NAMES[0], "properties": {f"p{n}": COLUMN_NAMES[n] for n in range(1, MAPPED)}},
        "phone_region": None,
        "limits": {"max_rejected_share": 0.5, "max_rows": None, "min_rows": 0, "max_age_hours": None},
        "reading": {},
        "allow_flows": False,
        "schedule": None,
        "enabled": True,
        "status": run["status"],
        "last_run": {name: run[name] for name in glance},
        "next_run": None,
        "next_runs": [],
        "warnings": [],
        "may": _MAY,
        "blocked": {},
        "self": f"/api/exports/e{number:03}",
        "etag": '"1"',
    }


def _exports(asked: dict[str, str]) -> Any:
    start = int(asked.get("after", "e-1")[1:]) + 1
    page = [_export(number) for number in range(start, min(EXPORTS, start + 100))]
    following = f"/api/exports?after={page[-1]['id']}" if start + 100 < EXPORTS else None
    return {"exports": page, "next": following}


def _run(number: int, export_id: str) -> dict[str, Any]:
    at = _NOW - timedelta(hours=number + 1)
    rejected = 7 * (number % 5)
    run = Run(
        f"r{number:05}",
        export_id,
        "schedule",
        at,
        status=RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED,
        started_at=at,
        ended_at=at + timedelta(seconds=30 + number % 90),
        source=Source(1, 100, 100),
        tally=Tally(1_000 + number % 300, 1_000 + number % 300 - rejected, rejected=rejected),
        jobs=Jobs(1, 1),
        reasons=Reasons({"email_invalid": rejected} if rejected else {}),
    )
    shown: dict[str, Any] = {
        "held": None,
        "silence": None,
        "cancel_requested": None,
        "error": None,
        "samples": [],
        "notes": [],
    }
    progress = {"share": 1.0, "seconds_left": None, "settled": 1.0}
    address = f"/api/exports/{export_id}/runs/{run.id}"
    return {**run.document(), **shown, "progress": progress, "may": ["rejections", "unconfirmed"], "self": address}


def _runs(asked: dict[str, str]) -> Any:
    whole = RUNS_OF_ONE if "export_id" in asked else RUNS
    limit, start = int(asked.get("limit", "50")), int(asked.get("before", "x/r-1").partition("/r")[2]) + 1
    page = [_run(number, asked.get("export_id", f"e{number % EXPORTS:03}")) for number in range(start, start + limit)]
    more = start + limit < whole
    return {"runs": page, "next": f"/api/runs?before=x/{page[-1]['id']}" if more else None}


def _one_run(_asked: dict[str, str]) -> Any:
    counts = {"tally": {**_run(1, EXPORT)["tally"], "read": 2 * ROWS, "rejected": ROWS}}
    return {**_run(1, EXPORT), **counts, "reasons": {"rejected": {"email_invalid": ROWS}, "left_out": {}}}


def _rejections(asked: dict[str, str]) -> Answered:
    start, limit = int(asked.get("after", "0")), int(asked.get("limit", "100"))
    fields = {"email": f"{FROM_RIGHT_TO_LEFT}@", "properties": {f"поле {n}": "значення " * 4 for n in range(40)}}
    refused = (
        Rejection("wide/1.ndjson", row, "email_invalid", quoted("It is no address."), fields=fields)
        for row in range(start + 1, start + limit + 1)
    )
    lines = "\n".join(json.dumps(each.document()) for each in refused)
    more = {"Link": f'</x?after={start + limit}>; rel="next"'} if start + limit < ROWS else {}
    return lines.encode(), _LINES, more


_ANSWERS: dict[str, Callable[[dict[str, str]], Any]] = {
    "/ui/settings.json": lambda _asked: {"auth_mode": "keys"},
    "/me": _me,
    "/runs/r": _one_run,
    "/runs": _runs,
    f"/exports/{EXPORT}": lambda _asked: _export(1),
    "/exports": _exports,
    "/connections": editor_answers.connections,
    "/lists": editor_answers.lists,
    "/segments": editor_answers.segments,
    "/preview": editor_answers.preview,
}
"""Answers by how the address ends."""
