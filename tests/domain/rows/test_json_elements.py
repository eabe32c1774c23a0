"""Cutting JSON into the texts of its elements."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.rows.json_elements import Element, JsonElements, _Match
from shared.domain.rows.lines import MAX_LINE_BYTES
from tests.domain.rows.feeding import cut, cuts, single_bytes
from tests.domain.rows.test_ndjson_rows import objects

BOM = b"\xef\xbb\xbf"


def elements_of(*pieces: bytes) -> tuple[list[Element], bool]:
    """Return the elements of a file, and whether the file may end where it does."""
    elements = JsonElements()
    found = [element for piece in pieces for element in elements.feed(piece)]
    return [*found, *elements.close()], elements.is_whole


def texts(data: bytes) -> list[bytes | None]:
    return [text for _, text in elements_of(data)[0]]


SIGNS = [b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"a", b" ", b"\n", b"\r", BOM]
MEMBERS = rb'"value":[{ {"value":[ "k":"v", "k":"v"} "k":"a@b", "k":{ {"@odata.count":2, {"a":"b\""}'.split(b" ")
rough_json = st.lists(st.sampled_from(SIGNS + MEMBERS), max_size=25).map(b"".join)


@given(rough_json, cuts)
@example(b'[{"a":"\\', [1, 5, 6])
def test_the_elements_are_the_same_however_the_pieces_fall(data: bytes, places: list[int]) -> None:
    expected = elements_of(data)

    assert elements_of(*cut(data, places)) == expected
    assert elements_of(*single_bytes(data)) == expected


@given(st.lists(objects, max_size=5), st.sampled_from([None, 0, 2]), st.sampled_from(["array", "value", "beside"]))
def test_every_object_is_one_element_however_it_is_laid_out(
    rows: list[dict[str, object]], indent: int | None, way: str
) -> None:
    if way == "beside":
        text = "\n".join(json.dumps({"k": 1, **row}, indent=indent) for row in rows)
        rows = [{"k": 1, **row} for row in rows]
    else:
        whole = rows if way == "array" else {"@odata.context": "x@y"[:1], "value": rows, "@odata.nextLink": {"a": "]"}}
        text = json.dumps(whole, indent=indent)

    found, is_whole = elements_of(text.encode())

    assert [json.loads(each or b"") for _, each in found] == rows
    assert is_whole


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b" \n[ ]\n", []),
        (b'{"value":[]}', []),
        (b'[{"a":1},{"a":2},]', [b'{"a":1}', b'{"a":2}']),
        (b'[{"a":1} {"a":2}]', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1},\n{"a":2},\n', [b'{"a":1}', b'{"a":2}']),
        (b'\x1e{"a":1}\n\x1e{"a":2}\n', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1}{"a":2}', [b'{"a":1}', b'{"a":2}']),
        (b'[1,"x,]",null,[2],{"a":1}]', [b"1", b'"x,]"', b"null", b"[2]", b'{"a":1}']),
        (b'[{"a":"}]"},{"b":"\\"]"}]', [b'{"a":"}]"}', b'{"b":"\\"]"}']),
        (b'[{"a":1}]\n[{"a":2}]', [b'{"a":1}', b'{"a":2}']),
        (BOM + b'[{"a":1}]\n' + BOM + b'[{"a":2}]', [b'{"a":1}', b'{"a":2}']),
        (b'{"value":[{"a":1}]}\n{"value":[{"a":2}],"x":[{}]}', [b'{"a":1}', b'{"a":2}']),
        (b'{"count":2,"next":null,"value":[{"a":1}]}', [b'{"a":1}']),
        (b'{"email":"a@example.com","value":[{"a":1}]}', [b'{"email":"a@example.com","value":[{"a":1}]}']),
        (b'{"a":{"value":[{"a":1}]}}', [b'{"a":{"value":[{"a":1}]}}']),
        (b'{"value":[1,2]}', [b'{"value":[1,2]}']),
        (b'{"value":[],"n":1,"email":"a@example.com"}', [b'{"value":[],"n":1,"email":"a@example.com"}']),
        (b'{"value":[],"tags":[1]}', [b'{"value":[],"tags":[1]}']),
        (b'{"@c":"x","value":[ ] , "next":null,"count":1}', []),
        (b'{"value":[],"count":1,"@odata.x":{"a":1}}', []),
    ],
)
def test_elements_stand_in_an_array_or_beside_each_other(data: bytes, expected: list[bytes]) -> None:
    assert elements_of(*single_bytes(data)) == elements_of(data)
    assert texts(data) == expected
    assert elements_of(data)[1]


@pytest.mark.parametrize(
    "data", [b"[", b'[{"a":1}', b'[{"a":1},{"b', b'{"a":', b'{"value":[{"a":1}]', b'{"value":[{"a":1}', b'[{"a":"']
)
def test_a_file_that_ends_within_a_bracket_is_cut_off(data: bytes) -> None:
    assert not elements_of(data)[1]


def test_a_text_that_is_not_closed_costs_its_own_element() -> None:
    data = b'[\n{"a":"x},\n{"a":2},\n{"a":"y\\\n{\n "a":4}\n]'
    assert elements_of(data) == ([(2, b'{"a":"x},'), (3, b'{"a":2}'), (4, b'{"a":"y\\'), (5, b'{\n "a":4}')], True)


NESTED = b"""[
  {
    "a": "x,
    "b": [
      {
        "email": "t@example.com"
      }
    ],
    "c": 1
  },
  {
    "a": 2
  }
]"""


def test_an_object_within_a_broken_element_is_no_element() -> None:
    for found in (elements_of(NESTED), elements_of(*single_bytes(NESTED))):
        assert found == ([(2, b'{\n    "a": "x,'), (11, b'{\n    "a": 2\n  }')], True)


@pytest.mark.parametrize(
    "behind", [b'{"email":"t@example.com"}', b'[{"email":"t@example.com"}]', b'] {"email":"t@e.com"}']
)
def test_a_member_behind_a_broken_object_is_no_element(behind: bytes) -> None:
    data = b'[\n{"a":1}, "note": ' + behind + b'},\n{"a":2}\n]'
    for found in (elements_of(data), elements_of(*single_bytes(data))):
        assert found == ([(2, b'{"a":1}'), (2, b'"note": '), (3, b'{"a":2}')], True)


@pytest.mark.parametrize("close", [b"]", b"}", b" ]"])
def test_an_object_behind_one_that_ends_with_a_colon_is_no_element(close: bytes) -> None:
    broken = b'{"a":1,"note":' + close
    data = b"[\n" + broken + b' {"email":"t@example.com"}},\n{"a":2}\n]'
    for found in (elements_of(data), elements_of(*single_bytes(data))):
        assert found == ([(2, broken), (3, b'{"a":2}')], True)
    for between in (b",", b"\n", b" , "):
        assert texts(b"[" + broken + between + b'{"a":2}]') == [broken, b'{"a":2}']


@pytest.mark.parametrize("between", [b",", b" , ", b",,", b" ," + b" " * 40])
def test_an_object_behind_a_name_and_a_comma_is_the_value_of_the_name(between: bytes) -> None:
    lost = b'"note":' + between + b'{"email":"t@example.com","n":[{}]}'
    data = b'["b":2,' + lost + b'},{"a":2}]'
    for found in (elements_of(data), elements_of(*single_bytes(data))):
        assert [text for _, text in found[0]] == [b'"b":2', lost, b"}", b'{"a":2}']


def test_each_element_knows_the_line_that_it_begins_on() -> None:
    found, _ = elements_of(*single_bytes(b'\n[\n{"a":\n1}, {"a":2}\n,\n5\n]\n[{}]'))
    assert [line for line, _ in found] == [3, 4, 6, 8]


@pytest.mark.parametrize("piece_bytes", [1000, 65_536, 10 * MAX_LINE_BYTES])
def test_an_element_of_more_than_one_mebibyte_is_passed_over(piece_bytes: int) -> None:
    longest = b'{"a":"' + b"x" * (MAX_LINE_BYTES - 8) + b'"}'
    data = b"[" + longest + b"," + longest[:-2] + b'y"},{"a":1}]'

    pieces = [data[start : start + piece_bytes] for start in range(0, len(data), piece_bytes)]

    assert [text for _, text in elements_of(*pieces)[0]] == [longest, None, b'{"a":1}']


class Counting(JsonElements):
    """Counts the bytes that are looked at."""

    looks = 0

    def _past(self, pattern: _Match, text: bytes, at: int) -> int:
        end = super()._past(pattern, text, at)
        self.looks += end - at + 1
        return end


@pytest.mark.parametrize("begin", [b"", b'[{"a":"'])
@pytest.mark.parametrize("unit", [b"{", b"[", b'"', b"\\", b"}", b"]", b" ", b'"\\', b'{"a":', b'{"value":[{', b'",\n'])
def test_hostile_bytes_are_gone_over_a_few_times_and_not_held(begin: bytes, unit: bytes) -> None:
    elements = Counting()
    piece = unit * (16 * 1024 // len(unit))
    held = 0
    elements.feed(begin)
    for _ in range(128):
        elements.feed(piece)
        held = max(held, len(elements._element) + len(elements._opening))

    assert elements.looks <= 4 * 128 * len(piece)
    assert held <= MAX_LINE_BYTES
