"""The port `Documents` over the blobs of one container."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import orjson
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobBlock, ContentSettings
from azure.storage.blob.aio import BlobClient, BlobPrefix, BlobServiceClient

from shared.adapters.azure.appended_lines import NDJSON, AppendedLines
from shared.adapters.azure.client_options import BODY_BYTES, PAGE_NAMES
from shared.adapters.azure.storage_errors import Translated, error_code, lacks_container, storage_errors
from shared.domain.errors import Conflict, Damaged
from shared.domain.sentences import say
from shared.ports import Document

_JSON = ContentSettings(content_type="application/json")
_WRITE = "write"
"""The metadata with the token of a write. By it a write whose answer was lost is told from the write of a rival."""


def random_token() -> str:
    """Return a token that no other write has: 16 hexadecimal digits."""
    return secrets.token_hex(8)


class BlobDocuments:
    """The `Documents` port over a blob container, which must exist. What its methods raise, the port says.

    Azure's client sends a write again when the answer was lost, and then the second one finds the first one done.
    The token in the metadata of the blob shows that.
    """

    def __init__(
        self,
        service: BlobServiceClient,
        container: str,
        *,
        block_bytes: int = BODY_BYTES,
        page_names: int = PAGE_NAMES,
        new_token: Callable[[], str] = random_token,
    ) -> None:
        self._container = service.get_container_client(container)
        self._name = container
        self._appended = AppendedLines(self._container)
        self._block_bytes = block_bytes
        self._page_names = page_names
        self._new_token = new_token

    async def get(self, path: str) -> Document | None:
        """Return the document at *path*, or None; raises `Damaged` when a blob there is not a JSON object."""
        with storage_errors(self._doing("read", path)):
            try:
                stream = await self._container.download_blob(path)
                body = await stream.readall()
            except ResourceNotFoundError as error:
                if lacks_container(error):
                    raise
                return None
        return Document(_parsed(body, path, self._name), stream.properties.etag)

    async def insert(self, path: str, value: Mapping[str, Any]) -> str | None:
        """Write a new document and return its tag, or None when there is a document at *path* already."""
        blob, token = self._container.get_blob_client(path), self._new_token()
        with storage_errors(self._doing("write", path)):
            try:
                answer = await blob.upload_blob(
                    orjson.dumps(value), overwrite=False, metadata={_WRITE: token}, content_settings=_JSON
                )
            except ResourceExistsError as error:
                if error_code(error) != "BlobAlreadyExists":
                    raise
                return await _tag_of_write(blob, token)
        return str(answer["etag"])

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        """Write over the version *etag* and return the new tag; raises `Conflict` when another version is there."""
        blob, token = self._container.get_blob_client(path), self._new_token()
        with storage_errors(self._doing("write", path)):
            try:
                answer = await blob.upload_blob(
                    orjson.dumps(value),
                    overwrite=True,
                    etag=etag,
                    match_condition=MatchConditions.IfNotModified,
                    metadata={_WRITE: token},
                    content_settings=_JSON,
                )
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                if lacks_container(error):
                    raise
                if tag := await _tag_of_write(blob, token):
                    return tag
                raise self._changed(path) from error
        return str(answer["etag"])

    async def delete(self, path: str, *, etag: str | None = None) -> None:
        """Remove the document at *path*, if there is one; with *etag* only that version, else raises `Conflict`."""
        condition: dict[str, Any] = {"etag": etag, "match_condition": MatchConditions.IfNotModified} if etag else {}
        blob = self._container.get_blob_client(path)
        with storage_errors(self._doing("delete", path)):
            try:
                await blob.delete_blob(**condition)
            except ResourceNotFoundError as error:
                if lacks_container(error):
                    raise
            except ResourceModifiedError as error:
                if await blob.exists():
                    raise self._changed(path) from error

    async def names(self, prefix: str) -> AsyncIterator[str]:
        """Yield the paths that begin with *prefix*, in order."""
        names = self._container.list_blob_names(name_starts_with=prefix, results_per_page=self._page_names)
        async for name in Translated(aiter(names), self._doing("list", prefix)):
            yield name

    async def folders(self, prefix: str) -> AsyncIterator[str]:
        """Yield the names of the folders directly under *prefix*, in order."""
        listed = self._container.walk_blobs(name_starts_with=prefix, results_per_page=self._page_names)
        async for item in Translated(aiter(listed), self._doing("list", prefix)):
            if isinstance(item, BlobPrefix):
                yield item.name[len(prefix) : -1]

    async def write_lines(self, path: str, lines: AsyncIterator[bytes]) -> None:
        """Write *lines* to *path*, over the blob there; readers see all lines or none.

        Memory holds one block of lines at a time. Raises `Conflict` when somebody else writes to *path* meanwhile.
        """
        blob, token = self._container.get_blob_client(path), self._new_token()
        blocks: list[BlobBlock] = []
        open_block = bytearray()
        async for line in lines:
            open_block += line
            open_block += b"\n"
            while len(open_block) >= self._block_bytes:
                blocks.append(await self._stage(blob, f"{token}-{len(blocks):08d}", open_block))
        while blocks and open_block:
            blocks.append(await self._stage(blob, f"{token}-{len(blocks):08d}", open_block))
        if blocks:
            await self._commit(blob, blocks)
            return
        with storage_errors(self._doing("write", path)):
            await blob.upload_blob(bytes(open_block), overwrite=True, content_settings=NDJSON)

    async def read_lines(self, path: str, *, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the lines at *path* that begin at byte *at* or behind it, without line ends; nothing for no file.

        Raises `Conflict` when somebody else writes over the file meanwhile.
        """
        rest = bytearray()
        is_within = at > 0  # reading begins one byte early: that byte tells whether a line begins at byte *at*
        async for piece in self._appended.pieces(path, at - 1 if at else 0):
            first, *others = piece.split(b"\n")
            rest += first
            for other in others:
                if not is_within:
                    yield bytes(rest)
                is_within = False
                rest[:] = other
        if rest and not is_within:
            yield bytes(rest)

    async def append_line(self, path: str, line: bytes) -> None:
        """Add *line* to the file at *path*; when an answer was lost, the file may have the line twice."""
        await self._appended.append(path, line)

    async def _stage(self, blob: BlobClient, block_id: str, waiting: bytearray) -> BlobBlock:
        """Send the first bytes of *waiting* as one block, and remove them from *waiting*."""
        with storage_errors(self._doing("write", blob.blob_name)):
            await blob.stage_block(block_id, bytes(waiting[: self._block_bytes]))
        del waiting[: self._block_bytes]
        return BlobBlock(block_id)

    async def _commit(self, blob: BlobClient, blocks: list[BlobBlock]) -> None:
        doing = self._doing("write", blob.blob_name)
        with storage_errors(doing):
            try:
                await blob.commit_block_list(blocks, content_settings=NDJSON)
            except HttpResponseError as error:
                if error_code(error) != "InvalidBlockList":  # the write of a rival has discarded our blocks
                    raise
                raise Conflict(
                    say(
                        "lines_written_by_another",
                        "Could not {action}: somebody else wrote to it meanwhile.",
                        action=doing,
                    )
                ) from error

    def _changed(self, path: str) -> Conflict:
        return Conflict(
            say(
                "document_changed",
                "'{path}' in container '{container}' was changed by somebody else.",
                path=path,
                container=self._name,
            )
        )

    def _doing(self, verb: str, path: str) -> str:
        return f"{verb} '{path}' in container '{self._name}'"


async def _tag_of_write(blob: BlobClient, token: str) -> str | None:
    """Return the tag of *blob* when the write with *token* wrote it, else None."""
    try:
        there = await blob.get_blob_properties()
    except ResourceNotFoundError:
        return None
    return there.etag if (there.metadata or {}).get(_WRITE) == token else None


def _parsed(body: bytes, path: str, container: str) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Damaged(say("document_no_json", _NO_JSON, path=path, container=container)) from error
    if not isinstance(value, dict):
        raise Damaged(say("document_no_object", _NO_OBJECT, path=path, container=container))
    return value


_NO_JSON = "'{path}' in container '{container}' is not JSON; mend it or delete it."
_NO_OBJECT = "'{path}' in container '{container}' is not a JSON object; mend it or delete it."
