"""Profiles that go to Klaviyo in one request, and the rows that they come from."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, count
from operator import add

from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.runs.rejection import Rejection, Span


def numbers(values: Iterable[int] = ()) -> "array[int]":
    """Return a flat array of unsigned 64-bit numbers: 8 bytes each, a quarter of what a list takes."""
    return array("Q", values)


def ends_of(profiles: Iterable[bytes], start: int = 0) -> "array[int]":
    """Return where each of *profiles* ends in a payload, which joins them by commas; the first begins at *start*."""
    return numbers(map(add, accumulate(map(len, profiles)), count(start)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows of the source, and the encoded profiles of those that are sent.

    Rows are numbered from 1 over the whole source. Each row from *first_row* to *last_row* is a profile, one of
    *rejections*, or one of *duplicates*; *spans* say where these rows stand in their blobs.
    *payload* holds the encoded profiles joined by commas; profile *i* ends at ``ends[i]`` and is of row ``rows[i]``.
    *notes* counts what was noted about these rows and about the lines before each of them.
    """

    number: int
    first_row: int
    last_row: int
    spans: tuple[Span, ...]
    payload: bytes
    ends: "array[int]"
    rows: "array[int]"
    rejections: tuple[Rejection, ...] = ()
    duplicates: int = 0
    notes: ValueNotes = field(default_factory=ValueNotes)

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self.ends)

    def __bool__(self) -> bool:
        """Return True: a batch without profiles has rows too, and each of these rows needs its outcome."""
        return True

    def profile(self, index: int) -> bytes:
        """Return encoded profile *index* (from 0)."""
        start = self.ends[index - 1] + 1 if index else 0
        return self.payload[start : self.ends[index]]

    def payload_of(self, indexes: Sequence[int]) -> bytes:
        """Return the encoded profiles *indexes*, joined by commas."""
        if len(indexes) == len(self):
            return self.payload
        return b",".join([self.profile(index) for index in indexes])

    def spans_between(self, first: tuple[str, int], last: tuple[str, int]) -> tuple[Span, ...]:
        """Return the spans from *first* to *last*; each of the two is a blob and a row in it, as `locate` returns."""
        blobs = [span.blob for span in self.spans]
        between = self.spans[blobs.index(first[0]) : blobs.index(last[0]) + 1]
        return tuple(
            Span(
                span.blob,
                first[1] if span.blob == first[0] else span.first,
                last[1] if span.blob == last[0] else span.last,
            )
            for span in between
        )

    def locate(self, row: int) -> tuple[str, int]:
        """Return where row *row* of the source stands: the blob, and the row in that blob."""
        before = row - self.first_row
        for span in self.spans:
            if 0 <= before <= span.last - span.first:
                return span.blob, span.first + before
            before -= span.last - span.first + 1
        message = f"row {row} is not in rows {self.first_row} to {self.last_row}"
        raise IndexError(message)
