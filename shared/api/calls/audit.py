"""The call that reads the audit trail."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from shared.api.http.line_pages import PAGE_LINES, number_of
from shared.api.http.problems import BadRequest
from shared.api.http.request import Answer, Request
from shared.control.read_audit import AuditQuery, read_audit
from shared.domain.sentences import say

MONTH_PATTERN = r"^(20[0-9]{2})-(0[1-9]|1[0-2])$"
_MONTH = re.compile(MONTH_PATTERN[1:-1])
MAX_FILTER = 300
"""The longest filter: a name has at most 256 characters, and a subject is a path of ids."""


async def list_audit(request: Request) -> Answer:
    """List who changed or started what in a month, newest first, one line each; ``subject`` and ``by`` filter."""
    month = request.query.get("month", f"{request.app.clock.now():%Y-%m}")
    found = _MONTH.fullmatch(month)
    if found is None:
        raise BadRequest(say("not_a_month", "month must be a year and a month, such as 2026-11."))
    query = AuditQuery(
        month=datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC),
        subject=_text(request, "subject"),
        by=_text(request, "by"),
        limit=number_of(request, "limit", PAGE_LINES, at_least=1, at_most=PAGE_LINES),
        before=number_of(request, "before", None, at_least=0),
    )
    page = await read_audit(request.app.store.audit, query, request.app.clock)
    return Answer(HTTPStatus.OK, lines=tuple(page.lines), headers=_next(month, query, page.before))


def _next(month: str, query: AuditQuery, before: int | None) -> dict[str, str]:
    """Return the header with the address of the lines *before* that number; none after the last page."""
    if before is None:
        return {}
    asked = {"month": month, "limit": query.limit, "subject": query.subject, "by": query.by, "before": before}
    address = "/api/audit?" + urlencode({name: value for name, value in asked.items() if value != ""})
    return {"Link": f'<{address}>; rel="next"'}


def _text(request: Request, name: str) -> str:
    text = request.query.get(name, "")
    if len(text) > MAX_FILTER:
        sentence = "{parameter} must have at most {limit} characters."
        raise BadRequest(say("parameter_too_long", sentence, parameter=name, limit=MAX_FILTER))
    return text
