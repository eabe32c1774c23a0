"""Calls about the audit trail."""

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from shared.api.http.line_pages import cursor, page_of
from shared.api.http.problems import BadRequest
from shared.api.http.request import Answer, Request
from shared.domain.sentences import say

MONTH_PATTERN = r"^(20[0-9]{2})-(0[1-9]|1[0-2])$"
_MONTH = re.compile(MONTH_PATTERN[1:-1])


async def list_audit(request: Request) -> Answer:
    """List who changed or started what in a month, oldest first, one line each."""
    month = request.query.get("month", f"{request.app.clock.now():%Y-%m}")
    found = _MONTH.fullmatch(month)
    if found is None:
        raise BadRequest(say("not_a_month", "month must be a year and a month, such as 2026-11."))
    start = cursor(request)
    lines = _from(start, request, datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC))
    return await page_of(lines, request, f"/api/audit?month={month}", start=start, step=lambda _line: 1)


async def _from(start: int, request: Request, month: datetime) -> AsyncGenerator[bytes]:
    """Yield the lines of *month* from the one with number *start* (from 0) on."""
    number = 0
    async for line in request.app.store.audit.read(month):
        if number >= start:
            yield line
        number += 1
