"""Rows as they come out of a blob, before any rule was applied to them."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
"""Column name → value: JSON types from NDJSON, text from CSV."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is there but cannot be read; it counts as a row and is rejected."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows read together from one blob; row *i* of the page is row ``first_row + i`` of the blob (from 1)."""

    blob: str
    first_row: int
    rows: list[Row | Unreadable]
