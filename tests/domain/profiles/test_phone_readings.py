"""Phone numbers that programs have written as numbers, and digits that can be read in two ways."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from shared.domain.profiles.phone import BadPhone, e164

REGIONS = ("DE", "AT", "FI", "UA", "ID", "SE", "XK", "US", "GB", "IT", "PL")


def read(text: str, region: str | None) -> str:
    """Return the number, or the word for the reason of its refusal."""
    try:
        return e164(text, region)
    except BadPhone as refused:
        return refused.reason


def by_the_library(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("43664123456.0", "AT", "+43664123456"),
        ("358412345678.0", "FI", "+358412345678"),
        ("4915123456789,0", "DE", "+4915123456789"),
        ("4915123456789.00", "DE", "+4915123456789"),
        ("4915123456789.0000000000", "DE", "+4915123456789"),
        ("+43664123456.0", "AT", "+43664123456"),
        ("+43664123456.0", None, "+43664123456"),
        ("43664123456.5", "AT", "+436641234565"),
        ("+49.15123456789", "DE", "+4915123456789"),
        ("+49.15123456789", None, "+4915123456789"),
        ("044.6681800", "UA", "+380446681800"),
        ("030.12345.0", "DE", "+4930123450"),
    ],
)
def test_a_tail_of_zeros_behind_digits_goes_and_points_between_groups_stay(
    text: str, region: str | None, expected: str
) -> None:
    assert read(text, region) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.80501234567E+11", "+380501234567"),
        ("3,80501234567E+11", "+380501234567"),
        ("3.805012345670e11", "+380501234567"),
        ("+3.80501234567E+11", "+380501234567"),
        ("3.80501E+11", "digits_lost"),
        ("3.8050123456E+11", "digits_lost"),
        ("4E+11", "digits_lost"),
        ("3.8050123456789E+11", "not_a_phone_number"),
    ],
)
def test_an_exponent_is_read_when_it_has_all_digits(text: str, expected: str) -> None:
    assert read(text, "UA") == expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("4915123456789", "DE", "+4915123456789"),
        ("49 151 23456789", "DE", "+4915123456789"),
        ("(49) 151-23456789", "DE", "+4915123456789"),
        ("Tel. 4915123456789", "DE", "+4915123456789"),
        ("4915123456789 ext. 5", "DE", "+4915123456789"),
        ("\u0664\u0669\u0661\u0665\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "DE", "+4915123456789"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("15123456789", "DE", "+4915123456789"),
        ("004915123456789", "DE", "+4915123456789"),
        ("628123456789", "ID", "+628123456789"),
        ("46701234567", "SE", "+46701234567"),
        ("38344123456", "XK", "+38344123456"),
        ("43664123456", "AT", "+43664123456"),
        ("358412345678", "FI", "+358412345678"),
        ("412345678", "FI", "+358412345678"),
        ("380501234567", "UA", "+380501234567"),
        ("12125550123", "US", "+12125550123"),
        ("2125550123", "US", "+12125550123"),
        ("447911123456", "GB", "+447911123456"),
        ("2079460958", "GB", "+442079460958"),
        ("393471234567", "IT", "+393471234567"),
        ("3931234567", "IT", "+393931234567"),
        ("0612345678", "IT", "+390612345678"),
        ("390612345678", "IT", "+390612345678"),
        ("48501234567", "PL", "+48501234567"),
        ("481234567", "PL", "+48481234567"),
        ("3012345678", "DE", "+493012345678"),
        ("49211234567", "DE", "phone_ambiguous"),
        ("49151234567", "DE", "phone_ambiguous"),
        ("380501234567", "DE", "not_a_phone_number"),
        ("0671234567", None, "phone_without_country"),
        ("call me", "DE", "not_a_phone_number"),
        ("call me", None, "not_a_phone_number"),
    ],
)
def test_digits_without_a_plus_sign_are_read_as_they_are_meant_or_not_at_all(
    text: str, region: str | None, expected: str
) -> None:
    assert read(text, region) == expected


@given(
    st.sampled_from(REGIONS),
    st.lists(st.text("0123456789", min_size=6, max_size=6), min_size=10, max_size=20),
    st.sampled_from(["{}", "{}.0", "{},00", " {} "]),
)
def test_a_mobile_number_of_the_region_that_has_lost_its_plus_sign_is_never_another_number(
    region: str, ends: list[str], form: str
) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    assert example is not None
    start = phonenumbers.format_number(example, PhoneNumberFormat.E164)[:-6]
    for number in (start + end for end in ends):
        if by_the_library(number, None) == number:
            assert read(form.format(number[1:]), region) in (number, "phone_ambiguous")
            assert read(form.format(number), region) == number


texts = st.one_of(
    st.text("0123456789", min_size=5, max_size=15),
    st.builds("{}{}".format, st.sampled_from(["49", "43", "358", "380", "62", "46", "383", "39", "48", "44", "1"]),
              st.text("0123456789", min_size=6, max_size=11)),
    st.builds("+{}".format, st.text("0123456789", min_size=6, max_size=14)),
    st.from_regex(r"[0-9]{2,5}([ ./-][0-9]{2,5}){1,3}", fullmatch=True),
)  # fmt: skip


@given(st.lists(texts, min_size=20, max_size=40), st.sampled_from(REGIONS))
def test_a_number_is_one_of_the_two_that_its_digits_can_be_and_a_plus_sign_decides(
    texts: list[str], region: str
) -> None:
    for text in texts:
        found = read(text, region)
        if not found.startswith("+") or text.rstrip("0").endswith("."):
            continue
        digits = "".join(filter(str.isdigit, text))
        assert found in {by_the_library(text, region), by_the_library("+" + digits, None)}
        if text.startswith("+"):
            assert found == by_the_library(text, region)
        else:
            assert found.endswith(digits.lstrip("0")[-6:])


@given(st.integers(10**6, 10**15), st.sampled_from([*REGIONS, None]), st.integers(1, 10))
def test_decimals_of_zero_change_no_number(number: int, region: str | None, zeros: int) -> None:
    assert read(f"{number}.{'0' * zeros}", region) == read(str(number), region)
