"""Reads the audit trail of a month, newest first, a page at a time, by what was done to what and by whom."""

from collections import deque
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

import orjson

from shared.ports import Clock
from shared.store.audit_trail import AuditTrail

PAGE_BYTES = 1024 * 1024
LINES_AT_A_STRETCH = 500
"""After so many lines others have a turn: a few milliseconds of work."""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which lines are read: those of *month*, about *subject* and what lies below it, with *by* in the name or label.

    An empty text lets every line through. In *by*, upper and lower case are the same.
    Example: the subject ``exports/vip`` also lets ``exports/vip/runs/…`` through.
    A page has at most *limit* lines, all of them with numbers less than *before*.
    """

    month: datetime
    subject: str
    by: str
    limit: int
    before: int | None

    def lets_through(self, line: bytes) -> bool:
        """Tell whether *line* is read."""
        if not (self.subject or self.by):
            return True
        noted = orjson.loads(line)
        return self._is_about(noted["subject"]) and any(
            self.by.casefold() in (text or "").casefold() for text in (noted["by"]["name"], noted["by"]["label"])
        )

    def _is_about(self, subject: str) -> bool:
        return not self.subject or subject == self.subject or subject.startswith(f"{self.subject}/")


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The *lines* of a page, newest first; the next page has the lines *before* that number; None after the last."""

    lines: Sequence[bytes]
    before: int | None


async def read_audit(trail: AuditTrail, query: AuditQuery, clock: Clock) -> AuditPage:
    """Return a page of the lines that *query* asks for; its lines have about a MiB at most.

    Lines have numbers from 0 on, oldest first. Storage reads a file from its beginning only, so the whole month is
    read up to line *before*, and the memory holds one page.
    """
    page: deque[tuple[int, bytes]] = deque()
    size = number = 0
    are_more = False
    async with aclosing(trail.read(query.month)) as lines:
        async for line in lines:
            if number == query.before:
                break
            if query.lets_through(line):
                page.append((number, line))
                size += len(line)
            while len(page) > query.limit or (len(page) > 1 and size > PAGE_BYTES):
                size -= len(page.popleft()[1])
                are_more = True
            number += 1
            if number % LINES_AT_A_STRETCH == 0:
                await clock.sleep(0)
    return AuditPage([line for _, line in reversed(page)], page[0][0] if are_more else None)
