"""Rows from newline-delimited JSON."""

import gzip
import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.rows.json_objects import MOST_BYTES
from shared.domain.rows.lines import MAX_LINE_BYTES
from tests.domain.rows.feeding import Found, cut, cuts, pages_of, reasons, rows_of, single_bytes

NAME = "vip/part.ndjson"
GOOD = b'{"EMail":"a@example.com"}'


def rows(*lines: bytes) -> list[Found]:
    return rows_of(NAME, b"\n".join(lines))


def only_row(line: bytes) -> Any:
    (row,) = rows(line)
    return row


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), json_values, max_size=4)


@given(st.lists(objects, max_size=6), st.sampled_from([b"\n", b"\r\n", b"\n\n", b" \t\n"]), st.booleans())
def test_every_object_is_a_row_with_its_types(documents: list[dict[str, Any]], end: bytes, ends: bool) -> None:
    lines = [json.dumps(document, ensure_ascii=False).encode() for document in documents]
    data = end.join(lines) + (end if ends else b"")

    assert rows_of(NAME, data) == documents


pieces_of_files = st.lists(
    st.sampled_from(
        [
            GOOD,
            b"\n",
            b"\r\n",
            b"\xef\xbb\xbf",
            b'{"a":1',
            b"}",
            b"[1]",
            b"5",
            b"null",
            b" ",
            b'{"a":NaN}',
            b'{"a":"\xff"}',
            b'{"a":"\\ud800"}',
        ]
    ),
    max_size=14,
).map(b"".join)


@given(pieces_of_files, cuts)
@example(b"\xef\xbb\xbf" + GOOD, [1, 2])
def test_the_rows_are_the_same_however_the_pieces_fall(data: bytes, places: list[int]) -> None:
    expected = rows_of(NAME, data)

    assert rows_of(NAME, *cut(data, places)) == expected
    assert rows_of(NAME, *single_bytes(data)) == expected
    assert rows_of(NAME + ".gz", *single_bytes(gzip.compress(data))) == [*expected]


def test_row_numbers_are_right_behind_every_kind_of_bad_row() -> None:
    bad = {
        b"{": "not_json",
        b"[1,2]": "not_an_object",
        b'"text"': "not_an_object",
        b"12": "not_an_object",
        b"null": "not_an_object",
        b"true": "not_an_object",
        b'{"a":"\xff"}': "wrong_encoding",
        b'{"a":"\\ud800"}': "not_json",
        b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}": "not_json",
        b'{"a":"' + b"x" * MAX_LINE_BYTES + b'"}': "line_too_long",
        b'{"a":1}{"a":2}': "not_json",
        b"{} \xef\xbb\xbf": "not_json",
    }
    for line, reason in bad.items():
        assert reasons(rows(GOOD, line, b"", GOOD)) == ["ok", reason, "ok"]
    everything = [found for line in bad for found in (line, b" \r", GOOD)]
    assert reasons(rows(*everything)) == [found for reason in bad.values() for found in (reason, "ok")]


@pytest.mark.parametrize("depth", [1000, 100_000])
def test_a_row_of_great_depth_costs_nothing_but_itself(depth: int) -> None:
    nested = b'{"EMail":"b@example.com","a":' + b"[" * depth + b"NaN" + b"]" * depth + b"}"
    assert reasons(rows(GOOD, nested, GOOD)) == ["ok", "not_json", "ok"]


def test_a_thousand_levels_in_strict_json_are_a_row() -> None:
    row = only_row(b'{"EMail":"b@example.com","a":' + b"[" * 1000 + b"]" * 1000 + b"}")
    assert row["EMail"] == "b@example.com"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_value_that_json_does_not_have_is_no_value(word: str) -> None:
    line = f'{{"a":{word},"b":[1,{word}],"c":{{"d":{word}}},"e":"{word}"}}'
    assert only_row(line.encode()) == {"a": None, "b": [1, None], "c": {"d": None}, "e": word}


