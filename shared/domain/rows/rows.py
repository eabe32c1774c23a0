"""Rows as a file holds them: no rule of an export has been applied to them yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, final

from shared.domain.sentences import Sentence

Row = dict[str, Any]
"""Column name → value: JSON types from NDJSON, text from CSV."""


@final
@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be read; such a row counts as a row and is rejected."""

    reason: str
    told: Sentence


RowNote = tuple[int, str]
"""Something odd that is no fault of a row: the index, among the rows read together, of the row that it stands at or
before, and a stable word. Example: ``(3, "blank_row")`` for a CSV record without a filled cell before row 3.
"""


@dataclass(slots=True)
class RowsRead:
    """Rows that were read together; mutable. Row *i* begins on line ``lines[i]`` of the file (from 1).

    The longest row has *longest_bytes* as JSON in UTF-8; None where the rows came as something else.
    """

    rows: list[Row | Unreadable] = field(default_factory=list)
    lines: Sequence[int] = ()
    notes: list[RowNote] = field(default_factory=list)
    longest_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one blob that are read together; row *i* of the page is row ``first_row + i`` of the blob (from 1).

    Row *i* begins on line ``lines[i]`` of the file (from 1). *longest_bytes* is that of `RowsRead`, or more.
    """

    blob: str
    first_row: int
    rows: list[Row | Unreadable]
    lines: Sequence[int]
    notes: Sequence[RowNote] = ()
    longest_bytes: int | None = None

    def head(self, count: int) -> "Page":
        """Return a page of the first *count* rows, or of all rows when there are fewer."""
        notes = [note for note in self.notes if note[0] < count]
        return replace(self, rows=self.rows[:count], lines=self.lines[:count], notes=notes)

    def after(self, count: int) -> "Page":
        """Return a page of the rows after the first *count* rows; the page must have at least *count* rows."""
        notes = [(index - count, word) for index, word in self.notes if index >= count]
        first_row = self.first_row + count
        return replace(self, first_row=first_row, rows=self.rows[count:], lines=self.lines[count:], notes=notes)
