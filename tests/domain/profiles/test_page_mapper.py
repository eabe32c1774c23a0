"""A page of rows that is mapped attribute by attribute, beside the same rows mapped one by one with care."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.mapping import Mapping
from shared.domain.profiles.external_ids import MAX_EXTERNAL_ID
from shared.domain.profiles.mappers.page_mapper import PageMapper
from shared.domain.profiles.outcome import Refusal
from shared.domain.profiles.texts import needing_care
from shared.domain.rows.rows import Row
from tests.domain.profiles.mapping_rows import Mappers

MAPPING = Mapping.written(
    {
        "email": "EMail",
        "external_id": "Id",
        "phone_number": "Phone",
        "first_name": "First",
        "title": {"value": "Customer"},
        "location": {"city": "City", "latitude": "Latitude", "country": {"value": "UA"}},
        "properties": {
            "tier": "Tier",
            "points": {"column": "Points", "type": "integer"},
            "note": {"column": "Tier", "type": "text"},
            'it\'s "odd" {name}\n': "Odd",
            "is_new": {"value": True},
        },
    }
)
COLUMNS = [column for column in MAPPING.columns() if column != "EMail"]
plain = st.sampled_from(["gold", "Kyiv", "Zoë", "C-1", "7e2f", "12", "30.5", "+380671234567"])
texts = st.sampled_from(
    ["", " ", "N/A", "-", "'Ann", "'t Hooft", '="00123"', " x ", "12345.0", "1.2E3", "\\N", "067 123 45 67", "0"]
)
others: st.SearchStrategy[Any] = st.sampled_from(
    [None, 5, 2**63, 1.5, float("nan"), float("inf"), True, [], ["a", None], {"a": " b "}, {"a": []}]
)


def pages(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    whole = st.fixed_dictionaries(dict.fromkeys(COLUMNS, values))
    holey = st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, values))
    return st.lists(whole, max_size=5) | st.lists(whole | holey, max_size=5)


@given(st.lists(pages(plain) | pages(plain | texts) | pages(plain | texts | others), min_size=1, max_size=3))
def test_a_page_becomes_what_its_rows_become_one_by_one(given_pages: list[list[Row]]) -> None:
    mappers = Mappers(MAPPING, region="UA", null_values=["x"])
    for rows in given_pages:  # what a column has learned of one page serves the next
        emails = [f"a{place}@example.com" for place in range(len(rows))]
        found = mappers.of_page(rows, emails)
        for row, email, (mapped, noted) in zip(rows, emails, found, strict=True):
            with_care, noted_with_care = mappers.of_row(row, email)
            if not needing_care([orjson.dumps(mapped)]):
                assert mapped == with_care
                assert sorted(noted) == sorted(noted_with_care)


def test_a_page_of_numbers_is_sent_as_numbers() -> None:
    mappers = Mappers(Mapping.written({"email": "EMail", "properties": {"points": "Points", "tier": "Tier"}}))
    rows: list[Row] = [{"Points": 5, "Tier": "gold"}, {"Points": 0, "Tier": 1.5}]
    assert [mapped for mapped, _ in mappers.of_page(rows, ["a@x.ua", "b@x.ua"])] == [
        {"email": "a@x.ua", "properties": {"points": 5, "tier": "gold"}},
        {"email": "b@x.ua", "properties": {"points": 0, "tier": 1.5}},
    ]


def test_the_numbers_of_a_page_are_sent_in_e164_or_left_out() -> None:
    mappers = Mappers(Mapping.written({"email": "EMail", "phone_number": "Phone"}), region="UA")
    rows: list[Row] = [
        {"Phone": value}
        for value in ("+380671234567", None, "067 123 45 68", "12-34", "+380671234569\n", 380671234560, "+380671234561")
    ]
    for _ in range(2):  # the second time, the country is known
        found = mappers.of_page(rows, ["a@x.ua"] * len(rows))
        assert [mapped.get("phone_number") for mapped, _ in found if not isinstance(mapped, Refusal)] == [
            "+380671234567",
            None,
            "+380671234568",
            None,
            "+380671234569",
            "+380671234560",
            "+380671234561",
        ]
        assert [noted for _, noted in found if noted] == [[("phone_number", "not_a_phone_number")]]


def test_a_mapping_of_the_e_mail_address_alone_makes_profiles() -> None:
    mappers = Mappers(Mapping(email="EMail"))
    assert mappers.alone({"EMail": "a@example.com", "Tier": "gold"}) == ({"email": "a@example.com"}, [])
    assert mappers.of_page([], []) == []


def test_an_identifier_that_is_too_long_costs_its_row_only() -> None:
    mappers = Mappers(MAPPING)
    rows: list[Row] = [{"Id": "x" * size} for size in (3, MAX_EXTERNAL_ID + 1, MAX_EXTERNAL_ID)]

    (short, _), (too_long, _), (longest, _) = mappers.of_page(rows, ["a@x.ua", "b@x.ua", "c@x.ua"])

    assert not isinstance(short, Refusal)
    assert isinstance(too_long, Refusal)
    assert too_long.reason == "external_id_too_long"
    assert not isinstance(longest, Refusal)
    assert len(longest["external_id"]) == MAX_EXTERNAL_ID
    (again, _), *_ = mappers.of_page(rows[:1], ["a@x.ua"])
    assert again == short


@pytest.mark.parametrize(
    "name", ["'", '"', "\\", "{email}", "');raise SystemExit('", "\n", "\u2028", "\x00", "v0", "ключ"]
)
def test_whatever_a_name_or_a_constant_of_a_mapping_has_in_it_stays_text(name: str) -> None:
    mappers = Mappers(Mapping.written({"email": "E", "properties": {name: "Column"}}))
    assert mappers.alone({"E": "a@example.com", "Column": "x"}) == (
        {"email": "a@example.com", "properties": {name: "x"}},
        [],
    )
    constant = name if name.isprintable() else "x"
    mapping = Mapping.written({"email": "E", "title": {"value": constant}, "properties": {"p": {"value": constant}}})
    for row in ({"E": "a@example.com"}, {"E": "a@example.com", "Column": None}):
        attributes, _ = Mappers(mapping).alone(row)
        assert not isinstance(attributes, Refusal)
        assert attributes["properties"] == {"p": constant}


def test_each_row_of_a_page_is_encoded_once_and_in_order() -> None:
    encoded: list[Any] = []

    def encode(attributes: Any) -> bytes:
        encoded.append(attributes["email"])
        return b"%d" % len(encoded)

    assert PageMapper([], frozenset(), encode).map([{}, {}], ["a@x.ua", "b@x.ua"]).profiles == [b"1", b"2"]
    assert encoded == ["a@x.ua", "b@x.ua"]
