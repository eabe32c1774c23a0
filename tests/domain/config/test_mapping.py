"""The mapping of an export."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.mapping import LOCATION_NUMBER_FIELDS, LOCATION_TEXT_FIELDS, TEXT_FIELDS, Mapping
from shared.domain.config.reading import Reader
from shared.domain.errors import ConfigurationError

UNKNOWN = (
    "is not a known field (known: email, phone_number, external_id, first_name, last_name, organization, locale, "
    "title, image, location, properties, which takes your own)"
)
columns = st.text(min_size=1, max_size=8)
documents = st.fixed_dictionaries(
    {"email": columns},
    optional={
        **dict.fromkeys(TEXT_FIELDS, columns),
        "location": st.fixed_dictionaries(
            {}, optional=dict.fromkeys((*LOCATION_TEXT_FIELDS, *LOCATION_NUMBER_FIELDS), columns)
        ).filter(bool),
        "properties": st.dictionaries(
            columns.filter(lambda name: not name.startswith("$")), columns, min_size=1, max_size=3
        ),
    },
)


def problems(document: Any) -> list[str]:
    reader = Reader(document, pointer="/mapping")
    Mapping.read(reader)
    return reader.told()


@given(documents)
def test_a_mapping_is_read_back_as_it_was_written(document: dict[str, Any]) -> None:
    reader = Reader(document)
    mapping = Mapping.read(reader)

    assert reader.problems == []
    assert mapping.document() == document
    assert Mapping.read(Reader(mapping.document())) == mapping


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
    mapping = Mapping.read(Reader(document))
    assert set(mapping.columns()) == {"E", "p", *(f"c_{name}" for name in fields), *(f"l_{name}" for name in location)}


def test_each_column_is_named_once_the_one_of_the_email_address_first() -> None:
    mapping = Mapping("E", {"title": "T", "image": "E"}, {"city": "C"}, {"a": "T", "b": "B"})
    assert mapping.columns() == ("E", "T", "C", "B")


def test_a_field_of_null_is_not_mapped() -> None:
    document = {"email": "E", "title": None, "location": None, "properties": None}
    assert problems(document) == []
    assert Mapping.read(Reader(document)) == Mapping("E")


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
    reserved = "must not be empty or begin with '$', which is Klaviyo's own"

    assert sorted(problems(document)) == sorted(
        [
            f"/mapping/properties/: {reserved}",
            f"/mapping/e~1mail~02: {UNKNOWN}",
            f"/mapping/email: {must_be_text}",
            f"/mapping/firstname: {UNKNOWN}",
            f"/mapping/location/city: {must_be_text}",
            (
                "/mapping/location/town: is not a known field (known: address1, address2, city, country, region, zip, "
                "timezone, ip, latitude, longitude)"
            ),
            f"/mapping/properties/$: {reserved}",
            f"/mapping/properties/$source: {reserved}",
            f"/mapping/properties/a~1b: {must_be_text}",
            f"/mapping/title: {must_be_text}",
        ]
    )


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_what_is_no_object_is_no_mapping(value: Any) -> None:
    assert problems(value)[0] == "/mapping: must be an object"


def test_the_exception_says_everything_in_one_sentence() -> None:
    reader = Reader({"location": [], "x": 1})
    Mapping.read(reader)
    with pytest.raises(
        ConfigurationError,
        match=r"^The mapping cannot be used: /email: must be a text that is not empty; /x: is not a known field "
        r"\([^;]*\); "
        r"/location: must be an object\.$",
    ):
        reader.check("The mapping")
