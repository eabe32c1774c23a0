"""The parameters of the calls: in the path, in the query and in headers."""

from typing import Any

from shared.api.calls.audit import MAX_FILTER, MONTH_PATTERN
from shared.api.calls.klaviyo_accounts import MAX_SEARCH
from shared.api.calls.run_lists import TIME_PATTERN, TRIGGERS
from shared.api.calls.run_rows import FORMATS, MAX_REASON, MOST_LINES
from shared.api.calls.runs import MAX_KEY, SETTLE
from shared.api.calls.segments import FOLDER_PATTERN, MAX_FOLDER
from shared.api.http.line_pages import MAX_CURSOR, PAGE_LINES
from shared.api.http.request import MAX_PAGE_SIZE, PAGE_SIZE
from shared.control.connections.remove_connection import Fate
from shared.domain.consent_texts import LANGUAGES
from shared.domain.identifiers import ID_PATTERN, MAX_SEGMENT_NAME, SEGMENT_PATTERN
from shared.domain.runs.run import RunStatus

IDENTIFIER = {"type": "string", "pattern": ID_PATTERN}
Parameter = dict[str, Any]
"""The schema and the description of a parameter, as OpenAPI has it."""


def _of(schema: dict[str, Any], description: str) -> Parameter:
    return {"description": description, "schema": schema}


_SEGMENT = {"type": "string", "pattern": SEGMENT_PATTERN, "maxLength": MAX_SEGMENT_NAME}
_FOLDER = {"type": "string", "minLength": 1, "maxLength": MAX_FOLDER, "pattern": FOLDER_PATTERN}
_RUN = {"type": "string", "pattern": f"{ID_PATTERN[:-1]}/{ID_PATTERN[1:]}"}
_STATUS = {"type": "string", "enum": list(RunStatus)}
_FLAG = {"type": "string", "enum": ["true", "false"]}

PATHS: dict[str, Parameter] = {
    "connection_id": _of(IDENTIFIER, "The connection."),
    "export_id": _of(IDENTIFIER, "The export."),
    "run_id": _of(IDENTIFIER, "The run."),
}
QUERIES: dict[str, Parameter] = {
    "limit": _of(
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}, "How many on a page."
    ),
    "lines": {
        "name": "limit",
        **_of(
            {"type": "integer", "minimum": 1, "maximum": PAGE_LINES, "default": PAGE_LINES}, "How many lines on a page."
        ),
    },
    "many_lines": {
        "name": "limit",
        **_of(
            {"type": "integer", "minimum": 1, "maximum": MOST_LINES, "default": PAGE_LINES}, "How many lines on a page."
        ),
    },
    "reason": _of(
        {"type": "string", "minLength": 1, "maxLength": MAX_REASON},
        "Only rows with this reason; a page may be short, or empty, and still have a next one.",
    ),
    "format": _of({"type": "string", "enum": list(FORMATS)}, "How the lines are written; ndjson without this."),
    "after": _of(
        {"type": "integer", "minimum": 0, "maximum": MAX_CURSOR},
        "Where to go on, as the address of the next page has it.",
    ),
    "after_id": {"name": "after", **_of(IDENTIFIER, "Only those whose ids come after this one.")},
    "after_name": {"name": "after", **_of(_FOLDER, "Only those that are listed after this one.")},
    "segment": _of(_SEGMENT, "Only the segment with this name."),
    "columns": _of(_FLAG, "Look into each segment for its columns."),
    "validate": _of({"type": "string", "enum": ["klaviyo"]}, "Also ask Klaviyo whether there is such a list."),
    "language": _of({"type": "string", "enum": list(LANGUAGES)}, "The language of the texts, before Accept-Language."),
    "dry_run": _of(_FLAG, "Check everything, and save nothing."),
    "exports": _of(
        {"type": "string", "enum": list(Fate)}, "What becomes of its exports; without this it must have none."
    ),
    "search": _of({"type": "string", "maxLength": MAX_SEARCH}, "A part of the name, whatever its case, or the id."),
    "before": _of(IDENTIFIER, "Only runs older than this one."),
    "before_run": {
        "name": "before",
        **_of(_RUN, "Only runs that are listed after this one: export id, slash, run id."),
    },
    "export_id": _of(IDENTIFIER, "Only runs of this export."),
    "last_status": {"name": "status", **_of(_STATUS, "Only exports whose last run has this status.")},
    "name": _of({"type": "string", "maxLength": MAX_SEARCH}, "A part of the name or of the id, whatever its case."),
    "before_line": {
        "name": "before",
        **_of({"type": "integer", "minimum": 0, "maximum": MAX_CURSOR}, "Only lines that are older than this one."),
    },
    "subject": _of({"type": "string", "maxLength": MAX_FILTER}, "Only what was done to this, such as exports/vip."),
    "by": _of(
        {"type": "string", "maxLength": MAX_FILTER}, "A part of the name or label of who did it, whatever its case."
    ),
    "status": _of(_STATUS, "Only runs with this status."),
    "trigger": _of({"type": "string", "enum": list(TRIGGERS)}, "Only runs started by this."),
    "since": _of({"type": "string", "pattern": TIME_PATTERN}, "Only runs that were asked for then or later."),
    "until": _of({"type": "string", "pattern": TIME_PATTERN}, "Only runs that were asked for before then."),
    "settle": _of(
        {"type": "string", "enum": list(SETTLE)}, "Whether the run waits for the import jobs of what it has sent."
    ),
    "queue": _of(_FLAG, "Let the run wait behind one that has not ended, where it would be refused otherwise."),
    "month": _of({"type": "string", "pattern": MONTH_PATTERN}, "The month (UTC), by default this one."),
}
HEADERS: dict[str, Parameter] = {
    "Idempotency-Key": _of(
        {"type": "string", "pattern": f"^[ -+\\--~]{{1,{MAX_KEY}}}$"},
        "The same key and body give the same run, however often sent.",
    ),
    "Accept-Language": _of({"type": "string"}, "The languages that the reader prefers; English where none is known."),
    "If-Match": _of({"type": "string"}, "Only if the version with this ETag is there."),
    "If-None-Match": _of({"type": "string", "enum": ["*"]}, "Only if there is none yet."),
}
