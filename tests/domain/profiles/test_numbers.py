"""Numbers in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.profiles.numbers import DigitsLost, number_in, whole_in


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        ("1234.56", 1234.56, None),
        ("1234,56", None, 1234.56),
        ("1.234", 1.234, None),
        ("1,234", None, 1.234),
        ("1.234,56", 1234.56, 1234.56),
        ("1,234.56", 1234.56, 1234.56),
        ("1.234.567", 1234567, 1234567),
        ("1,234,567", 1234567, 1234567),
        ("1 234", 1234, 1234),
        ("1\u00a0234\u00a0567", 1234567, 1234567),
        ("1\u202f234,5", 1234.5, 1234.5),
        ("1'234.5", 1234.5, 1234.5),
        ("1 234,567", None, 1234.567),
        ("1 234.567", 1234.567, None),
        (".5", 0.5, None),
        ("-7", -7, -7),
        ("\u22127", -7, -7),
        ("+7", 7, 7),
        ("007", 7, 7),
        ("1E3", 1000.0, 1000.0),
        ("1.5e+3", 1500.0, None),
    ],
)
def test_a_number_is_read_where_there_is_one_way_to_read_it(
    text: str, with_point: float | None, with_comma: float | None
) -> None:
    for comma, expected in ((False, with_point), (True, with_comma)):
        found = number_in(text, decimal_comma=comma)
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "5.", "1.2.3", "12 34", "1 234\u00a0567", "1,23,456", "0x10", "1_000", "\u0661", "1e999", "NaN",
     "inf", "5 €", "50%", "1-2", "--1", "1 ", "9" * 65, "1e", "1'23"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None
    assert number_in(text, decimal_comma=True) is None


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_json_writes_it(number: float) -> None:
    text = repr(number)
    if len(text) <= 64:
        assert number_in(text) == number


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**4))
def test_a_decimal_comma_stands_for_a_decimal_point(whole: int, fraction: int) -> None:
    assert number_in(f"{whole},{fraction}", decimal_comma=True) == number_in(f"{whole}.{fraction}")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("12345", 12345),
        ("12345.0", 12345),
        ("12345.000", 12345),
        ("12345,00", 12345),
        ("00123", 123),
        ("1 234", 1234),
        ("3.80501234567E+11", 380501234567),
        ("123456789012345678901", 123456789012345678901),
    ],
)
def test_a_whole_number_may_have_decimals_of_zero(text: str, whole: int) -> None:
    assert whole_in(text) == whole


@pytest.mark.parametrize("text", ["3.80501E+11", "1E3", "1234567890123456789.5"])
def test_a_whole_number_that_was_rounded_is_refused(text: str) -> None:
    with pytest.raises(DigitsLost):
        whole_in(text)


@pytest.mark.parametrize("text", ["1.5", "1,5", "1,000", "1.25E1", "x", ""])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"fraction|no number"):
        whole_in(text)
