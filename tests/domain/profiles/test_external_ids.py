"""The short way for identifiers that are sent as they are, and the long way for all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.mapping import Mapping
from shared.domain.profiles.external_ids import MAX_EXTERNAL_ID, common_external_ids, looks_like_a_decimal
from shared.domain.profiles.texts import EMPTY_WORDS, nulls_of
from tests.domain.profiles.mapping_rows import Mappers

_EMAIL = "ann@example.com"


def test_common_identifiers_lose_the_blanks_at_their_ends() -> None:
    assert common_external_ids([" C-1", "00123", "7e2f", "Ä\t"], frozenset()) == ["C-1", "00123", "7e2f", "Ä"]


@pytest.mark.parametrize("odd", [None, 17, "", "  ", "N/A", "'00123", "12345.0", "1.2E3", "x" * (MAX_EXTERNAL_ID + 1)])
def test_one_identifier_that_needs_a_look_sends_all_the_long_way(odd: object) -> None:
    assert common_external_ids(["C-1", odd, "C-2"], frozenset({"", "N/A"})) is None


def test_no_rows_have_no_identifiers() -> None:
    assert common_external_ids([], frozenset()) is None


@pytest.mark.parametrize(
    ("external_id", "is_one"), [("12345.0", True), ("1.2E3", True), ("12345", False), ("1.25", False), ("C1.0", False)]
)
def test_a_fraction_that_was_a_whole_number_is_told(external_id: str, is_one: bool) -> None:
    assert looks_like_a_decimal(external_id) is is_one


@given(st.lists(st.one_of(st.none(), st.integers(), st.text("a1.0 '=E-/N", max_size=5)), min_size=1, max_size=4))
def test_the_short_way_gives_what_the_long_way_gives(values: list[object]) -> None:
    mappers = Mappers(Mapping.written({"email": "EMail", "external_id": "Id"}))
    rows = [{"EMail": _EMAIL, "Id": value} for value in values]
    long = [mappers.of_row(row, _EMAIL) for row in rows]
    assert mappers.of_page(rows, [_EMAIL] * len(rows)) == long
    short = common_external_ids(values, nulls_of(()) | EMPTY_WORDS)
    if short is not None:
        assert [(attributes["external_id"], noted) for attributes, noted in long] == [(each, []) for each in short]
