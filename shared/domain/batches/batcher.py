"""Gathers the outcomes of pages into batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, takewhile

from shared.domain.batches.batch import Batch, ends_of, numbers
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.runs.rejection import Rejection, Span


class Batcher:
    """Gathers rows into batches of at most *max_profiles* profiles and *max_bytes* bytes of payload; mutable.

    A batch ends before the first profile that does not fit into the batch. A batch also ends after the page that brings
    it to *max_rejections* rejections: a segment of bad rows must not pile up in memory.
    *number* is that of the first batch, and *row* that of its first row in the source.
    What is noted at a row is counted in the batch with that row. What stands behind the last row is in no batch, as no
    checkpoint can pass it; `rest` has it.
    """

    def __init__(
        self,
        *,
        max_profiles: int,
        max_bytes: int,
        max_rejections: int = 10_000,
        number: int = 1,
        row: int = 1,
    ) -> None:
        self._max_profiles = max_profiles
        self._max_bytes = max_bytes
        self._max_rejections = max_rejections
        self._number = number
        self._first_row = row
        self._next_row = row
        self._starts: list[_Start] = []
        self._behind = ValueNotes()
        self._open()

    @property
    def next_row(self) -> int:
        """Return the number, in the source, of the row that comes next."""
        return self._next_row

    def take(self, page: SortedPage) -> Iterator[Batch]:
        """Take the rows of *page*, which begins at row `next_row`; yield each batch that is full.

        Raises `ValueError` for a profile that is too large for a batch of its own.
        """
        if not self._starts or self._starts[-1].blob != page.blob:
            self._starts.append(_Start(page.blob, page.row_in_blob, page.first_row))
        taken, end = 0, page.first_row + page.rows
        while (fitting := self._count_fitting(page, taken)) < len(page.profiles):
            if fitting == taken and not self._ends:
                size, most = len(page.profiles[taken]), self._max_bytes
                raise ValueError(f"a profile of {size} bytes fits into no batch of {most} bytes")
            self._add(page, taken, fitting, before=page.profile_rows[fitting])
            yield self._cut()
            taken = fitting
        self._add(page, taken, len(page.profiles), before=end)
        for noted in page.notes:
            if noted.row == end:
                self._behind.note_value(noted.field, noted.reason, page.place(end))
        if len(self._rejections) >= self._max_rejections:
            yield self._cut()

    def cut(self) -> Batch | None:
        """Return the rows since the last batch as a batch, or None when there are none."""
        return self._cut() if self._next_row > self._first_row else None

    def rest(self) -> ValueNotes:
        """Return what was noted behind the last row that was taken."""
        return self._behind

    @property
    def _start(self) -> int:
        """Return where the next profile begins in the payload."""
        return self._ends[-1] + 1 if self._ends else 0

    def _open(self) -> None:
        self._payloads: list[bytes] = []  # joined page by page: kept alone, profiles take many times their size
        self._ends, self._rows = numbers(), numbers()
        self._duplicates = 0
        self._rejections: list[Rejection] = []
        self._notes = ValueNotes()

    def _count_fitting(self, page: SortedPage, taken: int) -> int:
        """Return how many of the first profiles of *page* are in a batch once this one is full; *taken* are already."""
        most = min(len(page.profiles), taken + self._max_profiles - len(self._ends))
        profiles = page.profiles[taken:most]
        free = self._max_bytes - self._start + 1  # each profile counts with a comma, and the last one has none
        if sum(map(len, profiles)) + len(profiles) <= free:
            return most
        sizes = accumulate(len(profile) + 1 for profile in profiles)
        return taken + sum(1 for _ in takewhile(lambda size: size <= free, sizes))

    def _add(self, page: SortedPage, first: int, last: int, *, before: int) -> None:
        """Put profiles ``first:last`` of *page* into the batch, and other outcomes of source rows below *before*."""
        if profiles := page.profiles[first:last]:
            self._ends.extend(ends_of(profiles, self._start))
            self._payloads.append(b",".join(profiles))
            self._rows.extend(page.profile_rows[first:last])
        begin = self._next_row
        self._duplicates += sum(begin <= row < before for row in page.duplicates)
        self._rejections += [rejection for row, rejection in page.rejections if begin <= row < before]
        if before > begin and self._behind.noted:
            self._notes.update(self._behind)
            self._behind = ValueNotes()
        for noted in page.notes:
            if begin <= noted.row < before:
                self._notes.note_value(noted.field, noted.reason, page.place(noted.row))
        self._next_row = before

    def _cut(self) -> Batch:
        """End the open batch after the rows that were taken, and open the next one."""
        batch = Batch(
            number=self._number,
            first_row=self._first_row,
            last_row=self._next_row - 1,
            spans=self._spans(),
            payload=b",".join(self._payloads),
            ends=self._ends,
            rows=self._rows,
            rejections=tuple(self._rejections),
            duplicates=self._duplicates,
            notes=self._notes,
        )
        self._number += 1
        self._first_row = self._next_row
        last = self._starts[-1]
        self._starts = [_Start(last.blob, last.row_in_blob + self._next_row - last.row, self._next_row)]
        self._open()
        return batch

    def _spans(self) -> tuple[Span, ...]:
        ends = [start.row for start in self._starts[1:]] + [self._next_row]
        return tuple(
            Span(start.blob, start.row_in_blob, start.row_in_blob + end - start.row - 1)
            for start, end in zip(self._starts, ends, strict=True)
            if end > start.row
        )


@dataclass(slots=True)
class _Start:
    """Where the rows of one blob begin in the open batch: row *row* of the source is row *row_in_blob* of *blob*."""

    blob: str
    row_in_blob: int
    row: int
