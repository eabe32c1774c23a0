"""When the timer's last tick came to its end, so that somebody who looks finds out whether the timer works."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from shared.domain.errors import Conflict
from shared.domain.times import utc_text
from shared.ports import Documents
from shared.store.paths import LAST_TICK


class LastTick:
    """The note on the last tick; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def note(self, now: datetime) -> None:
        """Note that a tick has come to its end."""
        note = {"schema": 1, "at": utc_text(now)}
        last = await self._documents.get(LAST_TICK)
        if last is None:
            await self._documents.insert(LAST_TICK, note)
            return
        with suppress(Conflict):  # another tick came to its end at the same moment
            await self._documents.replace(LAST_TICK, note, etag=last.etag)

    async def at(self) -> datetime | None:
        """Return when the last tick came to its end; None where none ever has, or the note cannot be read."""
        last = await self._documents.get(LAST_TICK)
        return _moment(last.value.get("at")) if last else None


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
