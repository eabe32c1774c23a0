"""Markers: one document for each run that has not ended, so that the tick never lists the history."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.config.field_types import Count, Moment
from shared.domain.config.stored_documents import damage_at, read_stored, stored
from shared.domain.errors import ConfigurationError, Conflict, Damaged
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.domain.times import utc_text
from shared.ports import Documents
from shared.store.paths import ids_of_marker, is_gate, marker_path, markers_folder
from shared.store.runs import Runs

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Marker:
    """The whole request for a run: enough to make the run's document again.

    *woken_at* is the tick's note of its last wake-up. *limit* is the number of rows of a run that only tries some.
    """

    export_id: str
    run_id: str
    trigger: str
    created_at: Moment
    woken_at: Moment | None = None
    requested_by: str | None = None
    limit: Count | None = None

    @classmethod
    def of(cls, run: Run) -> "Marker":
        """Return the request that *run* was made of."""
        return cls(run.export_id, run.id, run.trigger, run.created_at, requested_by=run.requested_by, limit=run.limit)

    @property
    def wake_up(self) -> WakeUp:
        """Return the message that wakes the run."""
        return WakeUp(self.export_id, self.run_id)

    def new_run(self) -> Run:
        """Return the run as the request makes it."""
        return Run(
            id=self.run_id,
            export_id=self.export_id,
            trigger=self.trigger,
            created_at=self.created_at,
            requested_by=self.requested_by,
            limit=self.limit,
        )

    def document(self) -> dict[str, Any]:
        """Return the document of the marker."""
        return {"schema": 1, **stored(self)}

    @classmethod
    def from_document(cls, document: dict[str, Any], path: str) -> "Marker":
        """Read back what `document` wrote; raises `Damaged`, also for a marker that does not belong to *path*."""
        marker = read_stored(cls, document)
        if marker_path(marker.export_id, marker.run_id) != path:
            raise Damaged("it is that of another run")
        return marker


class Markers:
    """The markers; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents, runs: Runs) -> None:
        self._documents = documents
        self._runs = runs

    async def insert(self, marker: Marker) -> bool:
        """Write the marker of a run that is about to be made; return False when the marker is there already."""
        path = marker_path(marker.export_id, marker.run_id)
        return await self._documents.insert(path, marker.document()) is not None

    async def oldest_first(self, export_id: str | None = None) -> list[Marker]:
        """Return the markers of one export, or all markers, as `read` does."""
        names = self._documents.names(markers_folder(export_id))
        return await self.read([name async for name in names if not is_gate(name)])

    async def read(self, names: Iterable[str]) -> list[Marker]:
        """Return the markers that lie at *names*, oldest first.

        The marker of a run that has just ended may still be among them.
        For a damaged marker, the run's own document is read. A damaged marker without a run is passed over.
        """
        found = [await self._read(name) for name in names]
        return sorted((each for each in found if each), key=lambda marker: (marker.created_at, marker.run_id))

    async def has(self, run: Run) -> bool:
        """Tell whether *run* has a marker; a damaged one counts."""
        try:
            return await self._documents.get(marker_path(run.export_id, run.id)) is not None
        except ConfigurationError:
            return True

    async def note_woken(self, marker: Marker, now: datetime) -> None:
        """Note in the marker that its run was woken, unless the marker was changed meanwhile."""
        path = marker_path(marker.export_id, marker.run_id)
        with suppress(Conflict, ConfigurationError):  # another tick did the same, or the marker is damaged
            if document := await self._documents.get(path):
                await self._documents.replace(path, {**document.value, "woken_at": utc_text(now)}, etag=document.etag)

    async def remove(self, run: Run) -> None:
        """Remove the marker of a run that has ended."""
        await self._documents.delete(marker_path(run.export_id, run.id))

    async def _read(self, path: str) -> Marker | None:
        try:
            document = await self._documents.get(path)
            with damage_at(path):
                return Marker.from_document(document.value, path) if document else None
        except ConfigurationError as error:
            logger.warning("A marker is passed over: %s Do not delete it before its run has ended.", error)
        try:
            run = await self._runs.get(*ids_of_marker(path))
        except ConfigurationError as error:
            logger.warning("The run of the marker cannot be read either: %s", error)
            return None
        return Marker.of(run) if run else None
