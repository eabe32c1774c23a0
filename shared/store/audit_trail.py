"""The audit trail: who changed or started what, and when; one line an action, one file a month."""

from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.domain.times import utc_text
from shared.ports import Clock, Documents
from shared.store.paths import audit_path

REMEMBERED = 100
"""How many ids of lines a reader remembers: the two copies of a line that was written twice stand close together."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something: *name* may be an e-mail address and is for the audit trail; *label* is for everybody."""

    name: str | None
    label: str

    @property
    def known_as(self) -> str:
        """Return the name in documents that administrators read."""
        return self.name or self.label


class AuditTrail:
    """The lines of the audit trail; *new_id* draws an id that no other line has."""

    def __init__(self, documents: Documents, clock: Clock, new_id: Callable[[], str]) -> None:
        self._documents = documents
        self._clock = clock
        self._new_id = new_id

    async def note(  # noqa: PLR0913 - the fields of a line, each by name
        self,
        by: Author,
        what: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        line_id: str | None = None,
    ) -> None:
        """Note that *by* is about to do *what* to *subject*; raises `Retryable`, and then the action must not be done.

        *what* is a noun and a past participle (``export.changed``), *subject* a path (``exports/vip``).
        *before* and *after* are documents, which never hold a key.
        The line comes before the action, so that no action is without a line; an action that fails has a line as well.
        Two lines with the same *line_id* count as one.
        """
        now = self._clock.now()
        line = {
            "id": line_id or self._new_id(),
            "at": utc_text(now),
            "by": {"name": by.name, "label": by.label},
            "what": what,
            "subject": subject,
            "before": before,
            "after": after,
        }
        await self._documents.append_line(audit_path(now), orjson.dumps(line))

    async def read(self, month: datetime) -> AsyncGenerator[bytes]:
        """Yield the lines of the month of *month*, oldest first, each once."""
        seen: deque[str] = deque(maxlen=REMEMBERED)
        async for line in self._documents.read_lines(audit_path(month)):
            line_id = orjson.loads(line)["id"]
            if line_id not in seen:
                seen.append(line_id)
                yield line
