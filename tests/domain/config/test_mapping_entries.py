"""The entries of a mapping: a column, a column with its type, or a constant."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.field_problems import WrongFields
from shared.domain.config.mapping import Mapping
from shared.domain.config.stored_documents import read_stored
from shared.domain.errors import Damaged

TYPES = ["text", "integer", "number", "boolean", "date", "datetime"]
columns = st.text(min_size=1, max_size=5)
entries = st.one_of(
    columns,
    st.fixed_dictionaries({"column": columns, "type": st.sampled_from(TYPES)}),
    st.fixed_dictionaries({"column": columns, "type": st.just("number"), "decimal_comma": st.booleans()}),
    st.fixed_dictionaries(
        {"column": columns, "type": st.just("date"), "date_format": st.sampled_from(["%d.%m.%Y", "%m/%d/%y", "%Y%m%d"])}
    ),
    st.fixed_dictionaries({"value": st.sampled_from(["Customer Insights", 5, 1.5, True, False])}),
)


def problems(document: Any) -> dict[str, str]:
    try:
        Mapping.written({"email": "E", **document})
    except WrongFields as wrong:
        return {problem.pointer: str(problem.sentence) for problem in wrong.problems}
    return {}


@given(st.dictionaries(st.sampled_from(["a", "b", "type", "column"]), entries, min_size=1))
def test_an_entry_is_read_back_as_it_was_written(properties: dict[str, Any]) -> None:
    mapping = Mapping.written({"email": "E", "properties": properties})
    assert mapping.document() == {"email": "E", "properties": properties}
    assert read_stored(Mapping, mapping.document()) == mapping


def test_an_entry_that_says_no_more_than_its_column_is_stored_as_a_text() -> None:
    mapping = Mapping.written(
        {"email": "E", "title": {"column": "T", "type": None}, "properties": {"a": {"column": "A"}}}
    )
    assert mapping.document() == {"email": "E", "title": "T", "properties": {"a": "A"}}
    assert mapping == Mapping.written({"email": "E", "title": "T", "properties": {"a": "A"}})


def test_columns_are_those_of_entries_of_every_form_and_a_constant_has_none() -> None:
    mapping = Mapping.written(
        {
            "email": "E",
            "external_id": {"column": "I", "type": "integer"},
            "organization": {"value": "Acme"},
            "location": {"latitude": {"column": "L", "type": "number"}, "country": {"value": "UA"}},
            "properties": {"a": {"column": "A", "type": "date"}, "b": "E", "c": {"value": True}},
        }
    )
    assert mapping.columns() == ("E", "I", "L", "A")


@pytest.mark.parametrize(
    ("document", "pointer", "sentence"),
    [
        ({"email": {"column": "E"}}, "/email", "must be the name of a column; an e-mail address takes nothing else"),
        ({"title": 5}, "/title", "must be the name of a column, or an object with column or value"),
        ({"title": {}}, "/title", "must have either column or value"),
        ({"title": {"column": "T", "value": "x"}}, "/title", "must have either column or value"),
        ({"title": {"column": ""}}, "/title/column", "must be a text that is not empty"),
        ({"title": {"column": "T", "type": "number"}}, "/title/type", "must be one of text"),
        ({"title": {"value": True}}, "/title/value", "must be a text or a number"),
        ({"title": {"value": " "}}, "/title/value", "must be a text that is not empty"),
        ({"title": {"value": "a\nb"}}, "/title/value", "must be a text that can be read, on one line"),
        ({"external_id": {"column": "I", "type": "date"}}, "/external_id/type", "must be one of text, integer"),
        ({"external_id": {"value": "1"}}, "/external_id/value", "must not be the same for all profiles; name a column"),
        (
            {"phone_number": {"value": "1"}},
            "/phone_number/value",
            "must not be the same for all profiles; name a column",
        ),
        (
            {"location": {"latitude": {"value": 5}}},
            "/location/latitude/value",
            "must not be the same for all profiles; name a column",
        ),
        (
            {"properties": {"a/b": {"column": "A", "type": "bool"}}},
            "/properties/a~1b/type",
            "must be one of integer, number, boolean, date, datetime, text",
        ),
        (
            {"properties": {"a": {"column": "A", "decimal_comma": True}}},
            "/properties/a/decimal_comma",
            "is for the type integer or number only",
        ),
        (
            {"properties": {"a": {"column": "A", "type": "number", "date_format": "%d.%m.%Y"}}},
            "/properties/a/date_format",
            "is for the type date or datetime only",
        ),
        ({"properties": {"a": {"value": [1]}}}, "/properties/a/value", "must be a text, a number, true or false"),
        ({"properties": {"a": {"value": 1, "type": "text"}}}, "/properties/a/type", "must not stand beside value"),
        (
            {"properties": {"a": {"column": "A", "typ": "text"}}},
            "/properties/a/typ",
            "is not a known field (known: column, value, type, decimal_comma, date_format)",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_named_with_its_pointer(
    document: dict[str, Any], pointer: str, sentence: str
) -> None:
    assert problems(document) == {pointer: sentence}


def test_what_a_newer_version_has_added_to_a_stored_entry_is_passed_over_and_a_damaged_entry_is_refused() -> None:
    stored = {"email": "E", "title": {"column": "T", "type": "text", "new": 1}}
    assert read_stored(Mapping, stored).document() == {"email": "E", "title": {"column": "T", "type": "text"}}
    with pytest.raises(Damaged, match="/title must have either column or value"):
        read_stored(Mapping, {"email": "E", "title": {}})


@pytest.mark.parametrize(
    "form", ["%d.%m", "%d.%m.%Y %Q", "%d%d%Y", "31.12.2026", "%d.%m.%Y %", "%x", "%c", "%U", "%G-%V-%u", "%H:%M", "%"]
)
def test_a_form_of_dates_has_a_day_a_month_and_a_year(form: str) -> None:
    found = problems({"properties": {"a": {"column": "A", "type": "date", "date_format": form}}})
    assert found == {
        "/properties/a/date_format": "must be a form of dates such as '%d.%m.%Y', with a day, a month and a year"
    }


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%m/%d/%y", "%Y-%m-%dT%H:%M:%S%z", "%d %B %Y", "%Y%m%d", "%j/%Y", "100%% %d%m%Y"]
)
def test_usual_forms_of_dates_are_taken(form: str) -> None:
    assert problems({"properties": {"a": {"column": "A", "type": "datetime", "date_format": form}}}) == {}
