"""Plain profiles that are read together: exactly as one by one, or not at all."""

from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.klaviyo.http.problems import Refused
from local.klaviyo.rules.import_body import Import, read_import, read_one_by_one
from local.klaviyo.rules.plain_profiles import plain_import
from tests.local.klaviyo.calling import LIST, import_body

_EMAILS = st.sampled_from(["a@b.co", "A@b.co", "x.y@c.d.co", "a@b", "a@b.co\n", "é@b.co", "a@refused.example.com", ""])
_TEXTS = st.sampled_from(
    ["x", "", "é", '"}},{"type":"profile","attributes":{', "+15005550006", "+1", "y" * 256, "null"]
)
_VALUES: st.SearchStrategy[Any] = st.one_of(
    _TEXTS, st.sampled_from([None, 1, 2.5, True, [], [{"a": {}}], {"a": {"b": 1}}, {}])
)
_PLACES = st.dictionaries(st.sampled_from(["city", "latitude", "ip", "id"]), _VALUES, max_size=2)
_ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "email": st.one_of(_EMAILS, _EMAILS, _VALUES),
        "phone_number": st.one_of(st.just("+15005550006"), _VALUES),
        "external_id": _VALUES,
        "first_name": _VALUES,
        "location": st.one_of(_PLACES, _VALUES),
        "properties": st.one_of(st.dictionaries(_TEXTS, _VALUES, max_size=2), _VALUES),
        "_kx": _TEXTS,
    },
)
PLAIN = {
    "email": "a@b.co",
    "phone_number": "+15005550006",
    "external_id": "é",
    "first_name": '"}},{"type":"profile","attributes":{',
    "location": {"city": "Kyiv", "latitude": 50.4, "longitude": "30.5"},
    "properties": {"a": [1, {"b": 2}], "c": {}},
}


def outcome(body: bytes, *, together: bool) -> Any:
    read = read_import if together else read_one_by_one
    try:
        found: Import = read(body, lists={LIST}, named_rows="all", phone_numbers="dropped")
    except Refused as refused:
        return refused.status, [(each.pointer, each.detail) for each in refused.problems]
    return (
        found.list_id,
        found.profiles.identifiers,
        [orjson.loads(found.profiles.encoded(place)) for place in range(len(found.profiles))],
    )


@given(st.lists(_ATTRIBUTES, max_size=3))
@example([PLAIN, PLAIN])
@example([{"email": "a@b.co"}, {"email": "b@b.co", "properties": {"a": [{"b": {}}]}}])
@example([{"email": "a@b.co", "phone_number": ""}])
@example([{"email": "a@b.co", "external_id": "x\ny", "phone_number": "+15005550006\n+15005550007"}])
def test_profiles_read_together_are_those_read_one_by_one(profiles: list[Any]) -> None:
    for body in (
        orjson.dumps(import_body(*profiles)),
        orjson.dumps(import_body(*profiles), option=orjson.OPT_INDENT_2),
    ):
        assert outcome(body, together=True) == outcome(body, together=False)


@given(st.data())
def test_a_body_with_a_piece_taken_out_or_put_in_is_read_alike(data: st.DataObject) -> None:
    body = orjson.dumps(import_body({"email": "a@b.co", "properties": {"n": 1}}, {"email": "c@b.co"}))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 3)))
    piece = data.draw(
        st.sampled_from([b"", b'"', b"}", b",", b"null", b"\xff", b"\\ud800", b"1e400", b" ", b"\n", b"x"])
    )
    damaged = body[:start] + piece + body[end:]
    assert outcome(damaged, together=True) == outcome(damaged, together=False)


@given(st.lists(st.integers(1, 99_000), max_size=9), st.data())
def test_profiles_of_all_sizes_are_read_alike(sizes: list[int], data: st.DataObject) -> None:
    profiles: list[dict[str, Any]] = [{"email": "a@b.co", "title": "x" * size} for size in sizes]
    if profiles:
        data.draw(st.sampled_from(profiles)).update(data.draw(_ATTRIBUTES))
    body = orjson.dumps(import_body(*profiles))
    assert outcome(body, together=True) == outcome(body, together=False)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "odd",
    [
        {"email": "A@b.co"},
        {"email": "a@B.co"},
        {"email": "a@refused.example.com"},
        {"email": "a@b.c"},
        {"email": "a@b.co\nx@y.co"},
        {"email": f"{'a' * 65}@b.co"},
        {"email": f"a@{'b' * 64}.co"},
        {"email": f"a@{'b.' * 126}co"},
        {"email": "é@b.co"},
        {"email": None},
        {"phone_number": "+38067"},
        {"phone_number": "+15005550006\n+15005550007"},
        {"external_id": "x" * 256},
        {"first_name": None},
        {"location": {"city": None}},
        {"location": {"latitude": True}},
        {"properties": {"n": None}},
        {"properties": {"n": [None, {"x": None}]}},
        {"properties": {"of": [{"x": 1}, {"type": "profile", "attributes": {"email": "x@y.co"}}]}},
        {"title": "x" * 99_900},
        {"title": "x" * 100_000},
    ],
    ids=lambda odd: str(odd)[:40],
)
def test_one_odd_profile_among_plain_ones_is_read_alike(odd: dict[str, Any], place: int) -> None:
    profiles: list[dict[str, Any]] = [{"email": f"{name}@b.co", "title": "x" * 9_000} for name in "klm"]
    profiles[place] |= odd
    body = orjson.dumps(import_body(*profiles))
    assert outcome(body, together=True) == outcome(body, together=False)


