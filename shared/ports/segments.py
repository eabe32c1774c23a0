"""Segments: folders of files with rows."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.segment_folder import SegmentFolder


class Segments(Protocol):
    """The folders of segments, and the bytes of the files in them."""

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        """Return the data files of *segment* in name order.

        Raises `ConfigurationError` when there is no such folder, or it holds a sub-folder of data or a file of an
        unknown kind; `Retryable`.
        """
        ...

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob* in pieces of at most a few MiB.

        The first piece is small: a caller that stops after the first piece has read only that piece from storage.
        Raises `SourceChanged` when the file is not the version that was listed, `Retryable`.
        """
        ...

    def folders(self) -> AsyncIterator[SegmentFolder]:
        """Yield every folder with a file directly in it, each one after the folders within it.

        Folders whose path cannot be the name of a segment are left out. Files and folders whose name, or the name of a
        folder above them, begins with ``_`` or ``.`` are left out too: writers use such names for notes of their own.
        Only the folders of one path are in memory at a time.
        Raises `ConfigurationError` when there is no container, `Retryable`.
        """
        ...
