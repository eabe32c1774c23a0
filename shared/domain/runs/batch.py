"""Profiles that go to Klaviyo in one request, and how they are gathered."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, takewhile

from shared.domain.runs.rejection import Rejection, Span


def numbers(values: Iterable[int] = ()) -> "array[int]":
    """Return a flat array of unsigned 64-bit numbers: 8 bytes each, a quarter of what a list takes."""
    return array("Q", values)


@dataclass(frozen=True, slots=True)
class Batch:
    """A contiguous run of source rows and the encoded profiles that came of them.

    Rows are numbered from 1 over the whole source.
    Every row from *first_row* to *last_row* is a profile, one of *rejections*, or one of *duplicates*.
    *payload* holds the encoded profiles joined by commas; profile *i* ends at ``ends[i]`` and is of row ``rows[i]``.
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
    left_out: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self.ends)

    def __bool__(self) -> bool:
        """Return True: a batch without profiles has rows too, and none of them may be passed over."""
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
        """Return the spans from *first* to *last*, both a blob and a row within it that `locate` gave."""
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
        """Return the blob and the row within it of source row *row*."""
        before = row - self.first_row
        for span in self.spans:
            if 0 <= before <= span.last - span.first:
                return span.blob, span.first + before
            before -= span.last - span.first + 1
        message = f"row {row} is not in rows {self.first_row} to {self.last_row}"
        raise IndexError(message)


@dataclass(slots=True)
class SortedPage:
    """What became of the rows of one page; source rows from *first_row*, rows of *blob* from *row_in_blob*; mutable.

    Each of its *rows* rows is in just one of *profile_rows*, *rejections* and *duplicates*; all are in order.
    *left_out* names the fields, by row, whose values cannot be sent.
    """

    blob: str
    row_in_blob: int
    first_row: int
    rows: int
    profiles: list[bytes] = field(default_factory=list)
    profile_rows: list[int] = field(default_factory=list)
    rejections: list[tuple[int, Rejection]] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Start:
    """Where the rows of one blob begin in the open batch."""

    blob: str
    row_in_blob: int
    row: int


class Batcher:
    """Gathers rows into batches of at most *max_profiles* profiles and *max_bytes* of payload; mutable.

    A batch is cut before the first profile that does not fit any more, or after the page with which its rejections
    reach *max_rejections* (so that a segment of bad rows does not pile up in memory).
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
        self._open()

    def take(self, page: SortedPage) -> Iterator[Batch]:
        """Take the rows of *page*, which follow those before; yield each batch that is full."""
        if not self._starts or self._starts[-1].blob != page.blob:
            self._starts.append(_Start(page.blob, page.row_in_blob, page.first_row))
        taken, end = 0, page.first_row + page.rows
        while (fitting := self._count_fitting(page, taken)) < len(page.profiles):
            if fitting == taken and not self._profiles:
                size, most = len(page.profiles[taken]), self._max_bytes
                raise ValueError(f"a profile of {size} bytes fits into no batch of {most} bytes")
            self._add(page, taken, fitting, before=page.profile_rows[fitting])
            yield self._cut()
            taken = fitting
        self._add(page, taken, len(page.profiles), before=end)
        if len(self._rejections) >= self._max_rejections:
            yield self._cut()

    def cut(self) -> Batch | None:
        """Return what was gathered since the last cut, or None when no row was read since."""
        return self._cut() if self._next_row > self._first_row else None

    def _open(self) -> None:
        self._profiles: list[bytes] = []
        self._rows = numbers()
        self._bytes = -1  # a payload has one comma fewer than profiles
        self._duplicates = 0
        self._rejections: list[Rejection] = []
        self._left_out: Counter[str] = Counter()

    def _count_fitting(self, page: SortedPage, taken: int) -> int:
        """Return up to which of the page's profiles they fit, when *taken* of them are gone."""
        most = min(len(page.profiles), taken + self._max_profiles - len(self._profiles))
        profiles = page.profiles[taken:most]
        free = self._max_bytes - self._bytes
        if sum(map(len, profiles)) + len(profiles) <= free:
            return most
        sizes = accumulate(len(profile) + 1 for profile in profiles)
        return taken + sum(1 for _ in takewhile(lambda size: size <= free, sizes))

    def _add(self, page: SortedPage, first: int, last: int, *, before: int) -> None:
        """Take the page's profiles from *first* to before *last*, and what else happened before source row *before*."""
        profiles = page.profiles[first:last]
        self._profiles += profiles
        self._rows.extend(page.profile_rows[first:last])
        self._bytes += sum(map(len, profiles)) + len(profiles)
        begin = self._next_row
        self._duplicates += sum(begin <= row < before for row in page.duplicates)
        self._rejections += [rejection for row, rejection in page.rejections if begin <= row < before]
        self._left_out.update(name for row, name in page.left_out if begin <= row < before)
        self._next_row = before

    def _cut(self) -> Batch:
        """Close the open batch behind the rows taken so far."""
        batch = Batch(
            number=self._number,
            first_row=self._first_row,
            last_row=self._next_row - 1,
            spans=self._spans(),
            payload=b",".join(self._profiles),
            ends=_ends(self._profiles),
            rows=self._rows,
            rejections=tuple(self._rejections),
            duplicates=self._duplicates,
            left_out=dict(self._left_out),
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


def _ends(profiles: list[bytes]) -> "array[int]":
    return numbers(size - 1 for size in accumulate(len(profile) + 1 for profile in profiles))
