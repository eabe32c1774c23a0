"""The rows of segments."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.segment_folder import SegmentFolder


class Segments(Protocol):
    """The rows of segments, in files."""

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        """Return the data files of *segment* in name order.

        Raises `ConfigurationError` when there is no such folder or it holds sub-folders of data, `Unavailable`.
        """
        ...

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob* in pieces of at most a few MiB.

        Leaving after the first piece reads no more than that, and that is small.
        Raises `SourceChanged` when it is not the version that was listed, `Unavailable`.
        """
        ...

    def folders(self) -> AsyncIterator[SegmentFolder]:
        """Yield every folder with a file directly in it, each after the folders within it; holds no more than a path.

        Left out is what the name of no segment can name, and whatever has a ``_`` or ``.`` in front of its name or of
        a folder's above it: writers use those for their own notes.
        Raises `ConfigurationError` when there is no container, `Unavailable`.
        """
        ...
