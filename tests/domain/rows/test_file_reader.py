"""From the bytes of a file to pages of rows."""

import gzip

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.rows.file_reader import BLANK_LINES, PAGE_ROWS, PIECE_BYTES, FileReader
from shared.domain.rows.lines import MAX_LINE_BYTES
from tests.domain.rows.feeding import dialect_by_name, pages_of, reasons, rows_of, single_bytes


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl"])
def test_json_lines_are_read_packed_and_as_they_are(name: str) -> None:
    data = b'{"a":1}\n{"a":2}'
    assert rows_of(name, data) == [{"a": 1}, {"a": 2}]
    assert rows_of(name + ".gz", gzip.compress(data)) == [{"a": 1}, {"a": 2}]


def test_csv_is_read_packed_and_as_it_is() -> None:
    assert rows_of("a.csv", b"a\n1\n") == [{"a": "1"}]
    assert rows_of("a.csv.gz", gzip.compress(b"a\n1\n")) == [{"a": "1"}]


@pytest.mark.parametrize("name", ["a.ndjson", "a.csv", "a.csv.gz"])
def test_no_page_has_more_than_500_rows(name: str) -> None:
    line = b"{}\n" if name == "a.ndjson" else b"a\n"
    data = line * 2501 if name == "a.ndjson" else b"EMail\n" + line * 2500
    pages = pages_of(name, [gzip.compress(data) if name.endswith(".gz") else data])

    assert PAGE_ROWS == 500
    assert max(len(page.rows) for page in pages) == PAGE_ROWS
    assert sum(len(page.rows) for page in pages) == 2501 - (name != "a.ndjson")


@pytest.mark.parametrize("unit", [b"\n", b" ", b"\0"], ids=["blank lines", "one blank line", "one line too long"])
@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.csv.gz"])
def test_a_file_with_much_in_it_and_no_rows_leaves_places_to_pause(name: str, unit: bytes) -> None:
    reader = FileReader(name, dialect_by_name(name))
    pauses = sum(1 for _ in reader.feed(gzip.compress(unit * 2 * PIECE_BYTES)))

    assert pauses >= 2 * PIECE_BYTES // (BLANK_LINES if unit == b"\n" else PIECE_BYTES)


def test_a_large_chunk_is_worked_on_a_piece_at_a_time() -> None:
    reader = FileReader("a.ndjson", dialect_by_name("a.ndjson"))
    pages = reader.feed(b"x" * 8 * PIECE_BYTES)
    next(pages)

    assert len(reader._lines._rest) == PIECE_BYTES


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"EMail\n", "it is not valid gzip"),
        (gzip.compress(b"EMail\n")[:-1], "it ends too early"),
        (gzip.compress(b"EMail\n") + b"x", "it is not valid gzip|it ends too early"),
        (gzip.compress(b'"EMail\n'), "A quote opens a field and is not closed as CSV demands"),
    ],
)
def test_a_file_that_cannot_be_unpacked_is_named_with_the_reason(data: bytes, why: str) -> None:
    expected = rf"^File 'vip/a\.csv\.gz' cannot be read: ({why})\. Write it anew\.$"
    with pytest.raises(ConfigurationError, match=expected):
        rows_of("vip/a.csv.gz", data)
    with pytest.raises(ConfigurationError, match=expected):
        rows_of("vip/a.csv.gz", *single_bytes(data))


def test_rows_before_the_damage_come_out() -> None:
    packed = gzip.compress(b"".join(b'{"a":"%x"}\n' % (number * 7919**3) for number in range(50_000)))
    reader = FileReader("a.ndjson.gz", dialect_by_name("a.ndjson.gz"))
    pages = [*reader.feed(packed[: len(packed) // 2])]

    assert 10_000 < sum(len(page.rows) for page in pages) < 40_000
    with pytest.raises(ConfigurationError, match="ends too early"):
        list(reader.close())


def test_only_a_header_names_the_columns_of_a_file() -> None:
    csv, ndjson = FileReader("a.csv", dialect_by_name("a.csv")), FileReader("a.ndjson", dialect_by_name("a.ndjson"))
    columns = [csv.header]
    for piece in (b"EMail,Na", b"me\n"):
        list(csv.feed(piece))
        columns.append(csv.header)

    assert columns == [None, None, ("EMail", "Name")]
    list(ndjson.feed(b'{"EMail":1}\n'))
    assert ndjson.header is None


def test_a_line_too_long_in_a_packed_file_is_one_row() -> None:
    data = b'{"a":1}\n{"a":"' + b"x" * MAX_LINE_BYTES + b'"}\n{"a":2}\n'
    assert reasons(rows_of("a.ndjson.gz", gzip.compress(data))) == ["ok", "line_too_long", "ok"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [0, 1, BLANK_LINES, 3 * BLANK_LINES + 7])
@pytest.mark.parametrize(
    ("name", "lines", "places"),
    [
        ("a.ndjson", [b'{"a":1}', b'{"a":2}'], [1, 2]),
        ("a.csv", [b"email,name", b"a@e.com,Ann", b"b@e.com"], [2, 3]),
        ("a.csv", [b"email,name", b"a@e.com", b"Ann"], [2, 3]),
        ("a.csv", [b"email,name", b'a@e.com,"x', b'y"', b'"b@e.com', b"c@e.com,d"], [2, 4, 5]),
    ],
    ids=["json", "short row", "cut row", "quotes"],
)
def test_many_blank_lines_count_as_lines_and_as_nothing_else(
    name: str, lines: list[bytes], places: list[int], before: int, end: bytes
) -> None:
    def read(blank: int) -> list[tuple[object, int]]:
        pages = pages_of(name, [b"".join(end * blank + line + end for line in lines) + end * blank])
        return [(each, line) for page in pages for each, line in zip(page.rows, page.lines, strict=True)]

    plain = read(0)
    assert [line for _, line in plain] == places
    if lines[-1] != b"c@e.com,d":
        assert read(before) == [(row, line + before * line) for row, line in plain]
    else:
        (first, _), *_, (_, last_line) = read(before)
        assert last_line == places[-1] * (before + 1)
        text = "x" + end.decode() * (before + 1) + "y"
        assert before > BLANK_LINES or first == {"email": "a@e.com", "name": text}
