"""Puts runs into the index that are missing there: a walk through all runs, a few of them with each tick.

Runs of release 0.1.0 are not in the index, and a run whose maker was cut off may be missing as well.
A note remembers how far the walk has come. Some days after its end the walk begins anew.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import read_stored, stored
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import is_id
from shared.ports import Documents, write_over
from shared.store.index.run_index import RunIds, RunIndex
from shared.store.paths import INDEX_NOTE, run_folder

AT_MOST = 100
"""So many runs are looked at with one tick: a second or two of work."""
REST = timedelta(days=7)
"""So long after its end the walk begins anew: a week of runs costs one write each."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk has come: to the run *run_id* of *export_id*; *ended_at* is None until the walk is at its end."""

    export_id: str = ""
    run_id: str = ""
    ended_at: Moment | None = None


class IndexRepair:
    """The walk through all runs: exports in order, and the runs of each newest first."""

    def __init__(self, documents: Documents, index: RunIndex) -> None:
        self._documents = documents
        self._index = index

    async def go_on(self, now: datetime, *, at_most: int = AT_MOST) -> int:
        """Put up to *at_most* further runs into the index; return how many of them were missing.

        Raises `Unavailable`; the next call begins where the last good one ended.
        """
        walk, etag = await self._note()
        if walk.ended_at is not None:
            if now - walk.ended_at < REST:
                return 0
            walk = Walk()
        missing = looked_at = 0
        async for export_id, run_id in self._runs_after(walk):
            if looked_at == at_most:
                await self._remember(walk, etag)
                return missing
            missing += await self._index.insert(export_id, run_id)
            looked_at += 1
            walk = Walk(export_id, run_id)
        if looked_at or etag:  # an app without runs has nothing to remember
            await self._remember(Walk(ended_at=now), etag)
        return missing

    async def _runs_after(self, walk: Walk) -> AsyncIterator[RunIds]:
        async for export_id in self._documents.folders(run_folder()):
            if export_id < walk.export_id or not is_id(export_id):
                continue
            run_ids = [run_id async for run_id in self._documents.folders(run_folder(export_id)) if is_id(run_id)]
            for run_id in sorted(run_ids, reverse=True):
                if export_id > walk.export_id or run_id < walk.run_id:
                    yield export_id, run_id

    async def _note(self) -> tuple[Walk, str | None]:
        """Return the walk and the version of its note; a damaged note is removed, and the walk begins anew."""
        with suppress(ConfigurationError):
            if (document := await self._documents.get(INDEX_NOTE)) is None:
                return Walk(), None
            return read_stored(Walk, document.value), document.etag
        await self._documents.delete(INDEX_NOTE)
        return Walk(), None

    async def _remember(self, walk: Walk, etag: str | None) -> None:
        note = {"schema": 1, **stored(walk)}
        # Another tick that walks as well may be faster.
        await write_over(self._documents, INDEX_NOTE, note, etag)
