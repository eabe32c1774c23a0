"""Files of lines that are added one by one: append blobs. A blob takes 50,000 lines; then the next blob follows."""

import contextlib
from collections.abc import AsyncIterator, Iterator

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobType, ContentSettings
from azure.storage.blob.aio import BlobClient, ContainerClient

from shared.adapters.azure.storage_errors import Translated, error_code, lacks_container, storage_errors
from shared.domain.errors import ConfigurationError, Unavailable
from shared.domain.sentences import say
from shared.ports import check_line

MOST_BLOBS = 1000
"""The most blobs of one file; so many full ones are 50,000,000 lines."""
NDJSON = ContentSettings(content_type="application/x-ndjson")


class AppendedLines:
    """Adds lines to blobs of *container*, and reads the bytes of blobs of any kind."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container
        self._name = container.container_name

    async def append(self, path: str, line: bytes) -> None:
        """Add *line* to the blob at *path* or, when that blob is full, to the next one: ``{path}.2`` and so on.

        Storage adds a line wholly or not at all, also when several processes add lines at once. When an answer was
        lost, the client sends the line again, and the blob may have it twice. A condition would prevent that, but it
        costs a second request for each line, and of several processes at once all but one would have to try again.

        Raises `ValueError`, `ConfigurationError` (see `Documents.append_line`), `Retryable`, `CredentialsRefused`.
        """
        check_line(line)
        for blob_path in _paths(path):
            with storage_errors(f"write '{blob_path}' in container '{self._name}'"):
                if await self._append(self._container.get_blob_client(blob_path), line + b"\n"):
                    return
        raise ConfigurationError(
            say(
                "lines_full",
                "'{path}' in container '{container}' is full; move it and what follows it elsewhere.",
                path=path,
                container=self._name,
            )
        )

    async def pieces(self, path: str, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the bytes of the file at *path* from byte *at* on, in pieces; nothing when there is no file.

        Of an append blob these are the bytes that the blob had when this opened it. Raises as `storage_errors`.
        """
        for blob_path in _paths(path):
            doing = f"read '{blob_path}' in container '{self._name}'"
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
                    return  # the file is shorter
            pieces = Translated(stream.chunks(), doing)
            if stream.properties.blob_type != BlobType.APPENDBLOB:
                async for piece in pieces:
                    yield piece
                return
            # The client reads on in one version only, and each line that is added makes a new version.
            piece = await anext(pieces, b"")
            position, step = 0, len(piece)
            while piece:
                yield piece
                position += len(piece)
                piece = await self._range(blob_path, at + position, min(step, stream.size - position))
            at = 0

    async def _append(self, blob: BlobClient, body: bytes) -> bool:
        """Add *body* to *blob*, which is made when there is none; return False when the blob is full."""
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
                    say("lines_not_appendable", _NOT_APPENDABLE, path=blob.blob_name, container=self._name)
                ) from error
            else:
                return True
        raise Unavailable(
            say(
                "lines_deleted_again",
                "'{path}' in container '{container}' was deleted again and again.",
                path=blob.blob_name,
                container=self._name,
            )
        )

    async def _range(self, path: str, offset: int, length: int) -> bytes:
        if not length:
            return b""
        with storage_errors(f"read '{path}' in container '{self._name}'"):
            return await (await self._container.download_blob(path, offset=offset, length=length)).readall()


def _paths(path: str) -> Iterator[str]:
    """Yield the paths of the blobs of the file at *path*, in order."""
    yield path
    for number in range(2, MOST_BLOBS + 1):
        yield f"{path}.{number}"


_NOT_APPENDABLE = (
    "No line can be added to '{path}' in container '{container}', which was written at one stroke; move it elsewhere."
)
