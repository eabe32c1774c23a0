"""The kind and the encoding of a file, found out from its top."""

import codecs
import gzip
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.domain.config.reading import Reading
from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.dialects.find_dialect import find_dialects
from shared.domain.dialects.find_evidence import KEPT_CHARACTERS, find_evidence
from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from tests.domain.dialects.looking import dialect, evidence_of, finding, problem, rows_found, top_of, warnings
from tests.domain.rows.feeding import cut, cuts, rough_files, single_bytes
from tests.domain.rows.test_json_elements import rough_json

CSV = "email,name\na@example.com,Ann\nb@example.com,Їжак\n"
ROWS = [{"email": "a@example.com", "name": "Ann"}, {"email": "b@example.com", "name": "Їжак"}]
NDJSON = b'{"email":"a@example.com"}\n{"email":"b@example.com"}\n'
ARRAY = b'[\n{"email":"a@example.com"},\n{"email":"b@example.com"}\n]'
NOT_1252 = (
    "File 'a.csv' is not windows-1252, although reading.encoding of the export or its first bytes say so: "
    "write it as UTF-8, or correct reading.encoding."
)
EMAILS = [{"email": "a@example.com"}, {"email": "b@example.com"}]


@pytest.mark.parametrize(
    ("data", "file_format"),
    [
        (NDJSON, FileFormat.NDJSON),
        (NDJSON.replace(b"\n", b"\r\n"), FileFormat.NDJSON),
        (NDJSON.rstrip(), FileFormat.NDJSON),
        (b"\n\n" + NDJSON, FileFormat.NDJSON),
        (b"{bad\n" + NDJSON, FileFormat.NDJSON),
        (b"[1]\n" + NDJSON, FileFormat.NDJSON),
        (NDJSON.replace(b'"a@', b'NaN,"b":"a@'), FileFormat.NDJSON),
        (b'{"email":"a@example.com","value":[{"a":1}]}\n', FileFormat.NDJSON),
        (b'{"value":[{"a":1}],"email":"a@example.com"}\n', FileFormat.NDJSON),
        (ARRAY, FileFormat.JSON),
        (ARRAY.replace(b"\n", b""), FileFormat.JSON),
        (codecs.BOM_UTF8 + ARRAY, FileFormat.JSON),
        (b'{"@odata.context":"x","value":' + ARRAY + b"}", FileFormat.JSON),
        (b'{"value":' + ARRAY.replace(b"\n", b"") + b"}\n", FileFormat.JSON),
        (NDJSON.replace(b"{", b"{\n ").replace(b"}", b"\n}"), FileFormat.JSON),
        (NDJSON.replace(b"}", b"},"), FileFormat.JSON),
        (NDJSON.replace(b"\n", b""), FileFormat.JSON),
    ],
)
@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "part-00000.json", "a.JSON", "a.txt"])
def test_how_json_holds_its_rows_is_told_by_its_content(name: str, data: bytes, file_format: FileFormat) -> None:
    found = finding(data, name)
    assert found.problem is None
    assert found.dialect is not None
    assert found.dialect.format is file_format
    assert "email" in found.names or b"value" in data
    assert found.header is None
    assert found.warnings == ()


@pytest.mark.parametrize(
    "data", [NDJSON, ARRAY, b'{"value":' + ARRAY + b"}", NDJSON.replace(b"{", b"{\n "), NDJSON.replace(b"}", b"},")]
)
@pytest.mark.parametrize("name", ["a.ndjson", "a.json", "a.txt", "a.csv"])
def test_the_rows_of_json_are_read_however_they_are_held(name: str, data: bytes) -> None:
    assert rows_found(data, name) == EMAILS
    assert rows_found(gzip.compress(data), name + ".gz") == EMAILS


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.txt", "a.tsv", "a.json", "a.ndjson", "part-0000"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_whatever_it_is_named_and_in_every_kind_of_unicode(name: str, encoding: str) -> None:
    assert rows_found(CSV.encode(encoding), name) == ROWS
    assert rows_found(gzip.compress(CSV.encode(encoding)), name) == ROWS


