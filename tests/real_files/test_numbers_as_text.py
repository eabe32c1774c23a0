"""Phone numbers and ids that a program has kept as numbers: never one that is not the customer's."""

import pytest

from tests.builders import ndjson
from tests.real_files.whole_run import LEFT_OUT, SENT, Form, in_each_form, outcome_of

PHONE = {"email": "email", "phone_number": "phone"}


@pytest.mark.parametrize(
    ("region", "written", "expected"),
    [
        ("AT", "43664123456.0", "+43664123456"),
        ("FI", "358412345678.0", "+358412345678"),
        ("DE", "4915123456789,0", "+4915123456789"),
        ("DE", "4915123456789", "+4915123456789"),
        ("ID", "628123456789", "+628123456789"),
        ("SE", "46701234567", "+46701234567"),
        ("XK", "38344123456", "+38344123456"),
        ("PL", "48501234567.00", "+48501234567"),
        ("UA", "0501234567.0", "+380501234567"),
        ("UA", "380501234567.0", "+380501234567"),
        ("UA", "'380501234567", "+380501234567"),
        ("UA", '="380501234567"', "+380501234567"),
        ("DE", "+49.15123456789", "+4915123456789"),
        ("UA", "044.6681800", "+380446681800"),
        ("UA", "3.80501234567E+11", "+380501234567"),
        ("UA", "3,80501234567E+11", "+380501234567"),
        ("UA", "+380 50 123-45-67 ext. 12", "+380501234567"),
        ("UA", "3.80501E+11", "digits_lost"),
        ("DE", "4.91512E+12", "digits_lost"),
        ("DE", "49211234567", "phone_ambiguous"),
        ("UA", "0501234567, 0671234567", "not_a_phone_number"),
        ("UA", "0501234567/0671234567", "not_a_phone_number"),
        ("UA", "0501234567 0671234568", "not_a_phone_number"),
        ("UA", "380501234567380501234568", "not_a_phone_number"),
        ("UA", "0", "not_a_phone_number"),
        (None, "0501234567", "phone_without_country"),
    ],
)
async def test_a_phone_number_is_the_customers_or_left_out(region: str | None, written: str, expected: str) -> None:
    found = await outcome_of(f"email\tphone\na@example.com\t{written}\n", mapping=PHONE, phone_region=region)
    if expected.startswith("+"):
        assert found.values("phone_number") == [expected]
        assert LEFT_OUT not in found.warnings
    else:
        assert (found.values("phone_number"), found.warnings) == ([None], [LEFT_OUT])
        assert found.notes == {f"phone_number {expected}": 1}


@pytest.mark.parametrize(
    ("region", "text", "value"),
    [
        ("AT", "43664123456.0", 43664123456.0),
        ("FI", "358412345678", 358412345678),
        ("DE", "4915123456789.0", 4915123456789.0),
        ("DE", "49211234567", 49211234567),
        ("UA", "501234567.0", 501234567.0),
        ("UA", "1.5", 1.5),
    ],
)
async def test_a_number_in_json_is_read_as_its_text_in_csv(region: str, text: str, value: float) -> None:
    csv = await outcome_of(f"email,phone\na@example.com,{text}\n", mapping=PHONE, phone_region=region)
    rows = ndjson([{"email": "a@example.com", "phone": value}])
    json = await outcome_of(rows, "a.ndjson", mapping=PHONE, phone_region=region)
    array = await outcome_of(b"[" + rows.strip() + b"]", "a.json", mapping=PHONE, phone_region=region)
    assert csv.members == json.members == array.members
    assert csv.notes == json.notes == array.notes


@in_each_form
async def test_a_whole_number_as_external_id_is_one_id_however_it_is_written(form: Form) -> None:
    whole = {"email": "email", "external_id": {"column": "id", "type": "integer"}}
    found = await outcome_of(form('email,id\na@example.com,12345.0\nb@example.com,"12346,0"\n'), mapping=whole)
    assert (found.values("external_id"), found.warnings) == (["12345", "12346"], [])


async def test_an_id_is_the_same_in_csv_and_json() -> None:
    whole = {"email": "email", "external_id": {"column": "id", "type": "integer"}}
    rows = [{"email": "b@example.com", "id": 12345}, {"email": "c@example.com", "id": 12346.0}]
    found = await outcome_of({"1.csv": "email,id\na@example.com,12345.0\n", "2.ndjson": ndjson(rows)}, mapping=whole)
    assert (found.values("external_id"), found.notes) == (
        ["12345", None, "12346"],
        {"external_id shared_identifier": 1},
    )


@pytest.mark.parametrize("written", ["12345.0", "12345.00", "1.2345E+4"])
async def test_without_a_type_an_id_with_decimals_is_sent_and_told(written: str) -> None:
    mapping = {"email": "email", "external_id": "id"}
    found = await outcome_of(f"email,id\na@example.com,{written}\nb@example.com,AB-1.0\n", mapping=mapping)
    assert (found.values("external_id"), found.warnings) == ([written, "AB-1.0"], [SENT])
    assert found.notes == {"external_id looks_like_a_decimal": 1}
    assert '"type": "integer"' in found.run.warnings[0].detail
    assert "values_to_send_as_they_are" in [each["code"] for each in found.preview["warnings"]]


@pytest.mark.parametrize("written", ["1.5", "12,345", "1.2E+30", "abc", "12345678901234567890.5"])
async def test_an_id_that_is_no_whole_number_is_left_out_where_it_must_be_one(written: str) -> None:
    whole = {"email": "email", "external_id": {"column": "id", "type": "integer"}}
    found = await outcome_of(f"email;id\na@example.com;{written}\n", mapping=whole)
    assert (found.values("external_id"), found.warnings) == ([None], [LEFT_OUT])
