"""Rows as a file holds them: no rule of an export has been applied to them yet."""

from dataclasses import dataclass
from typing import Any, final

Row = dict[str, Any]
"""Column name → value: JSON types from NDJSON, text from CSV."""


@final
@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that the file has but nobody can read; it counts as a row and is rejected."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one blob that are read together; row *i* of the page is row ``first_row + i`` of the blob (from 1)."""

    blob: str
    first_row: int
    rows: list[Row | Unreadable]

    def split(self, count: int) -> "tuple[Page, Page]":
        """Return a page of the first *count* rows, and one of the others; each may be without rows."""
        first = self.rows[:count]
        return Page(self.blob, self.first_row, first), Page(self.blob, self.first_row + len(first), self.rows[count:])