def test_content_that_the_name_does_not_say_is_read_with_a_warning_that_names_the_file() -> None:
    otherwise = "as its content shows, though its name says otherwise."
    assert warnings(NDJSON, "a.csv") == [f"File 'a.csv' is read as JSON, {otherwise}"]
    assert warnings(CSV, "a.ndjson") == [f"File 'a.ndjson' is read as CSV, {otherwise}"]
    assert warnings(gzip.compress(CSV.encode())) == ["File 'a.csv' is gzip, though its name does not end in .gz."]
    assert warnings(CSV, "a.csv.GZ") == ["File 'a.csv.GZ' is not gzip, though its name ends in .gz."]
    assert warnings(CSV.encode("utf-16-le")) == [
        "File 'a.csv' is read as UTF-16, as its bytes show, though it has no byte-order mark."
    ]
    for data, name in ((CSV, "a.csv"), (gzip.compress(CSV.encode()), "a.csv.gz"), (CSV.encode("utf-16"), "a.txt")):
        assert warnings(data, name) == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\x00", "an Excel workbook or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"ORC\x11\x00\x00", "an ORC file"),
        (b"\x28\xb5\x2f\xfd\x04", "packed with zstd"),
        (b"BZh91AY&SY\x80\xff", "packed with bzip2"),
        (gzip.compress(b"a\n"), "packed twice with gzip"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\n <HTML><table>", "a web page"),
        (b'<?xml version="1.0"?>', "an XML file"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "an XML file"),
        (b"%PDF-1.7\n", "a PDF document"),
        ("email\n".encode("utf-32"), "in UTF-32"),
        (b"\x00\x01\x02\x03" * 100, "no text"),
        (zlib.compress(bytes(1000)) + bytes(100), "no text"),
    ],
)
def test_what_holds_no_rows_is_refused_with_what_it_is(data: bytes, what: str) -> None:
    then = "write the rows as CSV or JSON instead, in UTF-8, packed with gzip or not at all."
    assert problem(gzip.compress(data), "a.csv.gz") == ("not_rows", f"File 'a.csv.gz' is {what}: {then}")
    if what != "packed twice with gzip":
        assert problem(data, "a.ndjson")[1].startswith(f"File 'a.ndjson' is {what}: ")


