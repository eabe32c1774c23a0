"""Segments in memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from datetime import UTC, datetime
from itertools import count

from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.identifiers import segment_problem
from shared.domain.rows.file_kind import is_data_file, kind_of_file
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.folder_marker import is_folder_marker
from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.segment_folder import SegmentFolder
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

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        await asyncio.sleep(0)
        await self.faults.before("blobs", segment)
        prefix = f"{segment}/"
        found = []
        for name in sorted(name for name in self._blobs if name.startswith(prefix)):
            steps = name[len(prefix) :].split("/")
            if is_hidden(steps) or is_folder_marker(name, len(self._blobs[name][0]), {}):
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

    async def folders(self) -> AsyncIterator[SegmentFolder]:
        await asyncio.sleep(0)
        await self.faults.before("folders", "")
        seen = [
            name
            for name, (body, _) in self._blobs.items()
            if not is_hidden(name.split("/")) and not is_folder_marker(name, len(body), {})
        ]
        found = {name.rpartition("/")[0] for name in seen if not name.endswith("/")}
        for folder in sorted(found, key=lambda name: f"{name}/\U0010ffff"):
            if not segment_problem(folder):
                yield self._folder(folder, seen)
        await self.faults.after("folders", "")

    def _folder(self, folder: str, seen: list[str]) -> SegmentFolder:
        inside = {name[len(folder) + 1 :]: name for name in seen if name.startswith(f"{folder}/")}
        direct = {file: name for file, name in inside.items() if file and "/" not in file}
        data = [name for file, name in direct.items() if is_data_file(file)]
        return SegmentFolder(
            name=folder,
            files=len(data),
            bytes=sum(len(self._blobs[name][0]) for name in data),
            last_modified=max(self._modified[name] for name in direct.values()),
            formats=tuple(sorted({kind.ending for name in data if (kind := kind_of_file(name))})),
            unreadable=len(direct) - len(data),
            has_subfolders=any("/" in file for file in inside),
        )
