"""Remembering e-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.profiles.seen_emails import LARGEST_FIRST_TABLE, SMALLEST_TABLE, SeenEmails


def places(seen: SeenEmails) -> int:
    return sum(len(table) for table, _ in [*seen._full, (seen._table, seen._mask)])


def bytes_held(seen: SeenEmails) -> int:
    return sum(len(table) * table.itemsize for table, _ in [*seen._full, (seen._table, seen._mask)])


@given(st.lists(st.text(st.sampled_from("ab@.é"), max_size=4)))
def test_an_address_is_new_once_just_as_in_a_set(emails: list[str]) -> None:
    seen, known = SeenEmails(), set[str]()
    for email in emails:
        assert seen.add(email) is (email not in known)
        known.add(email)


@pytest.mark.parametrize("expected", [0, 10, 300_000])
def test_an_address_is_new_once_over_many_tables(expected: int) -> None:
    seen = SeenEmails(expected=expected)
    emails = [f"first{number}.last@example.com" for number in range(220_000)]

    assert all(seen.add(email) for email in emails)
    assert len(seen._full) == (0 if expected > 220_000 else 3)
    assert not any(seen.add(email) for email in emails)
    assert all(seen.add(email + "x") for email in emails[:1000])


def test_an_address_takes_between_16_and_32_bytes_while_it_grows() -> None:
    seen = SeenEmails()
    count, tables, costs = 0, 1, []
    while tables < 5:
        assert seen.add(f"{count}")
        count += 1
        if len(seen._full) + 1 > tables:
            tables += 1
            costs.append(bytes_held(seen) / count)

    assert costs == [32.0] * 4
    assert places(seen) == SMALLEST_TABLE * 16


@pytest.mark.parametrize("expected", [100_000, 1_000_000])
def test_an_address_takes_at_most_32_bytes_when_the_number_was_known(expected: int) -> None:
    assert 16 <= bytes_held(SeenEmails(expected=expected)) / expected <= 32


def test_a_wild_guess_does_not_take_all_memory() -> None:
    assert places(SeenEmails(expected=10**12)) == LARGEST_FIRST_TABLE
    assert places(SeenEmails(expected=0)) == SMALLEST_TABLE


def test_a_table_is_never_more_than_half_full() -> None:
    seen = SeenEmails()
    for number in range(SMALLEST_TABLE):
        seen.add(str(number))

    used = [sum(place != 0 for place in table) for table, _ in seen._full]
    assert used == [len(table) // 2 for table, _ in seen._full]
