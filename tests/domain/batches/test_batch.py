"""Gathering rows into batches."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.batches.batch import Batch
from shared.domain.batches.batcher import Batcher
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.profiles.value_notes import Place, RowNoted, ValueNotes
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.sentences import quoted


@dataclass(frozen=True)
class Outcome:
    """What became of one row: its profile, or that it was a duplicate, or refused."""

    kind: str
    profile: bytes = b""
    noted: tuple[str, ...] = ()
    blank_before: bool = False


@dataclass(frozen=True)
class Source:
    """Rows of a few blobs, in pages; source rows from *first_row*, and those of the first blob from *row_in_blob*."""

    blobs: list[list[list[Outcome]]]
    first_row: int = 1
    row_in_blob: int = 1

    def rows(self) -> list[tuple[str, int, Outcome]]:
        """Return for each source row its blob, its row there and its outcome."""
        return [
            (f"blob{b}", number, outcome)
            for b, pages in enumerate(self.blobs)
            for number, outcome in enumerate((o for page in pages for o in page), 1 if b else self.row_in_blob)
        ]

    def pages(self) -> Iterable[SortedPage]:
        row = self.first_row
        for b, pages in enumerate(self.blobs):
            in_blob = 1 if b else self.row_in_blob
            for outcomes in pages:
                yield _sorted(f"blob{b}", in_blob, row, outcomes)
                row += len(outcomes)
                in_blob += len(outcomes)


def _sorted(blob: str, in_blob: int, first_row: int, outcomes: list[Outcome]) -> SortedPage:
    page = SortedPage(blob, in_blob, first_row, len(outcomes))
    for number, outcome in enumerate(outcomes):
        row = first_row + number
        if outcome.blank_before:
            page.notes.append(RowNoted(row, "", "blank_row"))
        page.notes += [RowNoted(row, name, "not_a_text") for name in outcome.noted]
        if outcome.kind == "profile":
            page.profiles.append(outcome.profile)
            page.profile_rows.append(row)
        elif outcome.kind == "duplicate":
            page.duplicates.append(row)
        else:
            page.rejections.append((row, Rejection(blob, in_blob + number, "bad", quoted("It is bad."))))
    return page


def batches_of(
    source: Source, *, max_profiles: int = 5, max_bytes: int = 60, max_rejections: int = 1000, number: int = 1
) -> list[Batch]:
    batcher = Batcher(
        max_profiles=max_profiles,
        max_bytes=max_bytes,
        max_rejections=max_rejections,
        number=number,
        row=source.first_row,
    )
    batches = [batch for page in source.pages() for batch in batcher.take(page)]
    last = batcher.cut()
    assert batcher.cut() is None
    return [*batches, last] if last else batches


outcomes = st.one_of(
    st.builds(
        Outcome,
        st.just("profile"),
        st.binary(min_size=1, max_size=30).map(lambda data: data.replace(b",", b".")),
        st.lists(st.sampled_from(["phone_number", "title"]), max_size=2).map(tuple),
        st.booleans(),
    ),
    st.builds(Outcome, st.just("duplicate")),
    st.builds(Outcome, st.just("rejection"), st.just(b""), st.just(("title",)), st.booleans()),
)
sources = st.builds(
    Source,
    st.lists(st.lists(st.lists(outcomes, max_size=8), max_size=4), max_size=4),
    st.integers(1, 10_000_000),
    st.integers(1, 1000),
)


@given(sources, st.integers(1, 6), st.integers(30, 90), st.integers(1, 6), st.integers(1, 50))
def test_batches_cover_every_row_once_and_in_order(
    source: Source, max_profiles: int, max_bytes: int, max_rejections: int, number: int
) -> None:
    rows = source.rows()
    batches = batches_of(
        source, max_profiles=max_profiles, max_bytes=max_bytes, max_rejections=max_rejections, number=number
    )

    assert [batch.number for batch in batches] == list(range(number, number + len(batches)))
    row = source.first_row
    for batch in batches:
        assert batch.first_row == row
        assert batch.last_row >= batch.first_row
        own = rows[row - source.first_row : batch.last_row + 1 - source.first_row]
        _check_outcomes(batch, own)
        _check_places(batch, own)
        row = batch.last_row + 1
    assert row == source.first_row + len(rows)


def _check_outcomes(batch: Batch, own: list[tuple[str, int, Outcome]]) -> None:
    """Make sure that *batch* holds what became of its *own* rows."""
    profiles = [(batch.first_row + i, o.profile) for i, (_, _, o) in enumerate(own) if o.kind == "profile"]
    assert list(batch.rows) == [row for row, _ in profiles]
    assert [batch.profile(index) for index in range(len(batch))] == [profile for _, profile in profiles]
    assert batch.payload == b",".join(profile for _, profile in profiles)
    assert batch.duplicates == sum(o.kind == "duplicate" for _, _, o in own)
    assert [(r.blob, r.row) for r in batch.rejections] == [(b, n) for b, n, o in own if o.kind == "rejection"]
    assert batch.notes == _noted(own)


def _noted(own: list[tuple[str, int, Outcome]]) -> ValueNotes:
    notes = ValueNotes()
    for blob, row, outcome in own:
        if outcome.blank_before:
            notes.note_value("", "blank_row", Place(blob, row))
        for name in outcome.noted:
            notes.note_value(name, "not_a_text", Place(blob, row))
    return notes


def _check_places(batch: Batch, own: list[tuple[str, int, Outcome]]) -> None:
    """Make sure that *batch* knows where its *own* rows lie."""
    covered = [(span.blob, row) for span in batch.spans for row in range(span.first, span.last + 1)]
    assert covered == [(blob, number) for blob, number, _ in own]
    assert [batch.locate(row) for row in range(batch.first_row, batch.last_row + 1)] == covered
    assert len({span.blob for span in batch.spans}) == len(batch.spans)
    assert all(span.first <= span.last for span in batch.spans)


@pytest.mark.parametrize("rows_before", [0, 3])
def test_what_stands_behind_the_last_row_is_in_no_batch_and_goes_with_the_next_row(rows_before: int) -> None:
    batcher = Batcher(max_profiles=100, max_bytes=1000)
    page = _sorted("a.csv", 1, 1, [Outcome("duplicate")] * rows_before)
    page.notes += [RowNoted(rows_before + 1, "", "blank_row")] * 1000
    empty = _sorted("a.csv", rows_before + 1, rows_before + 1, [])
    empty.notes += [RowNoted(rows_before + 1, "", "blank_row")] * 1000
    assert [*batcher.take(page), *batcher.take(empty)] == []
    if last := batcher.cut():
        assert last.notes == ValueNotes()
    assert batcher.rest().noted["", "blank_row"].count == 2000
    assert len(batcher.rest().noted["", "blank_row"].places) == 5

    assert list(batcher.take(_sorted("a.csv", rows_before + 1, rows_before + 1, [Outcome("duplicate")]))) == []
    batch = batcher.cut()
    assert batch is not None
    assert batch.notes.noted["", "blank_row"].count == 2000
    assert batcher.rest() == ValueNotes()


@given(sources, st.integers(1, 6), st.integers(30, 90))
def test_a_batch_keeps_both_limits_and_the_next_profile_would_have_passed_one(
    source: Source, max_profiles: int, max_bytes: int
) -> None:
    batches = batches_of(source, max_profiles=max_profiles, max_bytes=max_bytes)

    for batch in batches:
        assert len(batch) <= max_profiles
        assert len(batch.payload) <= max_bytes
    for batch, following in itertools.pairwise(batches):
        one_more = len(batch.payload) + 1 + len(following.profile(0))
        assert len(batch) == max_profiles or one_more > max_bytes
        assert following.first_row == following.rows[0]


@given(sources, st.data())
def test_chosen_profiles_are_a_payload_of_their_own(source: Source, data: st.DataObject) -> None:
    for batch in batches_of(source, max_profiles=50, max_bytes=10_000):
        chosen = sorted(data.draw(st.sets(st.integers(0, len(batch) - 1)) if len(batch) else st.just(set[int]())))

        assert batch.payload_of(chosen) == b",".join(batch.profile(index) for index in chosen)


@given(sources, st.data())
def test_the_spans_between_two_rows_cover_them_and_all_between(source: Source, data: st.DataObject) -> None:
    for batch in batches_of(source, max_profiles=50, max_bytes=10_000):
        first = data.draw(st.integers(batch.first_row, batch.last_row))
        last = data.draw(st.integers(first, batch.last_row))
        spans = batch.spans_between(batch.locate(first), batch.locate(last))

        covered = [(span.blob, row) for span in spans for row in range(span.first, span.last + 1)]
        assert covered == [batch.locate(row) for row in range(first, last + 1)]


def profiles(*sizes: int) -> list[Outcome]:
    return [Outcome("profile", b"x" * size) for size in sizes]


def test_a_profile_that_fills_the_batch_to_the_byte_goes_with_it() -> None:
    source = Source([[profiles(10, 10, 10)]])
    assert [len(batch) for batch in batches_of(source, max_bytes=32)] == [3]
    assert [len(batch) for batch in batches_of(source, max_bytes=31)] == [2, 1]
    assert [len(batch) for batch in batches_of(Source([[profiles(10, 10, 10, 10)]]), max_bytes=32)] == [3, 1]


@pytest.mark.parametrize("pages", [[3], [1, 1, 1], [2, 1]])
def test_the_commas_between_profiles_count(pages: list[int]) -> None:
    three = Source([[[Outcome("profile", b"abc")] * count for count in pages]])

    assert [batch.payload for batch in batches_of(three, max_bytes=11)] == [b"abc,abc,abc"]
    assert [batch.payload for batch in batches_of(three, max_bytes=10)] == [b"abc,abc", b"abc"]


def test_ten_thousand_profiles_are_one_batch_and_one_more_begins_another() -> None:
    pages = [profiles(*[2] * 1000) for _ in range(10)]
    sizes = [len(b) for b in batches_of(Source([[*pages, profiles(2)]]), max_profiles=10_000, max_bytes=5_000_000)]
    assert sizes == [10_000, 1]


def test_rows_without_a_profile_stay_with_the_batch_before_the_next_profile() -> None:
    rows = [*profiles(1, 1), Outcome("duplicate"), Outcome("rejection"), *profiles(1)]
    first, second = batches_of(Source([[rows]]), max_profiles=2)

    assert (first.first_row, first.last_row, first.duplicates, len(first.rejections)) == (1, 4, 1, 1)
    assert (second.first_row, second.last_row, len(second)) == (5, 5, 1)


def test_rows_without_any_profile_are_a_batch_as_well() -> None:
    (batch,) = batches_of(Source([[[Outcome("rejection"), Outcome("duplicate")]]]))
    assert (len(batch), batch.payload, batch.spans) == (0, b"", (Span("blob0", 1, 2),))
    assert batch  # or else `if batch` would lose its rows


def test_bad_rows_do_not_pile_up() -> None:
    pages = [[Outcome("rejection")] * 4 for _ in range(6)]
    batches = batches_of(Source([pages]), max_rejections=10)
    assert [len(batch.rejections) for batch in batches] == [12, 12]


def test_no_rows_are_no_batch() -> None:
    assert batches_of(Source([])) == []
    assert batches_of(Source([[[]], [[], []]])) == []


def test_a_profile_that_fits_into_no_batch_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(ValueError, match="a profile of 33 bytes fits into no batch of 32 bytes"):
        batches_of(Source([[profiles(10, 33)]]), max_bytes=32)


def test_a_row_that_is_not_in_the_batch_is_not_located() -> None:
    (batch,) = batches_of(Source([[profiles(1, 1)]], first_row=5))
    assert batch.locate(6) == ("blob0", 2)
    with pytest.raises(IndexError, match="row 7 is not in rows 5 to 6"):
        batch.locate(7)
    with pytest.raises(IndexError, match="row 4 is not in rows 5 to 6"):
        batch.locate(4)