@pytest.mark.parametrize(
    "header", ["ORCID,email", "PAR1,email", "BZh,email", "<email>,name", "Obj,email", "PKey,email"]
)
def test_a_name_of_a_column_is_not_taken_for_magic(header: str) -> None:
    assert finding(header + "\n1,a@example.com\n").header == tuple(header.split(","))


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("email,name\na@example.com,Анна\n", "windows-1251", "windows-1251"),
        ("email,Ім'я\na@example.com,Anna\n", "windows-1251", "windows-1251"),
        ("email,name\na@example.com,Олена Коваль\nb@example.com,Їжак\n", "koi8-u", "koi8-u"),
        ("email,name\na@example.com,Müller\nb@example.com,Bob\n", "windows-1252", "windows-1252"),
        ("email,name\na@example.com,José Núñez\n", "windows-1252", "windows-1252"),
        ("email,name\na@example.com,Łukasz Wiśniewski\nb@example.com,Gdańsk\n", "windows-1250", "windows-1250"),
        ("email,name\na@example.com,田中太郎\nb@example.com,鈴木一郎\n", "shift_jis", "shift_jis"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused_with_the_encoding_that_it_seems_to_be_in(
    text: str, encoding: str, name: str
) -> None:
    sentence = (
        f"File 'a.csv' is not UTF-8 (it looks like {name}): write it as UTF-8, or set reading.encoding of the export."
    )
    data = text.encode(encoding)
    assert problem(data) == ("not_utf8", sentence)
    found = dialect(data, reading=Reading(encoding=encoding))
    reader = FileReader("a.csv", found)
    assert [page.rows for page in (*reader.feed(data), *reader.close()) if page.rows]
    assert finding(data, reading=Reading(encoding=encoding)).header == tuple(text.split("\n", maxsplit=1)[0].split(","))


def test_an_encoding_that_cannot_be_told_is_not_named() -> None:
    plain = "File 'a.csv' is not UTF-8: write it as UTF-8, or set reading.encoding of the export."
    assert problem(b"email,name\na@example.com,\x98\xfc\x87\n") == ("not_utf8", plain)


@pytest.mark.parametrize(("bad", "is_refused"), [(0, False), (2, False), (3, True)])
def test_rows_of_ascii_say_nothing_about_the_encoding(bad: int, is_refused: bool) -> None:
    rows = [b"a@example.com,Ann"] * 50 + ["b@example.com,Їжак".encode()] * 2 + [b"c@example.com,M\xfcller"] * bad
    for header, name in ((b"email,name\n", "a.csv"), (b"", "a.ndjson")):
        data = header + b"\n".join(rows if name == "a.csv" else [b'{"a":"%s"}' % row for row in rows]) + b"\n"
        assert (finding(data, name).problem is not None) is is_refused
        assert not is_refused or problem(data, name)[0] == "not_utf8"


def test_a_minified_array_is_judged_by_its_elements() -> None:
    good = ",".join(['{"a":"Їжак"}'] * 5).encode()
    assert dialect(b"[" + good + b',{"a":"\xff"}]', "a.json").format is FileFormat.JSON
    assert problem(b'[{"a":"\xc0\xed\xed\xe0"},{"a":"\xc0\xed\xf2\xee\xed"},{"a":1}]', "a.json")[0] == "not_utf8"


def test_the_encoding_of_the_export_wins_but_for_a_mark() -> None:
    reading = Reading(encoding="windows-1251")
    assert dialect("email\nЩЮЖ\n".encode("cp1251"), reading=reading).encoding == "cp1251"
    assert dialect(CSV.encode("utf-8-sig"), reading=reading).encoding == "utf-8"
    assert dialect(CSV.encode("utf-16"), reading=reading).encoding == "utf-16-le"
    for name, codec in (("utf-16", "utf-16-be"), ("utf-16-be", "utf-16-be"), ("utf-8", "utf-8")):
        data = CSV.encode(codec)
        assert dialect(data, reading=Reading(encoding=name)).encoding == codec
        assert finding(data, reading=Reading(encoding=name)).warnings == ()


def test_an_encoding_of_the_export_that_does_not_fit_is_told() -> None:
    assert problem(b"email,n\na@example.com,\x81\x8d\n", reading=Reading(encoding="windows-1252")) == (
        "not_in_encoding",
        NOT_1252,
    )
    assert warnings(CSV, reading=Reading(encoding="windows-1251")) == [
        "File 'a.csv' is read as windows-1251, as reading.encoding of the export says, though it looks like UTF-8."
    ]


def test_gzip_that_cannot_be_unpacked_is_a_problem() -> None:
    packed = gzip.compress(CSV.encode())
    assert problem(packed[:-3], "a.csv.gz") == (
        "file_unreadable",
        "File 'a.csv.gz' cannot be read: it ends too early. Write it anew.",
    )


def test_what_the_end_of_the_top_cuts_off_is_no_evidence() -> None:
    row = "a@example.com,Їжак\n".encode()
    for shift in range(len(row)):
        data = b"email,name" + b"x" * shift + b"\n" + row * (TOP_BYTES // len(row) + 10)
        assert evidence_of("a.csv", data).shows_delimiter
    assert dialect(b'[{"a":"' + "Ї".encode() * TOP_BYTES + b'"}]', "a.json").format is FileFormat.JSON
    assert dialect(b' [{"a":"' + "Ї".encode() * TOP_BYTES + b'"}]', "a.json").format is FileFormat.JSON


def test_a_csv_file_whose_first_line_does_not_end_is_a_problem() -> None:
    assert problem(b"x," * TOP_BYTES) == (
        "no_line_end",
        "File 'a.csv' has no line end in its first 262,144 bytes: write it as CSV, one row a line.",
    )


def test_little_is_kept_of_a_file_and_nothing_of_one_that_shows_how_it_is_written() -> None:
    assert evidence_of("a.csv", CSV * 5000).top == ""
    assert evidence_of("a.ndjson", NDJSON * 5000).top == ""
    one_column = evidence_of("a.csv", "email\n" + "a@example.com\n" * 20_000).top
    assert one_column.endswith("\n")
    assert KEPT_CHARACTERS - 20 < len(one_column) <= KEPT_CHARACTERS


anything = st.binary(max_size=80) | rough_files.map(str.encode) | rough_json
names = st.sampled_from(["a.csv", "a.json", "a.ndjson.gz", "a.txt", "a.tsv", "a"])
codec_names = st.sampled_from([None, "utf-8", "utf-16", "cp1252", "gb18030", "koi8-u"])


@settings(max_examples=400)
@given(anything, names, codec_names, st.sampled_from(["plain", "gzip", "utf-16"]), cuts)
@example(b"\xff\xfe\x00", "a.csv", None, "plain", [])
def test_whatever_a_file_holds_it_is_read_or_refused_and_the_chunks_make_no_difference(
    data: bytes, name: str, encoding: str | None, way: str, places: list[int]
) -> None:
    if way != "plain":
        data = gzip.compress(data) if way == "gzip" else data.decode("utf-8", "replace").encode("utf-16-le")
    reading = Reading(encoding=encoding)
    (*_, evidence) = find_evidence(name, top_of(cut(data, places)), reading)
    (*_, again) = find_evidence(name, top_of([data]), reading)
    assert evidence == again
    assert evidence is not None
    (found,) = find_dialects([evidence], reading)
    assert (found.dialect is None) is (found.problem is not None)

    if found.dialect is not None and found.dialect.format is not FileFormat.CSV:
        assert outcome(found.dialect, cut(data, places)) == outcome(found.dialect, single_bytes(data))


def outcome(found: Dialect, pieces: list[bytes]) -> list[object]:
    """Return the rows of a file, or why it cannot be read."""
    reader = FileReader("a", found)
    try:
        pages = [*(page for piece in pieces for page in reader.feed(piece)), *reader.close()]
    except ConfigurationError as error:
        return [str(error)]
    return [row for page in pages for row in page.rows]


@pytest.mark.parametrize(
    "unit",
    [
        b"{",
        b"[",
        b'"',
        b"\\",
        b'\\"',
        b",",
        b'"\n',
        b'",',
        b"\n",
        b"\r",
        b'{"a":',
        b"{}\n",
        b"1,",
        b"\xff",
        b"\xef\xbb\xbf",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_hostile_bytes_are_decided_about_in_steps(unit: bytes, name: str) -> None:
    found = finding(unit * (2 * TOP_BYTES // len(unit)), name)
    assert found.problem is not None or found.dialect is not None
