"""What the mapping makes of values: words for nothing, types, constants, and characters that nobody sees."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.mapping import Mapping
from shared.domain.profiles.note_reasons import LEFT_OUT, REASONS
from shared.domain.profiles.sorter import Sorter

FIELDS: dict[str, Any] = {
    "email": "e",
    "first_name": "f",
    "external_id": "i",
    "phone_number": "p",
    "organization": "o",
    "location": {"city": "c", "zip": "z", "latitude": "lat"},
    "properties": {"note": "n"},
}
Sent = tuple[dict[str, Any], list[tuple[str, str]]]


def sent(row: dict[str, Any], mapping: dict[str, Any] = FIELDS, **options: Any) -> Sent:
    """Return the profile of *row* without its e-mail address, and what was noted: field and reason."""
    sorter = Sorter(Mapping.written(mapping), phone_region="DE", encode=_json, **options)
    found = sorter.sort([{"e": "a@example.com", **row}])
    assert type(found.outcomes[0]) is bytes
    attributes = json.loads(found.outcomes[0])
    assert attributes.pop("email") == "a@example.com"
    return attributes, [(name, reason) for _, name, reason in found.notes]


def _json(attributes: Any) -> bytes:
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()


def of_property(value: Any, **entry: Any) -> tuple[Any, list[str]]:
    """Return what *value* becomes as the property of *entry*, and the reasons that were noted."""
    mapping = {"email": "e", "properties": {"x": {"column": "x", **entry}}}
    attributes, noted = sent({"x": value}, mapping)
    return attributes.get("properties", {}).get("x"), [reason for _, reason in noted]


@pytest.mark.parametrize("column", ["f", "i", "p", "o", "c", "z", "lat", "n"])
@pytest.mark.parametrize("value", ["\\N", " \\N ", "", "  ", None])
def test_a_null_of_a_database_is_no_value_anywhere(column: str, value: Any) -> None:
    assert sent({column: value}) == ({}, [])


@pytest.mark.parametrize("word", ["NULL", "null", "#N/A", "N/A", "None", "nan", "-", "(null)", " NULL "])
def test_a_word_for_nothing_is_sent_and_noted_but_is_no_identifier(word: str) -> None:
    bare = word.strip()
    assert sent({"f": word, "c": word, "n": word}) == (
        {"first_name": bare, "location": {"city": bare}, "properties": {"note": bare}},
        [("first_name", "looks_empty"), ("location.city", "looks_empty"), ("properties.note", "looks_empty")],
    )
    assert sent({"i": word, "p": word}) == ({}, [("external_id", "no_identifier"), ("phone_number", "no_identifier")])


def test_a_word_that_the_export_names_is_no_value_and_only_that_very_word() -> None:
    row = {"f": "NULL", "i": " NULL", "n": "null", "c": "keine Angabe "}
    assert sent(row, null_values=("NULL", "keine Angabe")) == (
        {"properties": {"note": "null"}},
        [("properties.note", "looks_empty")],
    )


def test_an_email_address_that_stands_for_no_value_is_missing() -> None:
    for value in ("\\N", "none"):
        sorter = Sorter(Mapping.written({"email": "e"}), phone_region=None, encode=_json, null_values=("none",))
        (refusal,) = sorter.sort([{"e": value}]).outcomes
        assert getattr(refusal, "reason", None) == "email_missing"


@pytest.mark.parametrize(
    ("value", "kept"),
    [("A\0nn", "Ann"), ("\x01Ann\x7f", "Ann"), ("A\u0081nn", "Ann"), ("\0 Ann \0", "Ann"), ("A\x0bnn", "Ann")],
)
def test_control_characters_are_dropped_and_counted(value: str, kept: str) -> None:
    noted = [("first_name", "control_characters"), ("properties.note", "control_characters")]
    assert sent({"f": value, "n": value, "c": "K\nL"}) == (
        {"first_name": kept, "location": {"city": "K\nL"}, "properties": {"note": kept}},
        noted,
    )


def test_what_stays_of_control_characters_alone_is_no_value() -> None:
    assert sent({"f": "\0", "n": "\0\\N\0", "c": "\0NULL"}) == (
        {"location": {"city": "NULL"}},
        [
            ("first_name", "control_characters"),
            ("location.city", "control_characters"),
            ("location.city", "looks_empty"),
            ("properties.note", "control_characters"),
        ],
    )


@pytest.mark.parametrize(
    "value", ["a\tb", "a\nb", "a\r\nb", "a\u0085b", 'say "hi"', "C:\\new", "d\u00e9j\u00e0", "\u00ab\u00bb"]
)
def test_other_characters_stay_and_are_not_noted(value: str) -> None:
    assert sent({"n": value, "f": value}) == ({"first_name": value, "properties": {"note": value}}, [])


def test_lists_and_objects_are_tidied_within() -> None:
    value = {"a\0": [" x ", "\\N", "N\0U"], "b": {"c": "\0"}}
    assert sent({"n": value}) == (
        {"properties": {"note": {"a": ["x", "NU"]}}},
        [("properties.note", "control_characters")],
    )


def test_a_letter_that_the_writer_lost_is_sent_and_noted() -> None:
    assert sent({"f": "J\ufffdrg", "n": ["\ufffd"]}) == (
        {"first_name": "J\ufffdrg", "properties": {"note": ["\ufffd"]}},
        [("first_name", "replacement_character"), ("properties.note", "replacement_character")],
    )


@pytest.mark.parametrize(
    ("value", "bare"), [("'Ann", "Ann"), ('="00123"', "00123"), ('="a ""b"" "', 'a "b"'), ("'ann", "ann")]
)
def test_signs_of_excel_go_from_identifiers_and_names(value: str, bare: str) -> None:
    attributes, noted = sent({"f": value, "i": value, "o": value, "z": value, "c": value, "n": value})
    assert attributes == {
        "first_name": bare,
        "external_id": bare,
        "organization": bare,
        "location": {"city": value, "zip": bare},
        "properties": {"note": value},
    }
    assert {reason for _, reason in noted} == {"excel_guard"}
    assert [name for name, _ in noted] == ["external_id", "first_name", "location.zip", "organization"]
    assert sent({"p": "'015123456789"}) == ({"phone_number": "+4915123456789"}, [("phone_number", "excel_guard")])


@pytest.mark.parametrize("value", ["'t Hooft", "'s-Gravenhage", "'n", "O'Brien", "'quoted'", "=SUM(A1)", "=", "'"])
def test_other_apostrophes_and_signs_stay(value: str) -> None:
    assert sent({"f": value}) == ({"first_name": value}, [])


@pytest.mark.parametrize("value", ["12345.0", "12345,00", "1.2345E+4"])
def test_an_external_id_that_looks_like_a_decimal_is_noted_and_one_with_a_type_is_whole(value: str) -> None:
    assert sent({"i": value}) == ({"external_id": value}, [("external_id", "looks_like_a_decimal")])
    typed = {"email": "e", "external_id": {"column": "i", "type": "integer"}}
    assert sent({"i": value}, typed) == ({"external_id": "12345"}, [])
    assert sent({"i": 12345}, typed) == sent({"i": 12345.0}, typed) == ({"external_id": "12345"}, [])


@pytest.mark.parametrize("value", ["12345", "A-12.0", "1e10", "0.5", "550e8400-e29b"])
def test_other_external_ids_are_not_noted(value: str) -> None:
    assert sent({"i": value}) == ({"external_id": value}, [])


@pytest.mark.parametrize(
    ("value", "reason"),
    [("C-1", "not_an_integer"), ("1.5", "not_an_integer"), ("3.80501E+11", "digits_lost"), (2.0**60, "digits_lost"),
     ("NULL", "no_identifier"), (True, "not_an_integer")],
)  # fmt: skip
def test_an_external_id_that_is_no_whole_number_is_left_out(value: Any, reason: str) -> None:
    typed = {"email": "e", "external_id": {"column": "i", "type": "integer"}}
    assert sent({"i": value}, typed) == ({}, [("external_id", reason)])


@pytest.mark.parametrize(
    ("entry", "value", "kept"),
    [
        ({"type": "number"}, "1234.56", 1234.56),
        ({"type": "number", "decimal_comma": True}, "1.234,56", 1234.56),
        ({"type": "integer"}, "1234.0", 1234),
        ({"type": "boolean"}, "True", True),
        ({"type": "boolean"}, "NO", False),
        ({"type": "boolean"}, 1, True),
        ({"type": "date"}, "2026-12-31", "2026-12-31"),
        ({"type": "date"}, "20261231", "2026-12-31"),
        ({"type": "date"}, "2026-12-31T23:30:00-05:00", "2026-12-31"),
        ({"type": "date", "date_format": "%d.%m.%Y"}, "31.12.2026", "2026-12-31"),
        ({"type": "date", "date_format": "%Y%m%d"}, 20261231, "2026-12-31"),
        ({"type": "datetime"}, "2026-12-31T18:30:00Z", "2026-12-31T18:30:00+00:00"),
        ({"type": "datetime"}, "2026-12-31 18:30:00.0000000 +02:00", "2026-12-31T18:30:00+02:00"),
        ({"type": "datetime"}, "2026-12-31 18:30:00.125 UTC", "2026-12-31T18:30:00.125000+00:00"),
        ({"type": "datetime"}, "2026-12-31 18:30", "2026-12-31T18:30:00"),
        ({"type": "datetime", "date_format": "%d.%m.%Y %H:%M"}, "31.12.2026 18:30", "2026-12-31T18:30:00"),
        ({"type": "text"}, 5, "5"),
        ({"type": "text"}, " 05 ", "05"),
    ],
)
def test_a_property_has_the_type_that_the_mapping_says(entry: dict[str, Any], value: Any, kept: Any) -> None:
    found, noted = of_property(value, **entry)
    assert (found, type(found), noted) == (kept, type(kept), [])


@pytest.mark.parametrize(
    ("entry", "value", "reason"),
    [
        ({"type": "number"}, "1,234", "not_a_number"),
        ({"type": "number", "decimal_comma": True}, "1.234", "not_a_number"),
        ({"type": "number"}, "N/A", "not_a_number"),
        ({"type": "number"}, True, "not_a_number"),
        ({"type": "number"}, [1], "not_a_number"),
        ({"type": "integer"}, 1.5, "not_an_integer"),
        ({"type": "integer"}, "99999999999999999999", "digits_lost"),
        ({"type": "boolean"}, "maybe", "not_true_or_false"),
        ({"type": "boolean"}, 2, "not_true_or_false"),
        ({"type": "date"}, "31.12.2026", "not_a_date"),
        ({"type": "date"}, "2026-02-30", "not_a_date"),
        ({"type": "date"}, True, "not_a_date"),
        ({"type": "date", "date_format": "%d.%m.%Y"}, "2026-12-31", "not_a_date"),
        ({"type": "datetime"}, "tomorrow", "not_a_datetime"),
        ({"type": "datetime"}, "2026-12-31T25:00:00", "not_a_datetime"),
        ({"type": "text"}, ["x"], "not_a_text"),
    ],
)
def test_what_does_not_fit_its_type_is_left_out_and_counted(entry: dict[str, Any], value: Any, reason: str) -> None:
    assert of_property(value, **entry) == (None, [reason])
    assert REASONS[reason].effect == LEFT_OUT


def test_a_column_without_a_decimal_sign_of_its_own_takes_that_of_the_files() -> None:
    mapping: dict[str, Any] = {"email": "e", "properties": {"x": {"column": "x", "type": "number"}}}
    assert sent({"x": "1,5"}, mapping, decimal_comma=True) == ({"properties": {"x": 1.5}}, [])
    mapping = {"email": "e", "properties": {"x": {"column": "x", "type": "number", "decimal_comma": False}}}
    assert sent({"x": "1,5"}, mapping, decimal_comma=True) == ({}, [("properties.x", "not_a_number")])


def test_a_constant_is_in_each_profile() -> None:
    mapping = {
        "email": "e",
        "organization": {"value": " Acme "},
        "title": {"value": 5},
        "location": {"country": {"value": "UA"}},
        "properties": {"source": {"value": "Customer Insights"}, "score": {"value": 1.5}, "vip": {"value": True}},
    }
    for row in ({}, {"organization": "x", "source": "y", "f": "\0"}):
        assert sent(row, mapping) == (
            {
                "organization": "Acme",
                "title": "5",
                "location": {"country": "UA"},
                "properties": {"source": "Customer Insights", "score": 1.5, "vip": True},
            },
            [],
        )


TYPES: list[dict[str, Any]] = [
    {"type": "number"},
    {"type": "integer"},
    {"type": "boolean"},
    {"type": "date"},
    {"type": "date", "date_format": "%Y%m%d"},
    {"type": "datetime"},
]


@given(
    st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([20261231, 1, 0]),
    st.sampled_from(TYPES),
)
def test_a_text_of_csv_and_the_number_of_json_that_it_stands_for_are_the_same(
    value: float, entry: dict[str, Any]
) -> None:
    if entry["type"] == "integer" and ("e" in repr(value) or abs(value) >= 2**53):
        return  # such a number of JSON may have lost digits, and JSON does not tell
    assert of_property(repr(value), **entry) == of_property(value, **entry)


@given(st.text(max_size=12), st.sampled_from([*TYPES, {"type": "text"}, {}]))
def test_a_text_is_the_same_from_csv_and_json_whatever_stands_around_it(value: str, entry: dict[str, Any]) -> None:
    kept, noted = of_property(value, **entry)
    assert (kept, noted) == of_property(f" {value}\t", **entry)
    assert all(reason in REASONS for reason in noted)
    if isinstance(kept, str):
        assert kept == kept.strip() != ""
        assert not any(character < " " and character not in "\t\n\r" for character in kept)


@given(st.integers(10**8, 10**14))
def test_a_phone_number_is_the_same_from_csv_and_json(number: int) -> None:
    assert sent({"p": number}) == sent({"p": str(number)}) == sent({"p": float(number)}) == sent({"p": f"{number}.0"})
