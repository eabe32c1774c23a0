"""Blobs as a listing names them."""

from datetime import UTC, datetime
from typing import Any

from shared.domain.sources.listed_blob import ListedBlob

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def listed(name: str, size: int = 1, **more: Any) -> ListedBlob:
    """Return the blob *name*."""
    return ListedBlob(name, size, '"1"', **{"modified": DAY, **more})
