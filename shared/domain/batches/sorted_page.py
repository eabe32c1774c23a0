"""The outcomes of one page, each with the row that it belongs to."""

from dataclasses import dataclass, field
from typing import Self

from shared.domain.profiles.outcome import Outcome, Profile, Refusal, Unsent
from shared.domain.profiles.sorter import SortedRows
from shared.domain.profiles.value_notes import Place, RowNoted
from shared.domain.rows.rows import Page
from shared.domain.runs.rejection import Rejection


@dataclass(slots=True)
class SortedPage:
    """What became of the rows of one page; mutable.

    The page has *rows* rows. They are rows of the source from *first_row* on, and rows of *blob* from *row_in_blob* on.
    Each row is in exactly one of *profile_rows*, *rejections* and *duplicates*; these hold row numbers of the source,
    in order. ``profile_rows[i]`` is the row of ``profiles[i]``. *notes* has what was noted, in the order of rows; the
    row of a note may be the one after the page.
    """

    blob: str
    row_in_blob: int
    first_row: int
    rows: int
    profiles: list[Profile] = field(default_factory=list)
    profile_rows: list[int] = field(default_factory=list)
    rejections: list[tuple[int, Rejection]] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    notes: list[RowNoted] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page, found: SortedRows, *, first_row: int) -> Self:
        """Return the outcomes *found* of the rows of *page*; the first of them is row *first_row* of the source.

        Raises `ValueError` for an outcome that no batch counts yet (`Unsent.UNCHANGED`).
        """
        result = cls(page.blob, page.first_row, first_row, len(page.rows))
        profiles = [outcome for outcome in found.outcomes if type(outcome) is bytes]
        if len(profiles) == len(found.outcomes):  # so it is on most pages
            result.profiles, result.profile_rows = profiles, list(range(first_row, first_row + len(profiles)))
        else:
            for row, outcome in enumerate(found.outcomes, first_row):
                result._put(row, outcome, page.lines[row - first_row])
        noted = [RowNoted(first_row + index, name, reason) for index, name, reason in found.notes]
        if page.notes:
            noted += [RowNoted(first_row + index, "", word) for index, word in page.notes]
            noted.sort(key=lambda each: each.row)
        result.notes = noted
        return result

    def _put(self, row: int, outcome: Outcome, line: int) -> None:
        if type(outcome) is bytes:
            self.profiles.append(outcome)
            self.profile_rows.append(row)
        elif outcome is Unsent.DUPLICATE:
            self.duplicates.append(row)
        elif type(outcome) is Refusal:
            reason, told, fields = outcome.reason, outcome.told, outcome.fields
            rejection = Rejection(self.blob, self.place(row).row, reason, told, fields=fields, line=line)
            self.rejections.append((row, rejection))
        else:
            message = f"no batch counts a row that is {outcome!r}"
            raise ValueError(message)

    def place(self, row: int) -> Place:
        """Return where row *row* of the source stands."""
        return Place(self.blob, self.row_in_blob + row - self.first_row)
