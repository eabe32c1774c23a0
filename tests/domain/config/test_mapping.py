"""The mapping of an export."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.field_problems import WrongFields
from shared.domain.config.mapping import TEXT_FIELDS, Location, Mapping

UNKNOWN = (
    "is not a known field (known: email, phone_number, external_id, first_name, last_name, organization, locale, "
    "title, image, location, properties, which takes your own)"
)
columns = st.text(min_size=1, max_size=8)
documents = st.fixed_dictionaries(
    {"email": columns},
    optional={
        **dict.fromkeys(TEXT_FIELDS, columns),
        "location": st.fixed_dictionaries({}, optional=dict.fromkeys(Location.model_fields, columns)).filter(bool),
        "properties": st.dictionaries(
            columns.filter(lambda name: not name.startswith("$")), columns, min_size=1, max_size=3
        ),
    },
)


def problems(document: Any) -> list[str]:
    try:
        Mapping.written(document)
    except WrongFields as wrong:
        return [f"{pointer}: {problem}" for pointer, problem in wrong.problems]
    return []


@given(documents)
def test_a_mapping_is_read_back_as_it_was_written(document: dict[str, Any]) -> None:
    mapping = Mapping.written(document)

    assert mapping.document() == document
    assert Mapping.written(mapping.document()) == mapping


def test_every_standard_attribute_of_klaviyo_can_be_mapped() -> None:
    location = ["address1", "address2", "city", "country", "region", "zip", "timezone", "ip", "latitude", "longitude"]
    fields = ["phone_number", "external_id", "first_name", "last_name", "organization", "locale", "title", "image"]
    document = {
        "email": "E",
        **{name: f"c_{name}" for name in fields},
        "location": {name: f"l_{name}" for name in location},
        "properties": {"any name / at all": "p"},
    }

    assert problems(document) == []
    mapping = Mapping.written(document)
    assert set(mapping.columns()) == {"E", "p", *(f"c_{name}" for name in fields), *(f"l_{name}" for name in location)}


def test_each_column_is_named_once_the_one_of_the_email_address_first() -> None:
    mapping = Mapping.written(
        {"email": "E", "title": "T", "image": "E", "location": {"city": "C"}, "properties": {"a": "T", "b": "B"}}
    )
    assert mapping.columns() == ("E", "T", "C", "B")


def test_a_field_of_null_is_not_mapped() -> None:
    document = {"email": "E", "title": None, "location": None, "properties": None}
    assert problems(document) == []
    assert Mapping.written(document) == Mapping(email="E")


def test_everything_that_is_wrong_is_named_at_once_with_its_pointer() -> None:
    document = {
        "email": "",
        "firstname": "F",
        "e/mail~2": "F",
        "title": 5,
        "location": {"city": "", "town": "T"},
        "properties": {"": "A", "$source": "B", "ok": "C", "a/b": None, "$": "D"},
    }
    must_be_text = "must be a text that is not empty"
    must_be_entry = "must be the name of a column, or an object with column or value"
    reserved = "must not be empty or begin with '$', which is Klaviyo's own"

    assert sorted(problems(document)) == sorted(
        [
            f"/properties/: {reserved}",
            f"/e~1mail~02: {UNKNOWN}",
            f"/email: {must_be_text}",
            f"/firstname: {UNKNOWN}",
            f"/location/city: {must_be_text}",
            (
                "/location/town: is not a known field (known: address1, address2, city, country, region, zip, "
                "timezone, ip, latitude, longitude)"
            ),
            f"/properties/$: {reserved}",
            f"/properties/$source: {reserved}",
            f"/properties/a~1b: {must_be_entry}",
            f"/title: {must_be_entry}",
        ]
    )


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_what_is_no_object_is_no_mapping(value: Any) -> None:
    assert problems(value) == [": must be an object"]


def test_the_exception_says_everything_in_one_sentence() -> None:
    with pytest.raises(
        WrongFields,
        match=r"^The mapping cannot be used: /email: must be a text that is not empty; /location: must be an object; "
        r"/x: is not a known field \([^;]*\)\.$",
    ):
        Mapping.written({"location": [], "x": 1})
