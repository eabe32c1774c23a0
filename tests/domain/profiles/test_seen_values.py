"""Remembering e-mail addresses and identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.profiles.seen_values import LARGEST_FIRST_TABLE, SMALLEST_TABLE, SeenValues


def places(seen: SeenValues) -> int:
    return sum(len(table) for table, _ in [*seen._full, (seen._table, seen._mask)])


def bytes_held(seen: SeenValues) -> int:
    return sum(len(table) * table.itemsize for table, _ in [*seen._full, (seen._table, seen._mask)])


def first_among(seen: SeenValues, texts: list[str]) -> list[str]:
    """Return those of *texts* that are new."""
    known = set(seen.known_among(texts))
    return [text for index, text in enumerate(texts) if index not in known]


@given(st.lists(st.lists(st.text(st.sampled_from("ab@.é"), max_size=4))))
def test_a_text_is_new_once_just_as_in_a_set(pages: list[list[str]]) -> None:
    seen, known = SeenValues(), set[str]()
    for texts in pages:
        expected = []
        for text in texts:
            if text not in known:
                expected.append(text)
            known.add(text)
        assert first_among(seen, texts) == expected


@pytest.mark.parametrize("expected", [0, 10, 300_000])
def test_a_text_is_new_once_over_many_tables(expected: int) -> None:
    seen = SeenValues(expected=expected)
    texts = [f"first{number}.last@example.com" for number in range(220_000)]

    for start in range(0, len(texts), 500):
        assert seen.known_among(texts[start : start + 500]) == []
    assert len(seen._full) == (0 if expected > 220_000 else 3)
    assert seen.known_among(texts) == list(range(len(texts)))
    assert seen.known_among([text + "x" for text in texts[:1000]]) == []


def test_a_text_takes_between_11_and_22_bytes_while_it_grows() -> None:
    seen = SeenValues()
    count, tables, costs = 0, 1, []
    while tables < 5:
        assert seen.known_among([f"{count}"]) == []
        count += 1
        if len(seen._full) + 1 > tables:
            tables += 1
            costs.append(bytes_held(seen) / count)

    assert costs == [pytest.approx(64 / 3)] * 4
    assert places(seen) == SMALLEST_TABLE * 16


@pytest.mark.parametrize("expected", [100_000, 1_000_000])
def test_a_text_takes_at_most_22_bytes_when_the_number_was_known(expected: int) -> None:
    assert 10 < bytes_held(SeenValues(expected=expected)) / expected < 22


def test_a_wild_guess_does_not_take_all_memory() -> None:
    assert places(SeenValues(expected=10**12)) == LARGEST_FIRST_TABLE
    assert places(SeenValues(expected=0)) == SMALLEST_TABLE


def test_a_table_is_never_more_than_three_quarters_full() -> None:
    seen = SeenValues()
    seen.known_among([str(number) for number in range(SMALLEST_TABLE)])

    used = [sum(place != 0 for place in table) for table, _ in seen._full]
    assert used == [len(table) * 3 // 4 for table, _ in seen._full]


def test_a_text_whose_hash_is_zero_is_remembered() -> None:
    assert hash("") == 0
    seen = SeenValues()
    assert (seen.known_among(["", "a", ""]), seen.known_among([""])) == ([2], [0])
