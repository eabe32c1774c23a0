"""Segments in memory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from itertools import count

from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.formats import is_data_file
from shared.domain.plan import SegmentBlob
from tests.fakes.faults import Faults

PIECE_BYTES = 64 * 1024


class MemorySegments:
    """The `Segments` port in memory; mutable.

    What shall go wrong, and what was called, is in *faults*; each piece that is read counts as a call of ``read``.
    """

    def __init__(self, blobs: Mapping[str, bytes] | None = None, *, piece_bytes: int = PIECE_BYTES) -> None:
        self.faults = Faults()
        self.open_reads = 0
        """How many readings have begun and not ended; 0 when everybody cleans up after himself."""
        self._piece_bytes = piece_bytes
        self._blobs: dict[str, tuple[bytes, str]] = {}
        self._numbers = count(1)
        for name, body in (blobs or {}).items():
            self.put(name, body)

    def put(self, name: str, body: bytes) -> None:
        """Write *body* to *name*, whatever was there."""
        self._blobs[name] = (body, f'"{next(self._numbers)}"')

    def remove(self, name: str) -> None:
        """Delete *name*."""
        del self._blobs[name]

    def change(self, name: str, body: bytes, *, after_pieces: int) -> None:
        """Write *body* to *name* when so many pieces of it were read."""

        async def write() -> None:
            self.put(name, body)

        self.faults.when("read", name, write, skip=after_pieces)

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        await asyncio.sleep(0)
        await self.faults.before("blobs", segment)
        prefix = f"{segment}/"
        found = []
        for name in sorted(name for name in self._blobs if name.startswith(prefix)):
            steps = name[len(prefix) :].split("/")
            if any(step.startswith(("_", ".")) for step in steps):
                continue
            if len(steps) > 1:
                raise ConfigurationError(f"Segment '{segment}' has the sub-folder '{steps[0]}' with data in it.")
            if not is_data_file(steps[0]):
                raise ConfigurationError(f"File '{steps[0]}' of segment '{segment}' cannot be read.")
            body, tag = self._blobs[name]
            found.append(SegmentBlob(name, len(body), tag))
        if not found:
            raise ConfigurationError(f"There is no segment '{segment}': folder '{prefix}' has no data file.")
        await self.faults.after("blobs", segment)
        return found

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
