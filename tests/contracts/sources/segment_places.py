"""Where segments are written to and read from again: the fake, and a container of the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from azure.storage.blob.aio import ContainerClient

from shared.adapters.azure.segments import BlobSegments
from shared.ports import Segments
from tests.contracts.azure_storage import container
from tests.fakes.segments import MemorySegments

PIECE = 1000
"""Files are read in pieces of so many bytes."""


class Place(Protocol):
    """Where segments are written to, and read from again."""

    segments: Segments

    async def put(self, name: str, body: bytes = b"") -> None: ...

    async def remove(self, name: str) -> None: ...


class _Memory:
    def __init__(self) -> None:
        self._fake = MemorySegments(piece_bytes=PIECE)
        self.segments: Segments = self._fake

    async def put(self, name: str, body: bytes = b"") -> None:
        self._fake.put(name, body)

    async def remove(self, name: str) -> None:
        self._fake.remove(name)


class _Azure:
    def __init__(self, segments: BlobSegments, made: ContainerClient) -> None:
        self.segments: Segments = segments
        self._made = made

    async def put(self, name: str, body: bytes = b"") -> None:
        await self._made.upload_blob(name, body, overwrite=True)

    async def remove(self, name: str) -> None:
        await self._made.delete_blob(name)


@asynccontextmanager
async def place_in(connection_string: str | None) -> AsyncIterator[Place]:
    """Make a place in the emulator while the block runs, or in memory where there is no *connection_string*."""
    if connection_string is None:
        yield _Memory()
        return
    async with container(connection_string) as (service, made):
        segments = BlobSegments(service, made.container_name, first_range_bytes=PIECE, range_bytes=PIECE)
        yield _Azure(segments, made)
