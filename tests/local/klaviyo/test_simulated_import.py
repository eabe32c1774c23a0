"""What an import request must look like, and what is said of one that does not."""

from typing import Any

import orjson
import pytest

from local.klaviyo.http.problems import Refused
from local.klaviyo.rules.import_body import Import, read_import
from tests.local.klaviyo.calling import LIST, import_body

ROW = "/data/attributes/profiles/data"


def read(body: Any, **rules: Any) -> Import:
    return read_import(body if isinstance(body, bytes) else orjson.dumps(body), lists={LIST}, **rules)


def refused(body: Any, **rules: Any) -> tuple[int, list[tuple[str | None, str]]]:
    with pytest.raises(Refused) as caught:
        read(body, **rules)
    return caught.value.status, [(problem.pointer, problem.detail) for problem in caught.value.problems]


def stored(*profiles: Any, **rules: Any) -> list[Any]:
    incoming = read(import_body(*profiles), **rules).profiles
    return [orjson.loads(incoming.encoded(index)) for index in range(len(incoming))]


def padded(body: Any, size: int) -> bytes:
    encoded = orjson.dumps(body)
    return encoded + b" " * (size - len(encoded))


FULL = {
    "email": "sarah.mason@klaviyo-demo.com",
    "phone_number": "+15005550006",
    "external_id": "c-1001",
    "first_name": "Sarah",
    "last_name": "Mason",
    "organization": "Example Corporation",
    "locale": "en-US",
    "title": "Regional Manager",
    "image": "https://images.example.com/1.png",
    "location": {
        "address1": "89 E 42nd St",
        "address2": "1st floor",
        "city": "New York",
        "region": "NY",
        "country": "United States",
        "zip": "10017",
        "timezone": "America/New_York",
        "latitude": "40.7128",
        "longitude": -74.006,
        "ip": "127.0.0.1",
    },
    "properties": {"tier": "gold", "ltv": 123.45, "code": "01234", "tags": ["a", "b"], "vip": True},
}


def test_every_documented_attribute_is_taken_as_it_is() -> None:
    assert stored(FULL) == [FULL]


def test_several_profiles_keep_their_order_and_their_own_attributes() -> None:
    profiles = [{"email": f"p{number}@example.com", "title": "x" * number} for number in range(5)]
    assert stored(*profiles) == profiles


def test_the_list_may_be_left_out() -> None:
    assert read(import_body(FULL, list_id=None)).list_id is None
    assert read(import_body(FULL)).list_id == LIST


def test_an_address_is_kept_in_lower_case() -> None:
    assert stored({"email": "Sarah.Mason@Example.COM"}) == [{"email": "sarah.mason@example.com"}]


def test_nulls_are_passed_over() -> None:
    given = {
        "email": "a@b.co",
        "title": None,
        "location": {"city": None, "zip": "1"},
        "properties": {"a": None, "b": 1},
    }
    assert stored(given) == [{"email": "a@b.co", "location": {"zip": "1"}, "properties": {"b": 1}}]
    assert stored({"email": "a@b.co", "location": None, "properties": None}) == [{"email": "a@b.co"}]


def test_a_phone_number_that_is_none_is_dropped_and_the_profile_goes_on() -> None:
    assert stored({"email": "a@b.co", "phone_number": "+1234"}) == [{"email": "a@b.co"}]


def test_a_phone_number_that_is_none_can_cost_the_request() -> None:
    body = import_body({"email": "a@b.co", "phone_number": "050 123"})
    assert refused(body, phone_numbers="refused") == (
        400,
        [(f"{ROW}/0/attributes/phone_number", "Invalid phone number format.")],
    )


def test_all_that_is_wrong_with_a_profile_is_said_at_once() -> None:
    location = {"city": 5, "latitude": True}
    wrong = {"email": "a@b", "phone_number": "12", "external_id": "x" * 256, "title": 7, "location": location}
    status, problems = refused(import_body({"email": "a@b.co"}, wrong), phone_numbers="refused")
    names = ["title", "location/city", "location/latitude", "email", "external_id", "phone_number"]
    assert (status, [pointer for pointer, _ in problems]) == (400, [f"{ROW}/1/attributes/{name}" for name in names])


