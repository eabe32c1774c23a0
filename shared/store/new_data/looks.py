"""What the looks for new data have seen of each segment; one document, because each tick reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import read_stored, stored
from shared.domain.errors import Conflict, Damaged
from shared.domain.sources.new_data.segment_look import SegmentLook
from shared.ports import Documents, write_over
from shared.store.paths import LOOKS


@dataclass(frozen=True, slots=True)
class Looks:
    """The last look at each segment, by its name; somebody is looking until *taken_until*, at the latest."""

    segments: Mapping[str, SegmentLook] = field(default_factory=dict)
    taken_until: Moment | None = None
    etag: str | None = field(default=None, compare=False)

    def document(self) -> dict[str, Any]:
        """Return ``looks.json``."""
        return {"schema": 1, **{name: value for name, value in stored(self).items() if name != "etag"}}


class SegmentLooks:
    """The document with all looks; every method raises `Unavailable`. A damaged document is written anew."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def all(self) -> Looks:
        """Return the looks."""
        try:
            document = await self._documents.get(LOOKS)
            return replace(read_stored(Looks, document.value), etag=document.etag) if document else Looks()
        except Damaged:
            await self._documents.delete(LOOKS)
            return Looks()

    async def take(self, looks: Looks, now: datetime, *, for_: timedelta) -> Looks | None:
        """Take the right to look *for_* so long; return the looks as they are then, None when somebody else has it."""
        if looks.taken_until is not None and looks.taken_until > now:
            return None
        taken = replace(looks, taken_until=now + for_)
        try:
            etag = await self._put(taken, looks.etag)
        except Conflict:
            return None
        return replace(taken, etag=etag) if etag else None

    async def write(self, taken: Looks, segments: Mapping[str, SegmentLook]) -> None:
        """Write the looks at *segments* and let go of what was *taken*, unless somebody else has taken it meanwhile."""
        await write_over(self._documents, LOOKS, Looks(segments).document(), taken.etag)

    async def _put(self, looks: Looks, etag: str | None) -> str | None:
        if etag is None:
            return await self._documents.insert(LOOKS, looks.document())
        return await self._documents.replace(LOOKS, looks.document(), etag=etag)