@pytest.mark.parametrize("size", [1_000, 6_000])
def test_a_profile_that_grows_when_its_numbers_are_written_out_is_read_alike(size: int) -> None:
    numbers = b",".join([b"1e15"] * size)
    body = orjson.dumps(import_body({"email": "a@b.co", "properties": {"n": []}})).replace(b"[]", b"[%b]" % numbers)
    assert outcome(body, together=True) == outcome(body, together=False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"profiles":{"data":[', b'"profiles":{"data":[],"data":['),
        (b"}]}},", b'}],"data":[]}},'),
        (b"}]}},", b'}]},"profiles":{"data":[]}},'),
        (b"}}]}},", b'},"attributes":{"email":"x@y.co"}}]}},'),
        (b"}}]}},", b'},"type":"other"}]}},'),
        (b"}}]}},", b'},"type":"profile"}]}},'),
        (b"}}]}},", b'},"attributes" :{"email":"x@y.co"}}]}},'),
        (b"}}]}},", b'},"\\u0061ttributes":{"email":"x@y.co"}}]}},'),
        (b"}}]}},", b',"properties":{"attributes":[{"x":{}}]}}}]}},'),
        (
            b"}}]}},",
            b',"properties":{"a":[{"type":"profile","attributes":{"x":1}},{"type":"profile","attributes":{}}]}}}]}},',
        ),
        (b"},{", b'} ,{"attributes":{"email":"x@y.co"},"type":"profile"}, {'),
        (b'{"type":"profile","attributes":{"email":"c', b'{"type" :"profile","attributes":{"email":"c'),
        (b"}}]}},", b"}},]}},"),
        (b'"data":[{"type":"profile"', b'"data":[,{"type":"profile"'),
        (b'"type":"list"', b'"type":"lost"'),
        (b'"id":"Y6nRLr"', b'"id":"Y6nRLr","id":"other"'),
        (b'"id":"Y6nRLr"', b'"id":"Y6nRL\\u0072"'),
        (b'"id":"Y6nRLr"', b'"id":"other"'),
        (b'{"data":{', b'{"data":{"id":"x",'),
    ],
)
def test_a_body_of_another_form_is_read_alike(old: bytes, new: bytes) -> None:
    body = orjson.dumps(import_body({"email": "a@b.co", "title": "x" * 24_000}, {"email": "c@d.co"}))
    assert old in body
    changed = body.replace(old, new)
    assert outcome(changed, together=True) == outcome(changed, together=False)


def test_a_comma_before_the_first_profile_is_no_json() -> None:
    for size in range(24_880, 24_980):  # about as many bytes as a piece has
        body = orjson.dumps(import_body({"email": "a@b.co", "title": "x" * size}, {"email": "c@d.co"}))
        assert plain_import(body.replace(b'"data":[{"type":"profile"', b'"data":[,{"type":"profile"')) is None


def test_more_profiles_than_fit_into_a_piece_are_read_together() -> None:
    profiles = [{"email": f"a{number}@b.co", "properties": {"n": number, "of": [{"x": None}]}} for number in range(999)]
    body = orjson.dumps(import_body(*profiles))
    found = plain_import(body)
    assert found is not None
    assert found.profiles.identifiers == [profile["email"] for profile in profiles]
    assert outcome(body, together=True) == outcome(body, together=False)


def test_what_is_plain_is_read_together() -> None:
    found = plain_import(orjson.dumps(import_body(PLAIN, {"email": "c@b.co"})))
    assert found is not None
    assert found.list_id == LIST
    assert found.profiles.identifiers == ["a@b.co", "c@b.co"]
    assert orjson.loads(found.profiles.encoded(0)) == PLAIN


def test_a_profile_as_large_as_can_be_is_looked_at_alone() -> None:
    assert plain_import(orjson.dumps(import_body({"email": "a@b.co", "title": "x" * 100_000}))) is None
