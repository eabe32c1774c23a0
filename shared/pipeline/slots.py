"""Up to which slot the schedule of each export was served, so that none is served twice and none by surprise."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.domain.errors import ConfigurationError, Conflict
from shared.domain.run import utc_text
from shared.domain.schedule import Schedule
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
    try:
        return Slots(datetime.fromisoformat(document.value["last_slot"]), document.etag)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"'{path}' does not say when the schedule was served last; delete it.") from error


def served(timetable: Schedule, slot: datetime) -> dict[str, object]:
    """Return the note that *timetable* was served up to *slot*."""
    return {"schema": 1, "last_slot": utc_text(slot), "timetable": timetable.document()}


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
