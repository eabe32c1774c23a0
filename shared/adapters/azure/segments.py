"""The port `Segments` over blob storage: a segment is a folder, and its files are read in ranges."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import BlobProperties
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure.client_options import PAGE_NAMES
from shared.adapters.azure.segment_folders import FolderWalk
from shared.adapters.azure.storage_errors import Translated, lacks_container, storage_errors
from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.rows.file_kind import is_data_file
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sentences import say
from shared.domain.sources.folder_marker import is_folder_marker
from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.segment_folder import SegmentFolder

FIRST_RANGE_BYTES = 256 * 1024
"""Small: often a caller reads only the header or the first rows of a file."""
RANGE_BYTES = 4 * 1024 * 1024
RANGES_AHEAD = 2
"""How many ranges are under way while one is worked on. Storage answers in 50 ms, and with a single range the rows
would wait for it."""


class BlobSegments:
    """The `Segments` port over a blob container, which must exist. Every method raises as `storage_errors`."""

    def __init__(
        self,
        service: BlobServiceClient,
        container: str,
        *,
        first_range_bytes: int = FIRST_RANGE_BYTES,
        range_bytes: int = RANGE_BYTES,
        page_names: int = PAGE_NAMES,
    ) -> None:
        self._container = service.get_container_client(container)
        self._name = container
        self._first_range_bytes = first_range_bytes
        self._range_bytes = range_bytes
        self._page_names = page_names

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        """Return the data files directly in the folder *segment*, in name order.

        Names that begin with ``_`` or ``.`` are left out: writers use them for notes of their own.
        Raises `ConfigurationError` when there is no data, a sub-folder of data, or a file of an unknown kind.
        """
        prefix = f"{segment}/"
        found: list[SegmentBlob] = []
        listed = self._container.list_blobs(name_starts_with=prefix, include=["metadata"])
        async for blob in Translated(aiter(listed), f"list segment '{segment}' in container '{self._name}'"):
            steps = blob.name[len(prefix) :].split("/")
            if is_hidden(steps) or steps == [""] or _is_folder(blob):
                continue
            _check_file(segment, steps)
            _check_tier(segment, blob)
            found.append(SegmentBlob(blob.name, blob.size, _quoted(blob.etag)))
        if not found:
            raise ConfigurationError(
                say("segment_missing", _NO_SEGMENT, segment=segment, folder=prefix, container=self._name)
            )
        return found

    async def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob* range by range.

        From the second range on, the next `RANGES_AHEAD` are fetched while the caller works on one.
        Raises `SourceChanged` when the blob is gone, or is not the version that was listed.
        """
        ahead: deque[asyncio.Task[bytes]] = deque()
        try:
            ranges = self._ranges(blob.size)
            if first := next(ranges, None):
                yield await self._range(blob, *first)
            else:
                await self._check_version(blob)
            for following in ranges:
                ahead.append(asyncio.create_task(self._range(blob, *following)))
                if len(ahead) > RANGES_AHEAD:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def folders(self) -> AsyncIterator[SegmentFolder]:
        """Yield every folder with a file directly in it, each one after the folders within it."""
        walk = FolderWalk()
        listed = self._container.list_blobs(include=["metadata"], results_per_page=self._page_names)
        async for blob in Translated(aiter(listed), f"list the segments in container '{self._name}'"):
            if not _is_folder(blob):
                for folder in walk.feed(blob.name, blob.size, blob.last_modified):
                    yield folder
        for folder in walk.close():
            yield folder

    def _ranges(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield offset and length of each range of a file of *size* bytes."""
        offset, length = 0, self._first_range_bytes
        while offset < size:
            yield offset, min(length, size - offset)
            offset, length = offset + length, self._range_bytes

    async def _range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        with storage_errors(self._reading(blob)):
            try:
                stream = await self._container.download_blob(
                    blob.name,
                    offset=offset,
                    length=length,
                    etag=blob.etag,
                    match_condition=MatchConditions.IfNotModified,
                )
                return await stream.readall()
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                if lacks_container(error):
                    raise
                raise _changed(blob) from error

    async def _check_version(self, blob: SegmentBlob) -> None:
        with storage_errors(self._reading(blob)):
            try:
                await self._container.get_blob_client(blob.name).get_blob_properties(
                    etag=blob.etag, match_condition=MatchConditions.IfNotModified
                )
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                if lacks_container(error):
                    raise
                raise _changed(blob) from error

    def _reading(self, blob: SegmentBlob) -> str:
        return f"read '{blob.name}' in container '{self._name}'"


def _check_file(segment: str, steps: list[str]) -> None:
    if len(steps) > 1:
        raise ConfigurationError(say("segment_has_subfolder", _SUBFOLDER, segment=segment, folder=steps[0]))
    if not is_data_file(steps[0]):
        raise ConfigurationError(say("segment_file_of_unknown_kind", _UNKNOWN_KIND, segment=segment, file=steps[0]))


def _check_tier(segment: str, blob: BlobProperties) -> None:
    """Raise `ConfigurationError` for an archived file: Azure gives no bytes of it."""
    if str(blob.blob_tier or "").lower() == _ARCHIVE:
        file = blob.name.rpartition("/")[2]
        raise ConfigurationError(say("segment_file_archived", _ARCHIVED, segment=segment, file=file))


def _changed(blob: SegmentBlob) -> SourceChanged:
    return SourceChanged(say("file_changed", _CHANGED, file=blob.name))


def _is_folder(blob: BlobProperties) -> bool:
    return is_folder_marker(blob.name, blob.size, blob.metadata or {})


def _quoted(etag: str) -> str:
    """Return *etag* in quotes, as a header has it; a listing gives it without."""
    return '"' + etag.strip('"') + '"'


_NO_SEGMENT = (
    "There is no segment '{segment}': folder '{folder}' of container '{container}' has no data file. Check the name "
    "(it is case-sensitive) and that the segment was written."
)
_SUBFOLDER = (
    "Segment '{segment}' has the sub-folder '{folder}' with data in it; its files must lie directly in its folder."
)
_UNKNOWN_KIND = (
    "File '{file}' of segment '{segment}' is of a kind that cannot be read; write .ndjson, .jsonl or .csv, each also "
    "as .gz, or begin the name of other files with '_'."
)
_ARCHIVE = "archive"
_ARCHIVED = (
    "File '{file}' of segment '{segment}' lies in the archive tier, and Azure cannot read it there; rehydrate the file "
    "(which takes hours), or move it out of the segment."
)
_CHANGED = "File '{file}' was written or deleted since the run began; a fresh run reads it anew."
