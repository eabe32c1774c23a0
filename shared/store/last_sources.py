"""The dated folders that each export has read last, so that no later run reads older ones."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import damage_at, read_stored
from shared.domain.errors import Damaged
from shared.domain.runs.plan import PlannedSource
from shared.domain.times import utc_text
from shared.ports import Documents, write_over
from shared.store.paths import last_sources_path


@dataclass(frozen=True, slots=True)
class _Note:
    segments: Mapping[str, Moment] = field(default_factory=dict)


class LastSources:
    """The dates of the folders that the last run of each export has read; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def moments(self, export_id: str) -> Mapping[str, datetime]:
        """Return the date of the dated folder of each segment; a damaged note has none."""
        path = last_sources_path(export_id)
        with suppress(Damaged), damage_at(path):
            if (document := await self._documents.get(path)) is not None:
                return read_stored(_Note, document.value).segments
        return {}

    async def remember(self, export_id: str, sources: Iterable[PlannedSource]) -> None:
        """Note what a run of the export reads; segments without dated folders are left out.

        Only an overtaken leg of the same run may write at the same time, and it writes the same.
        """
        path = last_sources_path(export_id)
        segments = {source.segment: utc_text(source.moment) for source in sources if source.moment is not None}
        with suppress(Damaged):
            document = await self._documents.get(path)
            if segments or document is not None:
                note = {"schema": 1, "segments": segments}
                await write_over(self._documents, path, note, document.etag if document else None)

    async def remove(self, export_id: str) -> None:
        """Remove the note."""
        await self._documents.delete(last_sources_path(export_id))
