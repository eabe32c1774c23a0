"""From a row to the attributes of a profile."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.mapping import LOCATION_NUMBER_FIELDS, TEXT_FIELDS, Location, Mapping
from shared.domain.profiles.cleaners import MAX_DEPTH, MAX_ITEMS
from shared.domain.profiles.mappers.row_mapper import SHOWN_CHARACTERS, Attributes
from shared.domain.profiles.note_reasons import LEFT_OUT, effect_of
from shared.domain.profiles.outcome import Refusal
from shared.domain.rows.rows import Row, Unreadable
from shared.domain.sentences import quoted
from tests.domain.profiles.mapping_rows import Mappers
from tests.domain.rows.feeding import rows_of

LOCATION_TEXT_FIELDS = [name for name in Location.model_fields if name not in LOCATION_NUMBER_FIELDS]
EVERYTHING = Mapping.written(
    {
        "email": "EMail",
        **{name: f"c_{name}" for name in TEXT_FIELDS},
        "location": {name: f"l_{name}" for name in Location.model_fields},
        "properties": {"tier": "Tier", "score": "Score", "tags": "Tags"},
    }
)


def result(
    row: Row, mapping: Mapping = EVERYTHING, *, region: str | None = None
) -> tuple[Attributes | Refusal, list[str]]:
    """Return what *row* becomes, and what of it was left out."""
    found, noted = Mappers(mapping, region=region).alone(row)
    return found, [name for name, reason in noted if effect_of(reason) == LEFT_OUT]


def profile(mapping: Mapping = EVERYTHING, **row: Any) -> Attributes:
    """Return the profile of a row with an e-mail address and *row*; nothing of it may be left out."""
    attributes, left_out = result({"EMail": "a@example.com", **row}, mapping)
    assert isinstance(attributes, dict)
    assert left_out == []
    return attributes


def refusal(row: Row, mapping: Mapping = EVERYTHING) -> Refusal:
    refused, _ = result(row, mapping)
    assert isinstance(refused, Refusal)
    return refused


def test_every_mapped_field_arrives_where_klaviyo_wants_it() -> None:
    row: Row = {"EMail": " A@Example.com ", "Tier": "gold", "Score": 5, "Tags": ["a", "b"], "Secret": "stays"}
    row |= {f"c_{name}": f"v {name}" for name in TEXT_FIELDS} | {"c_phone_number": "067 123 45 67"}
    row |= {f"l_{name}": f"v {name}" for name in LOCATION_TEXT_FIELDS} | {"l_latitude": 50.45, "l_longitude": "30,5"}

    attributes, left_out = result(row, region="UA")

    assert left_out == []
    assert attributes == {
        "email": "a@example.com",
        **{name: f"v {name}" for name in TEXT_FIELDS},
        "phone_number": "+380671234567",
        "location": {**{name: f"v {name}" for name in LOCATION_TEXT_FIELDS}, "latitude": 50.45, "longitude": 30.5},
        "properties": {"tier": "gold", "score": 5, "tags": ["a", "b"]},
    }


def test_what_a_row_does_not_have_is_not_there() -> None:
    assert profile() == {"email": "a@example.com"}
    assert profile(l_city="Kyiv") == {"email": "a@example.com", "location": {"city": "Kyiv"}}
    assert profile(Tier="gold") == {"email": "a@example.com", "properties": {"tier": "gold"}}


NOTHING = [None, "", " ", "\t\r\n", "\u00a0", math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("value", NOTHING)
def test_a_value_that_is_none_is_left_out_everywhere(value: Any) -> None:
    row = dict.fromkeys((column for column in EVERYTHING.columns() if column != "EMail"), value)
    assert profile(**row) == {"email": "a@example.com"}


@pytest.mark.parametrize("value", [*NOTHING, [], {}, [None, ""], {"a": {"b": [math.nan]}}])
def test_a_property_of_nothing_is_left_out(value: Any) -> None:
    assert profile(Tags=value) == {"email": "a@example.com"}


@pytest.mark.parametrize(
    "value", ["text", "two  words", 0, 5, -1, 2**64 - 1, 1.5, 0.0, True, False, [1, "a"], {"a": {"b": 1}}]
)
def test_a_property_keeps_its_type(value: Any) -> None:
    kept = profile(Score=value)["properties"]["score"]
    assert kept == value
    assert type(kept) is type(value)


def test_what_is_no_value_is_taken_out_of_lists_and_objects() -> None:
    value = {"a": [1, None, "", "x", [math.nan], {"b": None}], "c": {"d": " ", "e": 0, "f": False}, "g": math.inf}
    assert profile(Tags=value)["properties"]["tags"] == {"a": [1, "x"], "c": {"e": 0, "f": False}}


def test_the_row_itself_is_not_changed() -> None:
    value = {"a": [1, None], "b": ""}
    profile(Tags=value)
    assert value == {"a": [1, None], "b": ""}


def nested(depth: int) -> Any:
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def test_a_property_of_ten_levels_goes_and_one_of_eleven_is_left_out() -> None:
    assert MAX_DEPTH == 10
    assert profile(Tags=nested(10))["properties"]["tags"] == nested(10)
    for depth in (11, 900):
        attributes, left_out = result({"EMail": "a@example.com", "Tags": nested(depth), "Tier": "gold"})
        assert attributes == {"email": "a@example.com", "properties": {"tier": "gold"}}
        assert left_out == ["properties.tags"]


def test_what_is_in_no_profile_because_of_its_size_is_not_looked_into() -> None:
    items = [" x", None] * (MAX_ITEMS // 2)
    assert profile(Tags=items)["properties"]["tags"] == ["x"] * (MAX_ITEMS // 2)
    for value in ([*items, ""], {"a": [items, [1]]}):
        assert profile(Tags=value)["properties"]["tags"] is value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (0, "0"),
        (-7, "-7"),
        (2**64 - 1, "18446744073709551615"),
        (5.0, "5"),
        (-0.5, "-0.5"),
        (380671234567.0, "380671234567"),
        (2.0**53 - 1, "9007199254740991"),
        (" text ", "text"),
    ],
)
def test_a_number_becomes_the_text_that_a_person_would_write(value: Any, text: str) -> None:
    assert profile(c_external_id=value)["external_id"] == text
    assert profile(l_zip=value)["location"]["zip"] == text


@pytest.mark.parametrize("value", [True, False, [], ["a"], {}, {"a": 1}, 2.0**53, 1.111111111111111e29, -1e300])
def test_a_value_that_cannot_be_such_a_text_is_left_out_and_counted_and_the_row_goes(value: Any) -> None:
    attributes, left_out = result({"EMail": "a@example.com", "c_title": value, "l_city": value, "c_image": "i"})
    assert attributes == {"email": "a@example.com", "image": "i"}
    assert left_out == ["title", "location.city"]


def test_a_number_whose_digits_json_has_lost_is_no_external_id() -> None:
    (row,) = rows_of("a.ndjson", b'{"EMail":"a@example.com","c_external_id":123456789012345678901234567890}')
    assert isinstance(row, dict)
    assert result(row) == ({"email": "a@example.com"}, ["external_id"])


@pytest.mark.parametrize(
    ("value", "sent"),
    [(50.45, 50.45), (50, 50), ("50.45", 50.45), ("50,45", 50.45), (" -7 ", -7), (-90, -90), ("1,234", 1.234)],
)
def test_a_place_on_earth_is_a_number(value: Any, sent: float) -> None:
    kept = profile(l_latitude=value)["location"]["latitude"]
    assert (kept, type(kept)) == (sent, type(sent))


@pytest.mark.parametrize("value", [[1], True, "N/A", "NULL", "90.1", 91, "-1e9", "50°", "50.45 N", "1.234,5", "x"])
def test_a_place_on_earth_that_is_none_is_left_out_and_counted(value: Any) -> None:
    assert result({"EMail": "a@example.com", "l_latitude": value, "l_longitude": 181}) == (
        {"email": "a@example.com"},
        ["location.latitude", "location.longitude"],
    )


@pytest.mark.parametrize("value", ["12", "no number", 12, 1.5, True, ["+380671234567"]])
def test_a_phone_number_that_is_not_valid_is_left_out_and_counted_and_the_row_goes(value: Any) -> None:
    attributes, left_out = result({"EMail": "a@example.com", "c_phone_number": value, "c_title": "T"}, region="UA")
    assert attributes == {"email": "a@example.com", "title": "T"}
    assert left_out == ["phone_number"]


@pytest.mark.parametrize("value", ["0671234567", 671234567, 380671234567, 671234567.0])
def test_a_phone_number_without_country_code_is_read_in_the_region_of_the_export(value: Any) -> None:
    row = {"EMail": "a@example.com", "c_phone_number": value}
    assert result(row, region="UA") == ({"email": "a@example.com", "phone_number": "+380671234567"}, [])
    assert result(row, region=None) == ({"email": "a@example.com"}, ["phone_number"])


def test_a_property_named_like_a_phone_number_is_text_as_any_other() -> None:
    mapping = Mapping.written({"email": "EMail", "properties": {"phone_number": "P"}})
    assert profile(mapping, P="12")["properties"] == {"phone_number": "12"}


def test_an_external_id_of_255_characters_goes_and_a_longer_one_refuses_the_row() -> None:
    assert profile(c_external_id="é" * 255)["external_id"] == "é" * 255

    refused = refusal({"EMail": "a@example.com", "c_external_id": "é" * 256, "Other": "x"})
    assert refused.reason == "external_id_too_long"
    assert refused.told.detail == "The external_id has more than 255 characters."
    assert refused.fields == {"email": "a@example.com", "external_id": "é" * SHOWN_CHARACTERS}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "email_missing"),
        ({"EMail": None}, "email_missing"),
        ({"EMail": " "}, "email_missing"),
        ({"email": "a@example.com"}, "email_missing"),
        ({"EMail": 5}, "email_invalid"),
        ({"EMail": ["a@example.com"]}, "email_invalid"),
        ({"EMail": "a@b"}, "email_invalid"),
        ({"EMail": "a" * 250 + "@example.com"}, "email_too_long"),
    ],
)
def test_a_row_without_a_good_address_is_refused_with_the_reason(row: Row, reason: str) -> None:
    refused = refusal({**row, "c_title": "T"})
    assert refused.reason == reason
    assert refused.told.detail.endswith(".")
    assert refused.fields["title"] == "T"


def test_an_address_that_the_fast_check_does_not_know_is_decided_by_the_library() -> None:
    attributes, _ = result({"EMail": "Jörg@Müller.de"})
    assert attributes == {"email": "jörg@müller.de"}


def test_the_addresses_of_a_page_stay_with_their_rows() -> None:
    mapper = Mappers(Mapping(email="EMail")).by_row
    page: list[Row | Unreadable] = [
        {"EMail": "A@example.com"},
        Unreadable("not_json", quoted("…")),
        {"EMail": None},
        {"EMail": "x\ny@example.com"},
        {"Other": "b@example.com"},
        {"EMail": "c@example.com"},
    ]
    assert mapper.emails(page) == ["a@example.com", "", "", "", "", "c@example.com"]


def test_what_a_rejection_shows_is_shortened_and_has_mapped_fields_only() -> None:
    row = {"EMail": "x" * 1000, "c_title": 5, "l_city": "C" * 300, "Tags": [1, 2, 3], "Tier": {"a": 1}, "Score": None}
    assert Mappers(EVERYTHING).by_row.refusal({**row, "Secret": "stays"}, "", quoted("")).fields == {
        "email": "x" * 200,
        "title": 5,
        "location": {"city": "C" * 200},
        "properties": {"tags": "(list of 3)", "tier": "(dict of 1)"},
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def sent(value: Any) -> bool:
    """Tell whether *value* is nothing but what may be sent: no null, blank text, NaN, infinity or empty container."""
    if isinstance(value, str):
        return value.strip() != ""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return bool(value) and all(sent(item) for item in value.values())
    if isinstance(value, list):
        return bool(value) and all(sent(item) for item in value)
    return value is not None


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(EVERYTHING.columns()[1:], json_values)), json_values)
def test_whatever_a_row_holds_only_mapped_values_that_may_be_sent_leave(row: Row, secret: Any) -> None:
    attributes, left_out = result({**row, "EMail": "a@example.com", "Secret": secret})

    assert isinstance(attributes, dict)
    assert sent(attributes)
    assert set(attributes) <= {"email", *TEXT_FIELDS, "location", "properties"}
    location, properties = attributes.get("location", {}), attributes.get("properties", {})
    assert set(location) <= set(Location.model_fields)
    assert set(properties) <= set(EVERYTHING.properties)
    assert all(type(attributes[name]) is str for name in TEXT_FIELDS if name in attributes)
    gone = {*attributes, *(f"location.{name}" for name in location), *(f"properties.{name}" for name in properties)}
    assert not gone & set(left_out)
    assert all(row.get(_column(name)) is not None for name in left_out)


def _column(name: str) -> str:
    outer, _, inner = name.rpartition(".")
    entries = {"": EVERYTHING.texts(), "location": EVERYTHING.location.entries(), "properties": EVERYTHING.properties}
    column = entries[outer][inner].column
    assert column is not None
    return column
