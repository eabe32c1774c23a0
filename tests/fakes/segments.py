"""Segments in memory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from shared.domain.errors import SourceChanged
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.level import Level
from shared.domain.sources.listed_blob import ListedBlob
from tests.fakes.faults import Faults

PIECE_BYTES = 64 * 1024
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class MemorySegments:
    """The `Segments` port in memory; mutable.

    What shall go wrong, and what was called, is in *faults*; each piece that is read counts as a call of ``read``.
    """

    def __init__(self, blobs: Mapping[str, bytes] | None = None, *, piece_bytes: int = PIECE_BYTES) -> None:
        self.faults = Faults()
        self.open_reads = 0
        """How many readings have begun and not ended; 0 when everybody cleans up after himself."""
        self.ranges: list[tuple[str, int, int]] = []
        """The name, the offset and the length of each range that was read."""
        self.properties: dict[str, dict[str, Any]] = {}
        """*metadata* and *tier* of blobs, by name."""
        self.now = LONG_AGO + timedelta(days=365)
        """What the storage's clock says."""
        self._piece_bytes = piece_bytes
        self._blobs: dict[str, tuple[bytes, str]] = {}
        self._modified: dict[str, datetime] = {}
        self._numbers = count(1)
        for name, body in (blobs or {}).items():
            self.put(name, body)

    def put(self, name: str, body: bytes, *, modified: datetime = LONG_AGO) -> None:
        """Write *body* to *name*, whatever was there, as if it had been written when it was *modified*."""
        self._blobs[name] = (body, f'"{next(self._numbers)}"')
        self._modified[name] = modified

    def remove(self, name: str) -> None:
        """Delete *name*."""
        del self._blobs[name]

    def change(self, name: str, body: bytes, *, after_pieces: int) -> None:
        """Write *body* to *name* when so many pieces of it were read."""

        async def write() -> None:
            self.put(name, body)

        self.faults.when("read", name, write, skip=after_pieces)

    async def level(self, prefix: str) -> Level:
        await asyncio.sleep(0)
        await self.faults.before("listed", prefix)
        blobs, folders, above = list[ListedBlob](), dict[str, None](), prefix.rfind("/") + 1
        for name in self._names(prefix):
            step, slash, _ = name[above:].partition("/")
            if slash:
                folders[step] = None
            else:
                blobs.append(self._blob(name))
        await self.faults.after("listed", prefix)
        return Level(prefix, tuple(blobs), tuple(folders), self.now)

    async def listed(self, prefix: str = "") -> AsyncGenerator[ListedBlob]:
        await asyncio.sleep(0)
        await self.faults.before("listed", prefix)
        for name in self._names(prefix):
            yield self._blob(name)
        await self.faults.after("listed", prefix)

    def _names(self, prefix: str) -> list[str]:
        return sorted((name for name in self._blobs if name.startswith(prefix)), key=str.encode)

    def _blob(self, name: str) -> ListedBlob:
        body, tag = self._blobs[name]
        return ListedBlob(name, len(body), tag, modified=self._modified[name], **self.properties.get(name, {}))

    async def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        self.open_reads += 1
        try:
            for offset in range(0, blob.size or 1, self._piece_bytes):
                await asyncio.sleep(0)
                await self.faults.before("read", blob.name)
                body, tag = self._blobs.get(blob.name, (b"", ""))
                if tag != blob.etag:
                    raise SourceChanged(f"File '{blob.name}' was written or deleted since the run began.")
                if piece := body[offset : offset + self._piece_bytes]:
                    yield piece
            await self.faults.after("read", blob.name)
        finally:
            self.open_reads -= 1

    async def read_range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        self.open_reads += 1
        try:
            await asyncio.sleep(0)
            await self.faults.before("read", blob.name)
            body, tag = self._blobs.get(blob.name, (b"", ""))
            if tag != blob.etag:
                raise SourceChanged(f"File '{blob.name}' was written or deleted since the run began.")
            await self.faults.after("read", blob.name)
            self.ranges.append((blob.name, offset, length))
            return body[offset : offset + length]
        finally:
            self.open_reads -= 1
