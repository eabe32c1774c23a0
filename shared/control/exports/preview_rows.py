"""Sorts a few rows as a run does, and shows what becomes of them; nothing is sent."""

from dataclasses import dataclass
from typing import Any

import orjson

from shared.domain.batches.sorted_page import SortedPage
from shared.domain.config.export import Export
from shared.domain.profiles.mappers.page_mapper import Encode
from shared.domain.profiles.sorter import Sorter
from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.rows.rows import Page, Row, Unreadable
from shared.domain.runs.rejection import Rejection

VALUES_A_COLUMN, VALUE_LENGTH = 3, 100
"""So many values of a column that is not mapped are shown, and so many characters of each."""
ROWS_WITH_VALUES, MOST_COLUMNS = 100, 500
"""Values are taken from so many rows of a file, and of so many columns."""


@dataclass(frozen=True, slots=True)
class PreviewedProfile:
    """One row as it would be sent: where the row stands, and the attributes of its profile."""

    blob: str
    row: int
    attributes: dict[str, Any]


class PreviewedRows:
    """The first rows of the segments of an export, sorted as in a run; mutable.

    *rows* counts the rows, *profiles* the profiles that would be sent, *payload_bytes* the bytes of these profiles.
    *rejected* and *duplicates* count the other rows. *notes* count what a run would note.
    Only some of the rows are shown: *shown_profiles* and *shown_rejections* hold what becomes of these.
    *values* has the first few values of each column that is not mapped, for the person who maps the columns.
    """

    def __init__(self, export: Export, encode: Encode) -> None:
        self._sorter = Sorter(
            export.mapping,
            phone_region=export.phone_region,
            encode=encode,
            null_values=export.reading.null_values,
            decimal_comma=export.reading.decimal_comma or False,
        )
        self._mapped = {*export.mapping.columns()}
        self._to_show = 0
        self.rows = self.profiles = self.payload_bytes = self.rejected = self.duplicates = 0
        self.notes = ValueNotes()
        self.shown_rows = 0
        self.shown_profiles = list[PreviewedProfile]()
        self.shown_rejections = list[Rejection]()
        self.values: dict[str, list[str]] = {}

    def show(self, rows: int) -> None:
        """Show the next *rows* rows that are taken."""
        self._to_show = rows

    def take(self, page: Page) -> None:
        """Take the rows of *page*, which come after those of earlier pages."""
        found = SortedPage.of(page, self._sorter.sort(page.rows), first_row=page.first_row)
        self.rows += found.rows
        self.profiles += len(found.profiles)
        self.payload_bytes += sum(len(profile) + 1 for profile in found.profiles)  # with a comma each
        self.rejected += len(found.rejections)
        self.duplicates += len(found.duplicates)
        for noted in found.notes:
            self.notes.note_value(noted.field, noted.reason, found.place(noted.row))
        self._show(found)
        for row in page.rows[: max(0, ROWS_WITH_VALUES - found.first_row + 1)]:
            if not isinstance(row, Unreadable):
                self._note_values(row)

    def _note_values(self, row: Row) -> None:
        for column, value in row.items():
            if column in self._mapped or value in (None, ""):
                continue
            known = self.values.setdefault(column, []) if len(self.values) < MOST_COLUMNS else self.values.get(column)
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            if known is not None and len(known) < VALUES_A_COLUMN and (short := text[:VALUE_LENGTH]) not in known:
                known.append(short)

    def _show(self, found: SortedPage) -> None:
        shown = min(self._to_show, found.rows)
        self._to_show -= shown
        self.shown_rows += shown
        end = found.first_row + shown
        self.shown_profiles += [
            PreviewedProfile(found.blob, row, orjson.loads(profile)["attributes"])
            for row, profile in zip(found.profile_rows, found.profiles, strict=True)
            if row < end
        ]
        self.shown_rejections += [rejection for row, rejection in found.rejections if row < end]
