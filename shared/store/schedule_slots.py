"""Which slot of each schedule was served last, so that no slot is served twice, and none from before the schedule."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.domain.config.schedule import Schedule
from shared.domain.config.stored_documents import damage_at
from shared.domain.errors import Conflict
from shared.domain.sentences import say
from shared.domain.times import utc_text, utc_time
from shared.ports import Documents, write_over
from shared.store.paths import schedule_path

TRIES = 5
"""How often the note is read again when a tick writes the note at the same time."""


@dataclass(frozen=True, slots=True)
class Served:
    """The last slot (UTC) of a schedule that was served; *etag* is the version of the note."""

    slot: datetime
    etag: str


class Slots:
    """The note of each export on the last slot that was served; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def served(self, export_id: str, schedule: Schedule, now: datetime) -> Served | None:
        """Return the last served slot of *schedule*; None for a schedule that starts *now*, because it is new.

        A schedule that replaced another one is new: nobody asked for the slots that it would have had before.
        Raises `Damaged`.
        """
        path = schedule_path(export_id)
        document = await self._documents.get(path)
        if document is None:
            await self._documents.insert(path, _note(schedule, now))
            return None
        if document.value.get("timetable", schedule.document()) != schedule.document():
            with suppress(Conflict):  # another tick did the same
                await self._documents.replace(path, _note(schedule, now), etag=document.etag)
            return None
        with damage_at(path):
            return Served(utc_time(document.value["last_slot"]), document.etag)

    async def serve(self, export_id: str, schedule: Schedule, slot: datetime, *, over: Served) -> None:
        """Note that *slot* was served; raises `Conflict` when another tick noted a slot since *over* was read."""
        await self._documents.replace(schedule_path(export_id), _note(schedule, slot), etag=over.etag)

    async def begin(self, export_id: str, schedule: Schedule | None, now: datetime) -> None:
        """Let *schedule* start *now*, whatever was noted before; None removes the note. Raises `Conflict`."""
        if schedule is None:
            await self.remove(export_id)
            return
        path = schedule_path(export_id)
        for _ in range(TRIES):
            document = await self._documents.get(path)
            if await write_over(self._documents, path, _note(schedule, now), document.etag if document else None):
                return
        text = "The schedule of export '{export}' is being changed by somebody else; try again."
        raise Conflict(say("schedule_being_changed", text, export=export_id))

    async def forget(self, export_id: str) -> None:
        """Remove the note of an export that has no schedule: a later schedule must not serve slots of the time between.

        The tick calls this each time, so a note that is not there costs one read and no write.
        """
        if await self._documents.get(schedule_path(export_id)) is not None:
            await self.remove(export_id)

    async def remove(self, export_id: str) -> None:
        """Remove the note, whether it is there or not."""
        await self._documents.delete(schedule_path(export_id))


def _note(schedule: Schedule, slot: datetime) -> dict[str, object]:
    return {"schema": 1, "last_slot": utc_text(slot), "timetable": schedule.document()}
