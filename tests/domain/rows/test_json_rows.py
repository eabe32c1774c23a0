"""Rows from JSON that is not written a row a line."""

import gzip

import pytest
from hypothesis import given

from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import PAGE_ROWS, FileReader
from shared.domain.rows.lines import MAX_LINE_BYTES
from shared.domain.rows.rows import Page, Unreadable
from tests.domain.rows.feeding import Found, cut, cuts, found, reasons, single_bytes
from tests.domain.rows.test_json_elements import rough_json

GOOD = b'{"a":1}'
MISTAKE = (
    "The element is not a JSON object that can be read: "
    "write names and texts in double quotes, and a comma between two members."
)


def pages(*pieces: bytes, is_packed: bool = False) -> list[Page]:
    reader = FileReader("a.json", Dialect(FileFormat.JSON, is_packed))
    return [*(page for piece in pieces for page in reader.feed(piece)), *reader.close()]


def rows(*pieces: bytes) -> list[Found]:
    return [found(row) for page in pages(*pieces) for row in page.rows]


def reasons_told(data: bytes) -> list[str]:
    """Return the sentences about the rows of *data* that cannot be read."""
    return [row[1] for row in rows(data) if isinstance(row, tuple)]


def test_a_bad_element_costs_itself_only() -> None:
    bad = {
        b'{"a":}': "not_json",
        b"{'a':1}": "not_json",
        b"7": "not_an_object",
        b"[1]": "not_an_object",
        b'"x"': "not_an_object",
        b'{"a":"\xff"}': "wrong_encoding",
        b'{"a":"\\ud800"}': "not_json",
        b'{"a":"' + b"x" * MAX_LINE_BYTES + b'"}': "line_too_long",
        b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}": "not_json",
    }
    for element, reason in bad.items():
        assert reasons(rows(b"[" + GOOD + b",\n" + element + b"," + GOOD + b"]")) == ["ok", reason, "ok"]
    assert reasons(rows(b"[" + b",".join([*bad, GOOD]) + b"]")) == [*bad.values(), "ok"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'[{"a":"x"y"},{"a":"1"},{"a":"x"y"},{"a":"2"}]', [(1, True), (1, True), (1, True), (1, False)]),
        (b'[{"a":{"b":1},\n{"a":2}},\n{"a":3}]', [(1, True), (2, True), (3, False)]),
        (b'{"a":1\n}\n{"a":2\n\n{"a":3\n}\n}\n{"a":4\n}', [(1, False), (3, True), (5, True), (8, False)]),
        (b'[{"a":x,"b":{"c":1},"d":[{"e":1}]}]', [(1, True)]),
        (b'[{"a":"\\ud800","d":[{"e":1},{"e":2}]}]', [(1, True)]),
        (b"[x,7]", [(1, True), (1, True)]),
        (b'[{"a":"x"y"' + b'},{"a":"2"' * 700 + b'},{"a":"x"y"}]', [(1, True)] * 702),
    ],
)
def test_objects_that_a_broken_one_has_swallowed_are_counted_and_none_is_sent(
    data: bytes, expected: list[tuple[int, bool]]
) -> None:
    for pieces in ([data], single_bytes(data)):
        told = [
            (line, isinstance(row, Unreadable))
            for page in pages(*pieces)
            for line, row in zip(page.lines, page.rows, strict=True)
        ]
        assert told == expected


def test_it_is_said_where_objects_run_into_each_other() -> None:
    (one, *_) = reasons_told(b'[{"a":"x"y"},{"a":"1"},{"a":"x"y"}]')
    (other, *_) = reasons_told(b'[{"a":{"b":1},\n{"a":2}},\n{"a":3}]')
    assert one.startswith("On line 1 of the file, objects run into each other: a quote or a brace is missing")
    assert other.startswith("From line 1 to line 2 of the file, objects run into each other")


def test_the_reasons_speak_of_elements_and_show_no_value() -> None:
    assert reasons_told(b'[5, {"a" "secret"}]') == [
        "The element is JSON, but not an object with column names.",
        MISTAKE,
    ]


def test_a_value_that_json_does_not_have_is_no_value() -> None:
    assert rows(b'[{"a":NaN,"b":[Infinity]}]') == [{"a": None, "b": [None]}]


@pytest.mark.parametrize("data", [b"[" + GOOD, b"[" + GOOD + b",", b'{"value":[' + GOOD + b"]", b'{\n"a":1\n'])
def test_a_file_that_is_cut_off_is_named_after_its_rows_came_out(data: bytes) -> None:
    reader = FileReader("vip/a.json", Dialect(FileFormat.JSON))
    read = [row for page in reader.feed(data) for row in page.rows]

    text = r"^File 'vip/a\.json' ends before its last JSON bracket is closed: it is cut off, or lacks a quote or "
    with pytest.raises(ConfigurationError, match=text) as refusal:
        list(reader.close())
    assert refusal.value.sentence.code == "file_cut_off"
    assert read in ([{"a": 1}], [])


def test_no_page_has_too_many_rows_and_each_row_has_its_number_and_line() -> None:
    data = b"[\n" + b",\n".join([GOOD] * 2501) + b"\n]"
    read = pages(data)

    assert max(len(page.rows) for page in read) == PAGE_ROWS
    assert [page.first_row + index for page in read for index in range(len(page.rows))] == list(range(1, 2502))
    assert [line for page in read for line in page.lines] == list(range(2, 2503))


def outcome(*pieces: bytes) -> list[Found] | str:
    try:
        return rows(*pieces)
    except ConfigurationError as error:
        return str(error)


@given(rough_json, cuts)
def test_the_outcome_is_the_same_however_the_pieces_fall(data: bytes, places: list[int]) -> None:
    for whole in (data, b"[" + data + b"]"):
        assert outcome(*cut(whole, places)) == outcome(whole) == outcome(*single_bytes(whole))


def test_a_packed_array_is_read_and_pauses_come_where_it_has_no_rows() -> None:
    packed = gzip.compress(b"[" + b" " * 8 * MAX_LINE_BYTES + GOOD + b"]")
    read = pages(packed, is_packed=True)

    assert [row for page in read for row in page.rows] == [{"a": 1}]
    assert len(read) > 100
