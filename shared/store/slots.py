"""Up to which slot the schedule of each export was served, so that none is served twice and none by surprise."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.domain.config.reading import stored
from shared.domain.config.schedule import Schedule
from shared.domain.errors import Conflict
from shared.domain.runs.run import utc_text, utc_time
from shared.ports import Documents

TRIES = 5
"""How often the note is read again that a tick writes at the same time."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Up to which slot (UTC) a timetable was *served*; *etag* is the version of the note."""

    served: datetime
    etag: str


def slots_path(export_id: str) -> str:
    """Return where it is noted up to which slot the schedule of an export was served."""
    return f"schedules/{export_id}.json"


async def read_slots(documents: Documents, export_id: str, timetable: Schedule, now: datetime) -> Slots | None:
    """Return up to where *timetable* was served; None for one that was never served, which starts *now*.

    That includes one that another timetable was before: the slots that it would have had meanwhile are nobody's wish.
    """
    path = slots_path(export_id)
    document = await documents.get(path)
    if document is None:
        await documents.insert(path, served(timetable, now))
        return None
    if document.value.get("timetable", timetable.document()) != timetable.document():
        with suppress(Conflict):  # another tick did the same
            await documents.replace(path, served(timetable, now), etag=document.etag)
        return None
    with stored(path):
        return Slots(utc_time(document.value["last_slot"]), document.etag)


def served(timetable: Schedule, slot: datetime) -> dict[str, object]:
    """Return the note that *timetable* was served up to *slot*."""
    return {"schema": 1, "last_slot": utc_text(slot), "timetable": timetable.document()}


async def forget_slots(documents: Documents, export_id: str) -> None:
    """Forget up to where an export was served that does not start by itself; what it misses meanwhile is nobody's wish.

    It is looked at every minute, so nothing is deleted that is not there.
    """
    path = slots_path(export_id)
    if await documents.get(path) is not None:
        await documents.delete(path)


async def begin_slots(documents: Documents, export_id: str, timetable: Schedule | None, now: datetime) -> None:
    """Let *timetable* start *now*, whatever there was before; None forgets it. Raises `Conflict`, `Retryable`."""
    path = slots_path(export_id)
    if timetable is None:
        await documents.delete(path)
        return
    for _ in range(TRIES):
        document = await documents.get(path)
        if document is None:
            if await documents.insert(path, served(timetable, now)) is not None:
                return
            continue
        with suppress(Conflict):
            await documents.replace(path, served(timetable, now), etag=document.etag)
            return
    raise Conflict(f"The schedule of export '{export_id}' is being changed by somebody else; try again.")
