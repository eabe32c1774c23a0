"""Rows from JSON that is not written a row a line."""

import gzip

import pytest
from hypothesis import given

from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import PAGE_ROWS, FileReader
from shared.domain.rows.lines import MAX_LINE_BYTES
from shared.domain.rows.rows import Page
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


def test_the_reasons_speak_of_elements_and_show_no_value() -> None:
    assert [row[1] for row in rows(b'[5, {"a" "secret"}]') if isinstance(row, tuple)] == [
        "The element is JSON, but not an object with column names.",
        MISTAKE,
    ]


def test_a_value_that_json_does_not_have_is_no_value() -> None:
    assert rows(b'[{"a":NaN,"b":[Infinity]}]') == [{"a": None, "b": [None]}]


@pytest.mark.parametrize("data", [b"[" + GOOD, b"[" + GOOD + b",", b'{"value":[' + GOOD + b"]", b'{\n"a":1\n'])
def test_a_file_that_is_cut_off_is_named_after_its_rows_came_out(data: bytes) -> None:
    reader = FileReader("vip/a.json", Dialect(FileFormat.JSON))
    read = [row for page in reader.feed(data) for row in page.rows]

    text = r"^File 'vip/a\.json' is cut off: it ends before its last JSON bracket is closed\. Write it anew\.$"
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
