"""Rows from CSV."""

import csv
import gzip
import io
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.errors import ConfigurationError
from shared.domain.rows.delimited.header import MAX_COLUMNS, MAX_HEADER_BYTES, MAX_HEADER_LINES
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import PAGE_ROWS, FileReader
from shared.domain.rows.lines import MAX_LINE_BYTES
from tests.domain.rows.feeding import Found, cut, cuts, found, reasons, rough_files, single_bytes

NAME = "vip/part.csv"
BOM = b"\xef\xbb\xbf"
COMMA = Dialect(FileFormat.CSV)
TOO_LARGE = (
    "The header has more than 65,536 bytes, 1,000 lines or 2,000 columns; leave out columns that are not needed, and "
    "end each row with a line break"
)


def rows(text: str | bytes, dialect: Dialect = COMMA) -> list[Found]:
    return rows_of([text.encode() if isinstance(text, str) else text], dialect)


def rows_of(pieces: list[bytes], dialect: Dialect = COMMA) -> list[Found]:
    reader = FileReader(NAME, dialect, "EMail")
    pages = [*(page for piece in pieces for page in reader.feed(piece)), *reader.close()]
    return [found(row) for page in pages for row in page.rows]


def header_of(data: bytes, dialect: Dialect = COMMA) -> tuple[str, ...] | None:
    reader = FileReader(NAME, dialect)
    for _ in (*reader.feed(data), *reader.close()):
        pass
    return reader.header


def refused(data: bytes) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        rows(data)
    with pytest.raises(ConfigurationError) as again:
        rows_of(single_bytes(data))
    assert str(again.value) == str(refusal.value)
    return str(refusal.value)


