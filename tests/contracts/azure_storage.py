"""A container of its own in the emulator, for one test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from shared.adapters.azure.client_options import STORAGE_OPTIONS

FAST_OPTIONS: dict[str, Any] = {
    **STORAGE_OPTIONS,
    "retry_total": 2,
    "initial_backoff": 0,
    "increment_base": 0,
    "random_jitter_range": 0,
}
"""The options of the app, but retries without their waits."""


@asynccontextmanager
async def container(connection_string: str, **options: Any) -> AsyncIterator[tuple[BlobServiceClient, ContainerClient]]:
    """Make a container while the block runs; *options* are the client's."""
    async with BlobServiceClient.from_connection_string(connection_string, **{**FAST_OPTIONS, **options}) as service:
        made = await service.create_container(f"test-{uuid4().hex}")
        try:
            yield service, made
        finally:
            await made.delete_container()