def test_a_profile_may_be_known_by_something_else_than_an_address() -> None:
    incoming = read(import_body({"phone_number": "+15005550006"}, {"external_id": "c-1"})).profiles
    assert incoming.identifiers == ["phone_number:+15005550006", "external_id:c-1"]


@pytest.mark.parametrize(
    ("attributes", "pointer", "detail"),
    [
        ({"email": "a@b"}, "/email", "Invalid email address"),
        ({"email": ""}, "/email", "Invalid email address"),
        ({"email": "anybody@refused.example.com"}, "/email", "Invalid email address"),
        ({"email": "Anybody@Refused.Example.com"}, "/email", "Invalid email address"),
        ({"email": 5}, "/email", "Not a valid string."),
        ({"email": "a@b.co", "title": ["x"]}, "/title", "Not a valid string."),
        ({"email": "a@b.co", "title": {"x": 1}}, "/title", "Not a valid string."),
        ({"email": "a@b.co", "title": True}, "/title", "Not a valid string."),
        ({"email": "a@b.co", "emial": "x"}, "/emial", "'emial' is not a valid field for the resource 'profile'."),
        (
            {"email": "a@b.co", "subscriptions": {}},
            "/subscriptions",
            "'subscriptions' is not a valid field for the resource 'profile'.",
        ),
        ({"email": "a@b.co", "_kx": "x"}, "/_kx", "This simulator does not take '_kx'; Klaviyo does."),
        ({"email": "a@b.co", "location": "Kyiv"}, "/location", "'location' must be an object."),
        ({"email": "a@b.co", "properties": [1]}, "/properties", "'properties' must be an object."),
        ({"email": "a@b.co", "properties": "x"}, "/properties", "'properties' must be an object."),
        ({"email": "a@b.co", "location": {"city": 5}}, "/location/city", "Not a valid string."),
        ({"email": "a@b.co", "location": {"latitude": []}}, "/location/latitude", "Not a valid coordinate."),
        (
            {"email": "a@b.co", "location": {"street": "x"}},
            "/location/street",
            "'street' is not a valid field for 'location'.",
        ),
        (
            {"email": "a@b.co", "external_id": "x" * 256},
            "/external_id",
            "Ensure this field has no more than 255 characters.",
        ),
        ({"first_name": "Nobody"}, "", "One or more identifiers is required"),
        ({}, "", "One or more identifiers is required"),
        ({"email": None}, "", "One or more identifiers is required"),
    ],
)
def test_a_bad_profile_is_named_by_its_place_and_field(attributes: Any, pointer: str, detail: str) -> None:
    body = import_body(FULL, attributes, FULL)
    assert refused(body) == (400, [(f"{ROW}/1/attributes{pointer}", detail)])


def test_an_external_id_of_255_characters_is_taken() -> None:
    assert stored({"external_id": "x" * 255}) == [{"external_id": "x" * 255}]


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ("text", ""),
        ({"type": "profile"}, "/attributes"),
        ({"attributes": {"email": "a@b.co"}}, "/type"),
        ({"type": "list", "attributes": {"email": "a@b.co"}}, "/type"),
        ({"type": "profile", "attributes": [1]}, "/attributes"),
        ({"type": "profile", "attributes": {"email": "a@b.co"}, "id": "01H"}, "/id"),
        ({"type": "profile", "attributes": {"email": "a@b.co"}, "meta": {}}, "/meta"),
    ],
)
def test_a_thing_that_is_no_profile_is_named_by_its_place(item: Any, pointer: str) -> None:
    body = import_body(FULL)
    body["data"]["attributes"]["profiles"]["data"].append(item)
    status, problems = refused(body)
    assert (status, [where for where, _ in problems]) == (400, [f"{ROW}/1{pointer}"])


