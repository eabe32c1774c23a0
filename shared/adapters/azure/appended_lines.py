"""Lines that are added one by one, in append blobs: each is full after 50,000 of them, and then another follows."""

import contextlib
from collections.abc import AsyncIterator, Iterator

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobType, ContentSettings
from azure.storage.blob.aio import BlobClient, ContainerClient

from shared.adapters.azure.translation import Translated, error_code, lacks_container, storage_errors
from shared.domain.errors import ConfigurationError, Unavailable
from shared.ports import check_line

MOST_BLOBS = 1000
"""An end to the search for a blob that takes a line: so many full ones are 50,000,000 lines."""
NDJSON = ContentSettings(content_type="application/x-ndjson")


class AppendedLines:
    """Adds lines to blobs of *container*, and reads what lies in blobs of any kind; *what* names it in errors."""

    def __init__(self, container: ContainerClient, what: str) -> None:
        self._container = container
        self._what = what

    async def append(self, path: str, line: bytes) -> None:
        """Add *line* to the blob at *path*, or, when that is full, to the next one: ``{path}.2`` and so on.

        Storage adds it at once and wholly, whoever else adds. When its answer was lost, the client sends the line
        again, and it may stand there twice: one request is enough that way, where a condition would take two and
        make all but one of those who add at the same time try again.
        """
        check_line(line)
        for blob_path in _paths(path):
            with storage_errors(f"write '{blob_path}' in {self._what}"):
                if await self._append(self._container.get_blob_client(blob_path), line + b"\n"):
                    return
        raise ConfigurationError(f"'{path}' in {self._what} is full; move it and what follows it elsewhere.")

    async def pieces(self, path: str, at: int = 0) -> AsyncIterator[bytes]:
        """Yield what lies at *path* from byte *at* on.

        Of lines that were added one by one, that is what was there when each blob was opened.
        """
        for blob_path in _paths(path):
            doing = f"read '{blob_path}' in {self._what}"
            with storage_errors(doing):
                try:
                    stream = await self._container.download_blob(blob_path, offset=at or None)
                except ResourceNotFoundError as error:
                    if lacks_container(error):
                        raise
                    return
                except HttpResponseError as error:
                    if error_code(error) != "InvalidRange":
                        raise
                    return  # nothing lies so far behind
            pieces = Translated(stream.chunks(), doing)
            if stream.properties.blob_type != BlobType.APPENDBLOB:
                async for piece in pieces:
                    yield piece
                return
            # The client goes on in one version only, and a line that is added makes a new one.
            piece = await anext(pieces, b"")
            position, step = 0, len(piece)
            while piece:
                yield piece
                position += len(piece)
                piece = await self._range(blob_path, at + position, min(step, stream.size - position))
            at = 0

    async def _append(self, blob: BlobClient, body: bytes) -> bool:
        """Add *body* to *blob*, which is made when it is missing; return False when it is full."""
        for _ in range(2):
            try:
                await blob.append_block(body)
            except ResourceNotFoundError as error:
                if lacks_container(error):
                    raise
                with contextlib.suppress(ResourceExistsError):
                    await blob.create_append_blob(content_settings=NDJSON, match_condition=MatchConditions.IfMissing)
            except HttpResponseError as error:
                if error_code(error) == "BlockCountExceedsLimit":
                    return False
                if error_code(error) != "InvalidBlobType":
                    raise
                raise ConfigurationError(
                    f"No line can be added to '{blob.blob_name}' in {self._what}, which was written at one stroke; "
                    "move it elsewhere."
                ) from error
            else:
                return True
        raise Unavailable(f"'{blob.blob_name}' in {self._what} was deleted again and again.")

    async def _range(self, path: str, offset: int, length: int) -> bytes:
        if not length:
            return b""
        with storage_errors(f"read '{path}' in {self._what}"):
            return await (await self._container.download_blob(path, offset=offset, length=length)).readall()


def _paths(path: str) -> Iterator[str]:
    """Yield where the lines at *path* lie: there, and where they go on when that is full."""
    yield path
    for number in range(2, MOST_BLOBS + 1):
        yield f"{path}.{number}"
