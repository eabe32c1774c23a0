"""Lists the files of a segment, and the folders that may be segments."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from shared.domain.sources.folder_walk import FolderWalk
from shared.domain.sources.segment_files import SegmentFiles, files_of_segment
from shared.domain.sources.segment_folder import SegmentFolder
from shared.ports import Segments


async def list_files(segment: str, segments: Segments) -> SegmentFiles:
    """Return the files of *segment*; raises as `files_of_segment`, and `Retryable`."""
    async with aclosing(segments.listed(f"{segment}/")) as listed:
        return files_of_segment(segment, [blob async for blob in listed])


async def list_folders(segments: Segments) -> AsyncGenerator[SegmentFolder]:
    """Yield every folder with a file directly in it, each one after the folders within it.

    Only the folders of one path are in memory at a time.
    Raises `ConfigurationError` when there is no container, `Retryable`.
    """
    walk = FolderWalk()
    async with aclosing(segments.listed()) as listed:
        async for blob in listed:
            for folder in walk.feed(blob):
                yield folder
    for folder in walk.close():
        yield folder
