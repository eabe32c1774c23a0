"""What is noted about values and lines is counted once, wherever a leg ends and the next one takes over."""

import itertools
from collections import Counter
from collections.abc import Iterator

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.batches.batcher import Batcher
from shared.domain.config.export_limits import Limits
from shared.domain.config.mapping import Mapping
from shared.domain.profiles.sorter import Sorter
from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.rows.rows import Page, Row, RowNote, Unreadable
from shared.domain.runs.brake import Brake
from shared.pipeline.export.export_segment import Replay, batches_of

Cut = tuple[int, ValueNotes]


@st.composite
def sources(draw: st.DrawFn) -> list[Page]:
    """Return the pages of two files, with notes about lines before, between and behind their rows."""
    pages = []
    numbers = itertools.count(1)
    for blob in ("a.csv", "b.csv"):
        row = 1
        for size in draw(st.lists(st.integers(0, 4), max_size=4)):
            rows: list[Row | Unreadable] = [
                {"e": f"p{next(numbers)}@x.it", "t": draw(st.sampled_from(["t", "NULL"]))} for _ in range(size)
            ]
            marked = sorted(draw(st.lists(st.integers(0, size), max_size=3)))
            notes: list[RowNote] = [(index, "blank_row") for index in marked]
            pages.append(Page(blob, row, rows, range(row, row + size), notes))
            row += size
    return pages


def leg(pages: list[Page], *, done: int, size: int) -> tuple[list[Cut], ValueNotes]:
    """Return the last row and the notes of each batch behind row *done*, and what stands behind the last row."""
    sorter = Sorter(Mapping.written({"email": "e", "title": "t"}), phone_region=None, encode=orjson.dumps)
    replay, brake = Replay(done, sorter), Brake(Limits(), read=done, rejected=0)
    batcher = Batcher(max_profiles=size, max_bytes=10**6, row=done + 1)

    def batches() -> Iterator[Cut]:
        for page in pages:
            for batch in batches_of(replay.new_rows(page), sorter, brake, batcher):
                yield batch.last_row, batch.notes
        if last := batcher.cut():
            yield last.last_row, last.notes

    return list(batches()), batcher.rest()


def counts(*notes: ValueNotes) -> Counter[tuple[str, str]]:
    total = Counter[tuple[str, str]]()
    for each in notes:
        total.update({key: noted.count for key, noted in each.noted.items()})
    return total


@given(sources(), st.integers(1, 5), st.integers(1, 5), st.data())
def test_two_legs_count_what_one_leg_counts(pages: list[Page], size: int, other_size: int, data: st.DataObject) -> None:
    batches, rest = leg(pages, done=0, size=size)
    saved = data.draw(st.integers(0, len(batches)))
    done = batches[saved - 1][0] if saved else 0
    more, rest_again = leg(pages, done=done, size=other_size)

    assert counts(*(notes for _, notes in batches[:saved]), *(notes for _, notes in more), rest_again) == counts(
        *(notes for _, notes in batches), rest
    )
    words = sum(isinstance(row, dict) and row["t"] == "NULL" for page in pages for row in page.rows)
    expected = Counter({("", "blank_row"): sum(len(page.notes) for page in pages), ("title", "looks_empty"): words})
    assert counts(*(notes for _, notes in batches), rest) == +expected
