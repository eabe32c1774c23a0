"""Segments: folders of files with rows."""

from collections.abc import AsyncGenerator
from typing import Protocol

from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.level import Level
from shared.domain.sources.listed_blob import ListedBlob


class Ranges(Protocol):
    """Ranges of files of segments."""

    async def read_range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        """Return *length* bytes of *blob* from *offset* on, which lie within it; raises as `Segments.read`."""
        ...


class Segments(Ranges, Protocol):
    """The blobs below the folders of segments, and the bytes in them; what they mean is decided in the domain."""

    async def level(self, prefix: str) -> Level:
        """Return what lies directly below *prefix*: blobs and folders, each in name order.

        Raises `ConfigurationError` when there is no container, `Retryable`.
        """
        ...

    def listed(self, prefix: str = "") -> AsyncGenerator[ListedBlob]:
        """Yield every blob whose name begins with *prefix*, in name order.

        Raises `ConfigurationError` when there is no container, `Retryable`.
        """
        ...

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob*, as they lie in the storage, in pieces of at most a few MiB.

        The first piece is small: a caller that stops after the first piece has read only that piece from storage.
        Raises `SourceChanged` when the file is not the version that was listed, `ConfigurationError` when the storage
        does not give the file out, `Retryable`.
        """
        ...
