"""When the timer's last tick came to its end, so that somebody who looks finds out whether the timer works."""

from datetime import datetime
from typing import Any

from shared.domain.times import utc_text, utc_time
from shared.ports import Documents, write_over
from shared.store.paths import LAST_TICK


class LastTick:
    """The note on the last tick; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def note(self, now: datetime) -> None:
        """Note that a tick has come to its end."""
        note = {"schema": 1, "at": utc_text(now)}
        last = await self._documents.get(LAST_TICK)
        # Another tick that was faster has noted the same moment.
        await write_over(self._documents, LAST_TICK, note, last.etag if last else None)

    async def at(self) -> datetime | None:
        """Return when the last tick came to its end; None where none ever has, or the note cannot be read."""
        last = await self._documents.get(LAST_TICK)
        return _moment(last.value.get("at")) if last else None


def _moment(text: Any) -> datetime | None:
    try:
        return utc_time(text)
    except (TypeError, ValueError):
        return None
