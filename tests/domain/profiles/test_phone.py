"""Phone numbers in E.164."""

from collections.abc import Sequence
from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

from shared.domain.profiles.e164 import KINDS, MOST_COUNTRIES, KnownCountries, is_e164
from shared.domain.profiles.phone import NOT_VALID, BadPhone, is_region
from shared.domain.profiles.phone import e164 as number_in

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def e164(text: str, region: str | None) -> str | None:
    """Return the number of *text*, or None where it is refused."""
    try:
        return number_in(text, region)
    except BadPhone:
        return None


def why_refused(text: str, region: str | None) -> str | None:
    try:
        number_in(text, region)
    except BadPhone as refused:
        return refused.reason
    return None


def by_the_library(text: str, region: str | None = None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def examples() -> list[str]:
    """Return the library's example numbers of every kind in every region, and of what belongs to none."""
    found = set()
    for region in REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        assert metadata is not None
        for kind in KINDS:
            described = getattr(metadata, kind)
            if described is not None and described.example_number:
                found.add(f"+{metadata.country_code}{described.example_number}")
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        number = phonenumbers.example_number_for_non_geo_entity(code)
        assert number is not None
        found.add(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return sorted(found)


EXAMPLES = examples()
FEW = EXAMPLES[::150]


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_number_of_every_country_is_taken_however_it_is_written(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    expected = phonenumbers.format_number(number, PhoneNumberFormat.E164)

    assert e164(expected, None) == expected
    assert e164(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL), None) == expected
    assert e164(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL), region) == expected


def test_the_fast_path_knows_most_example_numbers() -> None:
    """Else it would be none; the numbers of no region are left to the library."""
    known = sum(is_e164(text) for text in EXAMPLES)
    assert len(EXAMPLES) > 1000
    assert known > 0.97 * len(EXAMPLES)


def test_every_example_number_is_answered_as_the_library_does() -> None:
    assert {text: e164(text, None) for text in EXAMPLES} == {text: by_the_library(text) for text in EXAMPLES}


@st.composite
def near_numbers(draw: st.DrawFn, examples: Sequence[str] = EXAMPLES) -> str:
    """Return one of *examples* with a few digits changed, put in or left out."""
    digits = list(draw(st.sampled_from(examples))[1:])
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(digits) - 1))
        digits[place : place + draw(st.integers(0, 1))] = draw(st.text("0123456789", max_size=2))
        if not digits:
            return "+"
    return "+" + "".join(digits)


@given(st.lists(near_numbers(), min_size=20, max_size=60))
def test_a_number_near_a_valid_one_is_answered_as_the_library_does(texts: list[str]) -> None:
    for text in texts:
        assert e164(text, None) == by_the_library(text)


@given(
    st.lists(near_numbers(FEW) | st.sampled_from(["", "+", "067 123 45 67", "+380671234567 "]), max_size=60), st.data()
)
def test_what_is_found_among_many_is_what_is_found_one_by_one(texts: list[str], data: st.DataObject) -> None:
    countries = KnownCountries()
    assert [*countries.others(texts)] == [*range(len(texts))]  # nothing is known yet
    for met in data.draw(st.lists(st.sampled_from(FEW).filter(is_e164), min_size=1, max_size=MOST_COUNTRIES + 1)):
        countries.meet(met)
    others = {*countries.others(texts)}
    assert all(is_e164(text) for index, text in enumerate(texts) if index not in others)


def test_the_numbers_of_a_country_that_was_met_are_found_together() -> None:
    countries = KnownCountries()
    texts = ["+380671234567", "12-34", "+380671234568", "+4915112345678", "", "+380671234569", "+3806712345670"]
    countries.meet(texts[0])
    assert [*countries.others(texts)] == [1, 3, 4, 6]  # the last one has a digit too many
    countries.meet(texts[3])
    assert [*countries.others(texts)] == [1, 4, 6]
    assert [*countries.others(texts[:1])] == []
    assert [*countries.others([])] == []


@pytest.mark.parametrize(
    ("odd", "error"), [(None, TypeError), (5, TypeError), ("+380671234567\n+380671234568", ValueError)]
)
def test_what_is_no_line_of_text_is_not_looked_for(odd: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(KnownCountries().others(["+380671234567", odd]))  # type: ignore[list-item]  # it is looked at


@given(st.from_regex(r"\+[0-9]{1,17}", fullmatch=True), st.sampled_from([None, "UA", "US"]))
def test_any_text_that_looks_like_e164_is_answered_as_the_library_does(text: str, region: str | None) -> None:
    assert e164(text, region) == by_the_library(text, region)


@given(st.sampled_from(REGIONS), st.data())
def test_a_number_that_people_write_at_home_is_read_as_the_library_does(region: str, data: st.DataObject) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    written = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
    digits = data.draw(st.sampled_from([written, f"0{example.national_number}", f"00{example.national_number}"]))
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(digits)))
        digits = digits[:place] + data.draw(st.sampled_from(["", " ", "-", "0", "7"])) + digits[place + 1 :]
    found = e164(digits, region)
    assert found in (by_the_library(digits, region), None) or not digits.strip().startswith("0")


@pytest.mark.parametrize("region", REGIONS)
def test_few_digits_are_no_number_only_where_the_library_says_so(region: str) -> None:
    draw = Random(region)  # noqa: S311 - the same digits each time
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    starts = ["", "0", "00", str(metadata.country_code)]
    for kind in KINDS:
        described = getattr(metadata, kind)
        starts += [described.example_number[:6]] * 3 if described is not None and described.example_number else []
    for _ in range(100):
        digits = draw.choice(starts) + "".join(draw.choices("0123456789", k=draw.randint(1, 5)))
        assert why_refused(digits, region) != NOT_VALID or by_the_library(digits, region) is None


@given(
    st.text(max_size=70) | st.text(st.sampled_from("+0123456789()- x.;="), max_size=30), st.sampled_from([None, "UA"])
)
def test_any_text_gives_a_valid_number_or_none(text: str, region: str | None) -> None:
    found = e164(text, region)
    assert found is None or by_the_library(found) == found


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("067 123 45 67", "UA", "+380671234567"),
        ("0671234567", "UA", "+380671234567"),
        ("380671234567", "UA", "+380671234567"),
        ("(067) 123-45-67", "UA", "+380671234567"),
        (" +380671234567 ", None, "+380671234567"),
        ("+380 (67) 123-45-67", "US", "+380671234567"),
        ("0671234567", None, None),
        ("0671234567", "US", None),
        ("(212) 555-0123", "US", "+12125550123"),
        ("(212) 555-0123", None, None),
        ("+1 212 555 0123 ext. 5", None, "+12125550123"),
        ("+39 06 1234 5678", None, "+390612345678"),
        ("+3800671234567", None, "+380671234567"),
        ("+12345", None, None),
        ("+999123456789", None, None),
        ("+0671234567", None, None),
        ("hello", "UA", None),
        ("", "UA", None),
        ("0" * 100_000, "UA", None),
        ("+380" + " " * 51 + "671234567", None, "+380671234567"),
        ("+380" + " " * 52 + "671234567", None, None),
    ],
)
def test_a_number_is_read_in_its_region(text: str, region: str | None, expected: str | None) -> None:
    assert e164(text, region) == expected


def test_a_region_is_two_capital_letters_that_the_library_knows() -> None:
    assert all(is_region(region) for region in REGIONS)
    assert not any(is_region(text) for text in ("ua", "UKR", "XX", "", "001", "Ukraine"))
