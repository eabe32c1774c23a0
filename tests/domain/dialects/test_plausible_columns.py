"""Which names of columns may be shown."""

import pytest

from shared.domain.dialects.plausible_columns import looks_like_data, plausible_columns

DATA = [
    "ann@example.com",
    "Ann <ann@example.com>",
    "mailto:ann@example.com ",
    "+380501234567",
    "+380 (50) 123-45-67",
    "050 123 45 67",
    "tel:+380501234567",
    "12345",
    "-12345.50",
    "12345,5",
    "2026-11-28T10:00:00Z",
    "28.11.2026 10:00",
    "550e8400-e29b-41d4-a716-446655440000",
]
NAMES = ["email", "E-Mail", "Ім'я", "First Name", "Zip/Postal", "address_2", "Q1 2026", "Question 12345", "a", "名前"]
NEITHER = [
    "2026-11-28",
    "28.11.2026",
    "11/2026",
    "1",
    "1234",
    "12,5",
    "50 %",
    "",
    " ",
    "@",
    "a@",
    "x" * 65,
    "a\nb",
    "a\0",
]


@pytest.mark.parametrize("cell", DATA)
def test_a_record_with_data_in_it_shows_no_name(cell: str) -> None:
    assert looks_like_data(["Olena", cell])
    assert plausible_columns(("Olena", cell)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_column_is_shown(name: str) -> None:
    assert not looks_like_data([name])
    assert plausible_columns((name, "email")) == (name, "email")


@pytest.mark.parametrize("name", NEITHER)
def test_what_may_be_data_is_not_shown_though_it_makes_no_record_data(name: str) -> None:
    assert not looks_like_data([name])
    assert plausible_columns((name, "email")) == ("email",)


@pytest.mark.parametrize("unit", ["1", "@", "a@", "1 ", ".", "1/", "+", "-", "x"])
def test_long_cells_are_looked_at_once(unit: str) -> None:
    assert plausible_columns((unit * 1_000_000,)) == ()
