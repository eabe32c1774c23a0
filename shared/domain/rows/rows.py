"""Rows as a file holds them: no rule of an export has been applied to them yet."""

from dataclasses import dataclass
from typing import Any, final

Row = dict[str, Any]
"""Column name → value: JSON types from NDJSON, text from CSV."""


@final
@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be read; such a row counts as a row and is rejected."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one blob that are read together; row *i* of the page is row ``first_row + i`` of the blob (from 1)."""

    blob: str
    first_row: int
    rows: list[Row | Unreadable]

    def head(self, count: int) -> "Page":
        """Return a page of the first *count* rows, or of all rows when there are fewer."""
        return Page(self.blob, self.first_row, self.rows[:count])

    def after(self, count: int) -> "Page":
        """Return a page of the rows after the first *count* rows; the page must have at least *count* rows."""
        return Page(self.blob, self.first_row + count, self.rows[count:])