def test_all_bad_profiles_are_named_at_once() -> None:
    body = import_body({"email": "x"}, FULL, {"email": "y"})
    assert [where for where, _ in refused(body)[1]] == [f"{ROW}/0/attributes/email", f"{ROW}/2/attributes/email"]


def test_only_the_first_bad_profile_may_be_named() -> None:
    body = import_body({"email": "x"}, FULL, {"email": "y"})
    assert [where for where, _ in refused(body, named_rows="first")[1]] == [f"{ROW}/0/attributes/email"]


def test_it_may_be_that_none_is_named() -> None:
    body = import_body({"email": "x"}, FULL, {"email": "y"})
    assert refused(body, named_rows="none") == (
        400,
        [("/data/attributes/profiles", "One or more profiles are invalid.")],
    )


def test_an_unknown_list_is_said_of_the_whole_request() -> None:
    assert refused(import_body({"email": "x"}, list_id="NoSuch")) == (
        400,
        [("/data", "List ID NoSuch does not exist.")],
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"data": NaN}',
        b'{"data": Infinity}',
        b"\xff\xfe",
        orjson.dumps(import_body(FULL)).replace(b"123.45", b"NaN"),
        orjson.dumps(import_body(FULL)).replace(b"123.45", b"-Infinity"),
        orjson.dumps(import_body(FULL)).replace(b"Sarah", b"Sar\xe4h"),
        orjson.dumps(import_body(FULL)) + b",",
    ],
)
def test_what_is_no_json_document_is_refused(body: bytes) -> None:
    status, problems = refused(body)
    assert (status, [where for where, _ in problems]) == (400, ["/"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"type": "profile"}, "/data/type"),
        ({"attributes": {}}, "/data/attributes/profiles"),
        ({"attributes": {"profiles": {"data": []}}}, ROW),
        ({"attributes": {"profiles": {"data": {}}}}, ROW),
        ({"attributes": {"profiles": {"data": [], "x": 1}}}, "/data/attributes/profiles/x"),
        ({"relationships": {"list": {}}}, "/data/relationships/list"),
        ({"relationships": {"lists": {"data": {"type": "list", "id": LIST}}}}, "/data/relationships/lists/data"),
        ({"relationships": {"lists": {"data": [{"id": LIST}]}}}, "/data/relationships/lists/data/0"),
        ({"relationships": {"lists": {"data": [{"type": "list", "id": 5}]}}}, "/data/relationships/lists/data/0"),
        ({"relationships": {"lists": {"data": [{}, {}]}}}, "/data/relationships/lists/data"),
        ({"id": "x"}, "/data/id"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_where_it_is_wrong(change: Any, pointer: str) -> None:
    body = import_body(FULL)
    body["data"] |= change
    status, problems = refused(body)
    assert (status, [where for where, _ in problems]) == (400, [pointer])


def test_ten_thousand_profiles_are_taken_and_one_more_is_not() -> None:
    profiles = [{"email": f"p{number}@example.com"} for number in range(10_001)]
    assert len(read(import_body(*profiles[:-1])).profiles) == 10_000
    assert refused(import_body(*profiles)) == (
        400,
        [(ROW, "There are 10001 profiles; at most 10000 are allowed.")],
    )


def test_five_million_bytes_are_taken_and_one_more_is_not() -> None:
    assert len(read(padded(import_body(FULL), 5_000_000)).profiles) == 1
    assert refused(padded(import_body(FULL), 5_000_001))[0] == 413


def test_a_profile_of_a_hundred_thousand_bytes_is_taken_and_one_more_is_not() -> None:
    around = len(orjson.dumps({"type": "profile", "attributes": {"email": "a@b.co", "properties": {"x": ""}}}))
    most = {"email": "a@b.co", "properties": {"x": "y" * (100_000 - around)}}
    assert stored(most) == [most]
    more = {"email": "a@b.co", "properties": {"x": "y" * (100_001 - around)}}
    assert refused(import_body(FULL, more)) == (400, [(f"{ROW}/1", "A profile must not be larger than 100000 bytes.")])
