"""The runs that have ended a moment ago, so that a later tick tells each end again.

A process that is killed right after the end of a run takes the event with it, as the host sends events in batches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import read_stored, stored
from shared.domain.errors import Damaged, Unavailable
from shared.domain.runs.run import Run
from shared.domain.sentences import say
from shared.ports import Documents, write_over
from shared.store.paths import RECENT_ENDS

TRIES = 100
"""How often a change is tried when others note ends at the same time; each lost try is a change by somebody."""


@dataclass(frozen=True, slots=True)
class RecentEnd:
    """The end of a run that is told for the first time at *at*."""

    export_id: str
    run_id: str
    at: Moment


@dataclass(frozen=True, slots=True)
class _Note:
    ends: tuple[RecentEnd, ...] = ()

    def document(self) -> dict[str, Any]:
        return {"schema": 1, **stored(self)}


class RecentEnds:
    """One note for all runs, because each tick reads it; every method raises `Unavailable`.

    A damaged note is written anew: the ends in it were told once.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, run: Run, now: datetime) -> None:
        """Note that the end of *run* is about to be told; a run that is noted already stays as it is."""
        for _ in range(TRIES):
            ends, etag = await self._read()
            is_noted = any((each.export_id, each.run_id) == (run.export_id, run.id) for each in ends)
            if is_noted or await self._write((*ends, RecentEnd(run.export_id, run.id, now)), etag):
                return
        raise Unavailable(say("recent_ends_busy", "Many runs end at the same time; try again."))

    async def all(self) -> list[RecentEnd]:
        """Return the ends that are to be told again, in the order in which they were noted."""
        ends, _ = await self._read()
        return list(ends)

    async def take(self, wanted: Collection[RecentEnd]) -> list[RecentEnd]:
        """Take *wanted* out of the note; return those that were still there, so that of two ticks one gets each."""
        for _ in range(TRIES):
            ends, etag = await self._read()
            taken = [each for each in ends if each in wanted]
            if not taken or await self._write(tuple(each for each in ends if each not in wanted), etag):
                return taken
        return []

    async def _read(self) -> tuple[tuple[RecentEnd, ...], str | None]:
        try:
            document = await self._documents.get(RECENT_ENDS)
            return (read_stored(_Note, document.value).ends, document.etag) if document else ((), None)
        except Damaged:
            await self._documents.delete(RECENT_ENDS)
            return (), None

    async def _write(self, ends: tuple[RecentEnd, ...], etag: str | None) -> bool:
        """Write *ends* over the version *etag*; return False when somebody else was faster."""
        return await write_over(self._documents, RECENT_ENDS, _Note(ends).document(), etag)
