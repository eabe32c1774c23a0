"""Numbers, truth values and dates in text; characters that nobody can see; places on the globe."""

from typing import Any

import pytest

from tests.builders import ndjson
from tests.real_files.whole_run import CHANGED, LEFT_OUT, SENT, Form, in_each_form, outcome_of

AMOUNT = {"column": "v", "type": "number"}
DATE = {"column": "v", "type": "date"}


@pytest.mark.parametrize(
    ("entry", "written", "expected"),
    [
        (AMOUNT, "1234.56", 1234.56),
        (AMOUNT, "1 234,5", 1234.5),
        (AMOUNT, "1,234.50", 1234.5),
        (AMOUNT, "1.234", 1.234),
        (AMOUNT, "1,234", "not_a_number"),
        (AMOUNT, "12,34", "not_a_number"),
        (AMOUNT, "N/A", "not_a_number"),
        (AMOUNT, "5%", "not_a_number"),
        ({**AMOUNT, "decimal_comma": True}, "1234,56", 1234.56),
        ({**AMOUNT, "decimal_comma": True}, "1.234,56", 1234.56),
        ({**AMOUNT, "decimal_comma": True}, "1234.56", "not_a_number"),
        ({"column": "v", "type": "integer"}, "12.0", 12),
        ({"column": "v", "type": "integer"}, "1.5", "not_an_integer"),
        ({"column": "v", "type": "boolean"}, "True", True),
        ({"column": "v", "type": "boolean"}, "no", False),
        ({"column": "v", "type": "boolean"}, "maybe", "not_true_or_false"),
        (DATE, "2026-12-31", "2026-12-31"),
        (DATE, "2026-12-31 00:00:00", "2026-12-31"),
        (DATE, "31.12.2026", "not_a_date"),
        (DATE, "2026-02-30", "not_a_date"),
        ({**DATE, "date_format": "%d.%m.%Y"}, "31.12.2026", "2026-12-31"),
        ({**DATE, "date_format": "%d.%m.%Y"}, "12/31/2026", "not_a_date"),
        ({"column": "v", "type": "datetime"}, "2026-12-31T18:30:00+02:00", "2026-12-31T18:30:00+02:00"),
        ({"column": "v", "type": "datetime"}, "yesterday", "not_a_datetime"),
        ({"column": "v", "type": "text"}, "00123", "00123"),
        ("v", "1234.56", "1234.56"),
        ("v", "True", "True"),
        ("v", "31.12.2026", "31.12.2026"),
    ],
)
async def test_a_value_has_the_type_of_the_mapping_or_is_left_out(entry: Any, written: str, expected: Any) -> None:
    mapping = {"email": "email", "properties": {"v": entry}}
    csv = await outcome_of(f"email;v\na@example.com;{written}\n", mapping=mapping)
    json = await outcome_of(ndjson([{"email": "a@example.com", "v": written}]), "a.ndjson", mapping=mapping)
    assert csv.members == json.members
    if isinstance(expected, str) and expected.startswith("not_"):
        assert (csv.values("v"), csv.warnings, csv.notes) == ([None], [LEFT_OUT], {f"properties.v {expected}": 1})
    else:
        assert (csv.values("v"), csv.warnings) == ([expected], [])


async def test_the_export_may_say_for_all_files_how_numbers_are_written() -> None:
    mapping = {"email": "email", "properties": {"v": AMOUNT}}
    found = await outcome_of("email;v\na@example.com;1234,56\n", mapping=mapping, reading={"decimal_comma": True})
    assert found.values("v") == [1234.56]


@in_each_form
async def test_control_characters_are_dropped(form: Form) -> None:
    text = "email,first_name,city,note\nann@example.com,A\0nn,K\x07\x7fyiv,a\tb\nb@example.com,\x00,\x85x,\x1bx\n"
    found = await outcome_of(form(text))
    assert found.values("first_name") == ["Ann", None]
    assert (found.values("city"), found.values("note")) == (["Kyiv", "x"], ["a\tb", "x"])
    assert (found.notes["first_name control_characters"], found.notes["properties.city control_characters"]) == (2, 1)
    assert {*found.warnings} == {CHANGED}


async def test_control_characters_are_dropped_from_json_too() -> None:
    rows = [{"email": "a@example.com", "first_name": "A\0nn", "note": {"x\x01": ["\x02y", "line\nend\t"]}}]
    found = await outcome_of(ndjson(rows), "a.ndjson")
    assert (found.values("first_name"), found.values("note")) == (["Ann"], [{"x": ["y", "line\nend"]}])


@in_each_form
async def test_a_letter_that_the_writer_has_lost_is_sent_and_told(form: Form) -> None:
    found = await outcome_of(
        form("email,first_name,city\nann@example.com,A\ufffdnn,K\ufffd\ufffd\nb@example.com,B,L\n")
    )
    assert (found.values("first_name"), found.warnings) == (["A\ufffdnn", "B"], [SENT, SENT])
    assert found.notes == {"first_name replacement_character": 1, "properties.city replacement_character": 1}


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("50,45", "30,52", {"latitude": 50.45, "longitude": 30.52}),
        ("50.45", "-180", {"latitude": 50.45, "longitude": -180}),
        ("-90", "180.0", {"latitude": -90, "longitude": 180.0}),
        ("N/A", "30.52", {"longitude": 30.52}),
        ("90.1", "180.1", {}),
        ("50°27'", "E30", {}),
        ("1,234.5", "NaN", {}),
        (r"\N", "", {}),
    ],
)
async def test_a_place_is_a_number_in_range_or_left_out(
    latitude: str, longitude: str, expected: dict[str, Any]
) -> None:
    mapping = {"email": "email", "location": {"latitude": "lat", "longitude": "lon"}}
    found = await outcome_of(f"email;lat;lon\na@example.com;{latitude};{longitude}\n", mapping=mapping)
    assert found.members["a@example.com"].get("location", {}) == expected
    left_out = [name for name, text in (("latitude", latitude), ("longitude", longitude)) if text not in (r"\N", "")]
    assert sorted(found.run.left_out) == [f"location.{name}" for name in left_out if name not in expected]