words = st.text(st.sampled_from('ab é\u2028",;\t\n\x1c0'), max_size=6)
headers = st.lists(
    st.text(st.sampled_from('abcé",;\t\n'), min_size=1, max_size=5).filter(lambda name: name == name.strip()),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def written_files(draw: st.DrawFn) -> tuple[str, str]:
    """Return a file as Python's csv module writes it, and its delimiter."""
    columns = draw(headers)
    delimiter = draw(st.sampled_from(",;\t|"))
    quote_all = draw(st.booleans())
    text = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(columns)
    writer.writerows(draw(st.lists(st.lists(words, min_size=len(columns), max_size=len(columns)), max_size=5)))
    return text.getvalue(), delimiter


def _repeats(cells: list[str], header: list[str]) -> bool:
    """Tell whether *cells* repeat *header*; the reader does not look for blanks behind its first name."""
    is_close = cells[0] in (header[0], header[0].strip()) or cells[0] < "!"
    return is_close and [cell.strip() for cell in cells] == [name.strip() for name in header]


@given(written_files(), cuts, st.booleans(), st.booleans())
def test_what_pythons_csv_module_wrote_is_read_as_it_would_read_it(
    file: tuple[str, str], places: list[int], has_bom: bool, ends: bool
) -> None:
    text, delimiter = file
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [*(found.fieldnames or ())]
    expected = [
        row for row in found if "".join(row.values()).strip(" \t\n\x1c") and not _repeats([*row.values()], header)
    ]
    dialect = Dialect(FileFormat.CSV, delimiter=delimiter)
    data = (BOM if has_bom else b"") + (text if ends else text.removesuffix("\n").removesuffix("\r")).encode()

    assert rows(data, dialect) == expected
    assert rows_of(cut(data, places), dialect) == expected
    assert rows_of(single_bytes(gzip.compress(data)), replace(dialect, is_packed=True)) == expected


@given(rough_files, cuts)
@example('"x",a","x",a"', [])
def test_the_rows_of_a_rough_file_are_the_same_however_the_pieces_fall(text: str, places: list[int]) -> None:
    data = b"EMail,Name\n" + text.encode()
    expected = rows(data)

    assert rows_of(cut(data, places)) == expected
    assert rows_of(single_bytes(data)) == expected


@pytest.mark.parametrize(
    ("delimiter", "header", "columns"),
    [
        (",", "EMail,First Name", ("EMail", "First Name")),
        (";", "EMail;First, Name;x", ("EMail", "First, Name", "x")),
        ("\t", "EMail\tName", ("EMail", "Name")),
        ("|", "EMail|First, Name", ("EMail", "First, Name")),
        (",", '"a;b;c",EMail', ("a;b;c", "EMail")),
        (";", '"a,b,c";EMail', ("a,b,c", "EMail")),
        (",", '"EMail" , "First Name",x', ("EMail", "First Name", "x")),
        (";", 'EMail;"Name, the ""first"", or so"', ("EMail", 'Name, the "first", or so')),
        (";", 'Size 5";EMail', ('Size 5"', "EMail")),
        (";", '"First\nName";EMail', ("First\nName", "EMail")),
        ("\t", 'EMail\t"First,\n,\nName"', ("EMail", "First,\n,\nName")),
        (",", "EMail", ("EMail",)),
        (",", " EMail , Name\r", ("EMail", "Name")),
        (",", "EMail,EMail", ("EMail", "EMail")),
        (",", '\r\n  \n"EMail",Name', ("EMail", "Name")),
        (";", ';;\n"";""\nEMail;Name', ("EMail", "Name")),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", BOM])
def test_the_header_is_read(delimiter: str, header: str, columns: tuple[str, ...], end: str, bom: bytes) -> None:
    data, dialect = bom + (header + end).encode(), Dialect(FileFormat.CSV, delimiter=delimiter)

    assert header_of(data, dialect) == columns
    assert rows_of(single_bytes(data), dialect) == []


def test_every_value_is_text() -> None:
    assert rows("a,b,c,d\n1,,true,NaN\n") == [{"a": "1", "b": "", "c": "true", "d": "NaN"}]


def test_a_quoted_field_holds_line_ends_delimiters_and_quotes() -> None:
    text = 'EMail,Note\na@example.com,"Dear ""A"",\r\n\n  see; you"\nb@example.com,x\n'
    assert rows(text) == [
        {"EMail": "a@example.com", "Note": 'Dear "A",\r\n\n  see; you'},
        {"EMail": "b@example.com", "Note": "x"},
    ]


def test_one_column_is_enough_and_blank_lines_are_no_rows() -> None:
    assert rows("EMail\na@example.com\n\n\r\nb@example.com") == [{"EMail": "a@example.com"}, {"EMail": "b@example.com"}]


@pytest.mark.parametrize("data", [b"", BOM, b"\n", b"\r\n \n", b"EMail,Name", b"EMail,Name\n", b"EMail,Name\r\n\r\n"])
def test_a_file_without_rows_has_none(data: bytes) -> None:
    assert rows(data) == []
    assert rows_of(single_bytes(data)) == []


UNCLOSED = "A quote opens a field and is not closed as CSV demands; double each quote within a quoted field."
STRAY = "A quote stands in the middle of a quoted field; double each quote within a quoted field."
NOT_UTF8 = "The row is not UTF-8 text; write the file as UTF-8, or set reading.encoding of the export."
BAD = {
    b"b@example.com,b,c": (
        "too_many_fields",
        "The row has 3 fields; the header has 2. Put values with a delimiter in quotes.",
    ),
    b"b@example.com,\xff": ("wrong_encoding", NOT_UTF8),
    b'b@example.com,"one\ntwo\xff"': ("wrong_encoding", NOT_UTF8),
    b'"b@example.com" or "c",b': ("stray_quote", STRAY),
    b'"b@example.com"x,b': ("unclosed_quote", UNCLOSED),
    b'"b"x,"b': ("unclosed_quote", UNCLOSED),
    b"b@example.com,b\rb": (
        "not_csv",
        "A line break of another kind than those between rows stands outside of quotes; put the value in quotes.",
    ),
    b'b@example.com,"b': ("unclosed_quote", UNCLOSED),
    b"b@example.com," + b"x" * MAX_LINE_BYTES: ("line_too_long", "The line has more than 1,048,576 bytes."),
}


@pytest.mark.parametrize("line", BAD, ids=lambda line: str(line[:24]))
@pytest.mark.parametrize("good", [b"a@example.com,a", b'a@example.com,"a"', b'"a@example.com",a'])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_bad_row_costs_itself_only(line: bytes, good: bytes, end: bytes) -> None:
    fine = {"EMail": "a@example.com", "Name": "a"}
    data = end.join([b"EMail,Name", good, line, b"", good, good, b""])

    assert rows(data) == [fine, BAD[line], fine, fine]


def test_row_numbers_are_right_behind_every_kind_of_bad_row() -> None:
    good = b'a@example.com,"a\na"'
    lines = [b"EMail,Name", *(found for line in BAD for found in (line, b"\r", good))]

    expected = [found for reason, _ in BAD.values() for found in (reason, "ok")]
    assert reasons(rows(b"\n".join(lines))) == expected


def test_a_quote_never_closed_costs_its_own_line_however_much_follows() -> None:
    good = b"a@example.com,a\n" * (3 * MAX_LINE_BYTES // 16)
    data = b'EMail,Name\nb@example.com,"b\n' + good + b'c@example.com,"c\n' + good[:32]

    assert reasons(rows(data)) == ["unclosed_quote", *["ok"] * good.count(b"\n"), "unclosed_quote", "ok", "ok"]


def test_a_record_that_is_open_when_an_older_quote_is_given_up_is_read_on() -> None:
    good = b"a@example.com,a\n"
    lines = good * (MAX_LINE_BYTES // len(good) - 2)  # the limit is passed within the other record
    data = b'EMail,Name\nb@example.com,"b\n' + lines + b'c@example.com,"c' + b"\n" * 20 + b'c"\n' + good

    *before, last_but_one, last = rows(data)
    assert reasons(before) == ["unclosed_quote", *["ok"] * lines.count(b"\n")]
    assert last_but_one == {"EMail": "c@example.com", "Name": "c" + "\n" * 20 + "c"}
    assert last == {"EMail": "a@example.com", "Name": "a"}


def test_a_record_of_many_lines_has_as_many_bytes_as_a_line_may_have() -> None:
    lines = MAX_LINE_BYTES // 128 - 1
    field = "\n".join(["x" * 127] * lines)
    assert rows(f'a,b\n"{field}",1\n2,3\n') == [{"a": field, "b": "1"}, {"a": "2", "b": "3"}]

    longer = "\n".join(["x" * 127] * (lines + 2))
    found = reasons(rows(f'a,b\n"{longer}",1\n2,3\n'))
    assert found[0] == "unclosed_quote"
    assert found[1:-2] == ["too_few_fields"] * lines
    assert found[-1] == "ok"


def test_no_page_has_too_many_rows_when_many_lines_were_held_back() -> None:
    reader = FileReader(NAME, COMMA)
    data = b'EMail,Name\nb@example.com,"b\n' + b"a,a\n" * 20_000
    pages = [*reader.feed(data), *reader.close()]

    assert sum(len(page.rows) for page in pages) == 20_001
    assert max(len(page.rows) for page in pages) == PAGE_ROWS


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("EMail,Näme\n".encode("cp1252"), "The header is not UTF-8; write the file as UTF-8"),
        ("EMail,Name\na@example.com,a\n".encode("utf-16"), "The header is not UTF-8; write the file as UTF-8"),
        (b'EMail,"Name\na@example.com,a\n', "A quote opens a field and is not closed as CSV demands"),
        (b'EMail,"Name', "A quote opens a field and is not closed as CSV demands"),
        (
            b'"EMail" or "x",Name\n',
            "A quote stands in the middle of a quoted column name; double each quote within quotes",
        ),
        (
            b"EMail,Name\ra@example.com,a\r",
            "A line break of another kind than those between rows stands in the header outside of quotes",
        ),
        (b"x" * MAX_LINE_BYTES + b",EMail\na,b\n", "The line has more than 1,048,576 bytes"),
        (b"EMail" + b",x" * (MAX_COLUMNS - 1) + b",x\na@example.com,a\n", TOO_LARGE),
        (b"EMail," + b"x" * MAX_HEADER_BYTES + b"\na@example.com,a\n", TOO_LARGE),
        (b'EMail,"Name\na@example.com,12"\n', "A quote opens a field and is not closed as CSV demands"),
        (b'EMail,"' + b"x\n" * MAX_HEADER_LINES + b'"\na@example.com,a\n', TOO_LARGE),
    ],
    ids=range(11),
)
def test_a_file_whose_header_cannot_be_read_is_refused_with_the_reason(data: bytes, why: str) -> None:
    if len(data) > MAX_LINE_BYTES:
        with pytest.raises(ConfigurationError, match=why):
            rows(data)
    else:
        assert refused(data) == f"File '{NAME}' cannot be read: {why}. Write it anew."


def test_a_header_whose_quote_stays_open_is_not_read_on_for_ever() -> None:
    reader = FileReader(NAME, COMMA)
    with pytest.raises(ConfigurationError, match="A quote opens a field and is not closed"):
        list(reader.feed(b'EMail,"Name\n' + b"a\n" * MAX_HEADER_LINES))
    reader = FileReader(NAME, COMMA)
    with pytest.raises(ConfigurationError, match="A quote opens a field and is not closed"):
        list(
            reader.feed(
                b'EMail,"Name\n' + b"a-name,a-rather-long-name-of-a-person-or-a-thing-which-is-no-column\n" * 999
            )
        )


def test_a_header_may_be_large() -> None:
    name, names = "x" * 60_000, tuple(f"c{number}" for number in range(MAX_COLUMNS))
    assert header_of(f"EMail,{name}\n".encode()) == ("EMail", name)
    assert header_of(",".join(names).encode() + b"\n") == names
    lines = "x\n" * (MAX_HEADER_LINES - 1)
    assert header_of(f'EMail,"{lines}"\n'.encode()) == ("EMail", lines.strip())


def test_of_columns_with_one_name_the_header_tells_both() -> None:
    assert header_of(b"EMail,x,x\na@example.com,1,2\n") == ("EMail", "x", "x")