def test_a_large_line_must_be_strict_json() -> None:
    line = b'{"a":"' + b"x" * MOST_BYTES + b'","b":%s}'
    assert reasons(rows(line % b"null", line % b"NaN", GOOD)) == ["ok", "not_json", "ok"]
    _, detail = only_row(line % b"NaN")
    assert detail == (
        "The line is not a JSON object that can be read: it is not JSON in the strict sense, and has more than 524,288 "
        "bytes; write null instead of NaN."
    )


def test_a_number_beyond_all_measure_is_infinite_and_no_reason_to_refuse_the_row() -> None:
    row = only_row(b'{"a":1e400,"b":-1e400,"c":' + b"1" * 400 + b',"d":1}')
    assert row == {"a": float("inf"), "b": float("-inf"), "c": float("inf"), "d": 1}


@pytest.mark.parametrize(
    "digits",
    [
        "0",
        "-0",
        "9" * 19,
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "9" * 20,
        "-" + "9" * 30,
        "1" * 300,
    ],
)
def test_large_numbers_are_read_alike_with_and_without_nan_beside_them(digits: str) -> None:
    strict = orjson.loads(digits)
    row = only_row(f'{{"a":{digits},"b":NaN}}'.encode())

    assert row == {"a": strict, "b": None}
    assert type(row["a"]) is type(strict)


def test_the_reason_says_where_but_shows_no_value() -> None:
    _, detail = only_row(b'{"EMail":"\xffsecret@example.com"}')
    assert detail == (
        "The line has bytes that are no text in UTF-8: write the file as UTF-8, or set reading.encoding of the export."
    )
    _, detail = only_row(b"x" * (MAX_LINE_BYTES + 1))
    assert detail == "The line has more than 1,048,576 bytes."


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"a":1},', "a comma stands behind it; write one object a line, without a comma"),
        (b'{"a":1} {"a":2}', "another object stands behind it; write one object a line"),
        (b'{"a":1} # secret', "more text stands behind the value"),
        (b"{'a':'secret'}", "names and texts stand in single quotes; write them in double quotes"),
        (b"{\"a\":'secret'}", "names and texts stand in single quotes; write them in double quotes"),
        (b'{"a":1,}', "a value is missing before a closing brace, or a comma is too many there"),
        (b'{"a":}', "a value is missing before a closing brace, or a comma is too many there"),
        (b'{"a":"sec', r"it ends within the object; write the whole object, and a line feed in a text as \n"),
        (b'{"a":1', r"it ends within the object; write the whole object, and a line feed in a text as \n"),
        (b'{"a":"x\ty"}', r"a text has a control character, such as a tab, in it; write a tab as \t"),
        (b'{"a":"C:\\dir"}', r"a text has a backslash that escapes nothing; write a backslash as \\"),
        (b'{"a" 1}', "write names and texts in double quotes, and a comma between two members"),
        (b"a@example.com,secret", "write names and texts in double quotes, and a comma between two members"),
    ],
)
def test_a_line_that_is_not_json_is_told_what_is_wrong_in_plain_words(line: bytes, why: str) -> None:
    assert only_row(line) == ("not_json", f"The line is not a JSON object that can be read: {why}.")


def test_every_row_knows_its_line() -> None:
    data = b"\n".join([GOOD, b"", b"{", b" \r", b"x" * (MAX_LINE_BYTES + 1), GOOD])
    assert [line for page in pages_of(NAME, [data]) for line in page.lines] == [1, 3, 5, 6]


def test_an_empty_file_and_one_of_blank_lines_have_no_rows() -> None:
    assert rows(b"") == []
    assert rows(b"", b" ", b"\r", b"\t \r", b"") == []


@pytest.mark.parametrize(
    "lines",
    [
        (b'{"a":[{}', b"{}]}", b"{},{},{}"),
        (b'{"a":[{}', b"{}]}", b"{},{}"),
        (b"{}", b"{},{}", b'{"a":[{}', b"{}]}"),
        (b"{},{},{}",),
        (b'{"a":1', b'"b":2}'),
    ],
)
def test_lines_that_are_objects_only_together_are_none(lines: tuple[bytes, ...]) -> None:
    alone = [row for line in lines for row in rows(line)]
    assert rows(*lines, b"") == alone  # with the line end of the last, all come together
    assert "not_json" in reasons(alone)
