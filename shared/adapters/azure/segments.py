"""The port `Segments` over blob storage: blobs are listed by their names and read in ranges."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.core.pipeline import PipelineResponse
from azure.storage.blob import BlobProperties
from azure.storage.blob.aio import BlobPrefix, BlobServiceClient

from shared.adapters.azure.client_options import PAGE_NAMES
from shared.adapters.azure.storage_errors import Translated, lacks_container, storage_errors
from shared.domain.errors import ConfigurationError, ContractBroken, SourceChanged, Unavailable
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sentences import say
from shared.domain.sources.level import Level
from shared.domain.sources.listed_blob import ListedBlob

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

    async def level(self, prefix: str) -> Level:
        """Return what lies directly below *prefix*; its time is that of the last answer of the storage."""
        at = datetime.now(UTC)

        def note_time(response: PipelineResponse[Any, Any]) -> None:
            nonlocal at
            at = parsedate_to_datetime(response.http_response.headers["Date"])

        listing = self._container.walk_blobs(
            name_starts_with=prefix or None,
            delimiter="/",
            include=["metadata"],
            results_per_page=self._page_names,
            raw_response_hook=note_time,
        )
        blobs, folders, above = list[ListedBlob](), list[str](), prefix.rfind("/") + 1
        async for found in Translated(aiter(listing), self._listing(prefix)):
            if isinstance(found, BlobPrefix):
                folders.append(found.name[above:-1])
            else:
                blobs.append(_listed(found))
        return Level(prefix, tuple(blobs), tuple(folders), at)

    async def listed(self, prefix: str = "") -> AsyncGenerator[ListedBlob]:
        """Yield every blob whose name begins with *prefix*, in name order."""
        listing = self._container.list_blobs(
            name_starts_with=prefix or None, include=["metadata"], results_per_page=self._page_names
        )
        async for blob in Translated(aiter(listing), self._listing(prefix)):
            yield _listed(blob)

    def _listing(self, prefix: str) -> str:
        what = f"segment '{prefix.rstrip('/')}'" if prefix else "the segments"
        return f"list {what} in container '{self._name}'"

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

    async def read_range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        """Return *length* bytes of *blob* from *offset* on."""
        return await self._range(blob, offset, length)

    def _ranges(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield offset and length of each range of a file of *size* bytes."""
        offset, length = 0, self._first_range_bytes
        while offset < size:
            yield offset, min(length, size - offset)
            offset, length = offset + length, self._range_bytes

    async def _range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        with self._reading(blob):
            stream = await self._container.download_blob(
                blob.name,
                offset=offset,
                length=length,
                etag=blob.etag,
                match_condition=MatchConditions.IfNotModified,
                decompress=False,  # the bytes as they lie: the property Content-Encoding may be untrue
            )
            data = await stream.readall()
        if len(data) != length:
            raise Unavailable(say("file_range_cut_off", _CUT_OFF, file=blob.name))
        return data

    async def _check_version(self, blob: SegmentBlob) -> None:
        with self._reading(blob):
            await self._container.get_blob_client(blob.name).get_blob_properties(
                etag=blob.etag, match_condition=MatchConditions.IfNotModified
            )

    @contextmanager
    def _reading(self, blob: SegmentBlob) -> Iterator[None]:
        """Translate what Azure raises while *blob* is read.

        An answer that nobody foresees is about this file: a person must look at the file, and a retry cures nothing.
        """
        doing = f"read '{blob.name}' in container '{self._name}'"
        try:
            with storage_errors(doing):
                try:
                    yield
                except (ResourceModifiedError, ResourceNotFoundError) as error:
                    if lacks_container(error):
                        raise
                    raise SourceChanged(say("file_changed", _CHANGED, file=blob.name)) from error
        except ContractBroken as error:
            refused = say("file_not_given_out", _NOT_GIVEN_OUT, file=blob.name, why=error.sentence.detail)
            raise ConfigurationError(refused) from error


def _listed(blob: BlobProperties) -> ListedBlob:
    return ListedBlob(
        blob.name,
        blob.size,
        _quoted(blob.etag),
        modified=blob.last_modified,
        metadata=blob.metadata or {},
        tier=str(blob.blob_tier or ""),
    )


def _quoted(etag: str) -> str:
    """Return *etag* in quotes, as a header has it; a listing gives it without."""
    return '"' + etag.strip('"') + '"'


_CHANGED = "File '{file}' was written or deleted since the run began; a fresh run reads it anew."
_CUT_OFF = "The storage account broke off in the middle of file '{file}'."
_NOT_GIVEN_OUT = (
    "File '{file}' cannot be read. {why} Look at the properties of the file in the storage account (encryption, "
    "kind, tier), or write the file anew."
)
