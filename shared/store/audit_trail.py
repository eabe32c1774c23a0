"""The audit trail: who changed or started what, and when; one line a deed, in a file a month."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from shared.domain.runs.run import utc_text
from shared.ports import Clock, Documents

REMEMBERED = 100
"""A line that was written twice, as its first answer was lost, stands close to itself."""


class AuditTrail:
    """Lines ``audit/{year}-{month}.ndjson``; *new_id* draws an id that no other line has."""

    def __init__(self, documents: Documents, clock: Clock, new_id: Callable[[], str]) -> None:
        self._documents = documents
        self._clock = clock
        self._new_id = new_id

    async def note(
        self,
        by: Mapping[str, str | None],
        what: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that *by* is about to do *what* to *subject*; raises `Retryable`, and then it must not be done.

        The line comes before the deed, so that nothing is done without one; of a deed that then failed there is one,
        too. *before* and *after* are documents, which never hold a key.
        """
        now = self._clock.now()
        line = {
            "id": self._new_id(),
            "at": utc_text(now),
            "by": dict(by),
            "what": what,
            "subject": subject,
            "before": before,
            "after": after,
        }
        await self._documents.append_line(_path(now), orjson.dumps(line))

    async def read(self, month: datetime) -> AsyncIterator[bytes]:
        """Yield the lines of the month of *month*, oldest first, each once."""
        seen: deque[str] = deque(maxlen=REMEMBERED)
        async for line in self._documents.read_lines(_path(month)):
            line_id = orjson.loads(line)["id"]
            if line_id not in seen:
                seen.append(line_id)
                yield line


def _path(moment: datetime) -> str:
    return f"audit/{moment:%Y-%m}.ndjson"
