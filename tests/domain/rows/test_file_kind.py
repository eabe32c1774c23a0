"""The kinds of file that a segment may hold."""

import pytest

from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_kind import FileKind, dialect_by_name, foreign_kind, is_data_file, kind_of_file


@pytest.mark.parametrize(
    "name",
    [
        "a.ndjson",
        "a.jsonl",
        "a.csv",
        "eu/a.b.csv.gz",
        "a.ndjson.gz",
        "a.jsonl.gz",
        ".csv",
        "CUSTOMERS.CSV",
        "a.csv.GZ",
        "part-00000.json",
        "a.TXT",
        "a.tsv.gz",
    ],
)
def test_a_name_with_a_known_ending_is_a_data_file(name: str) -> None:
    assert is_data_file(name)


@pytest.mark.parametrize(
    "name", ["csv", "manifest", "readme.md", "a.gz", "a.csv.gz.gz", "a.csv.zip", "a.parquet", "a.csv.bak"]
)
def test_a_name_with_another_ending_is_none(name: str) -> None:
    assert not is_data_file(name)
    assert kind_of_file(name) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.ndjson", FileKind(FileFormat.NDJSON, is_packed=False, ending=".ndjson")),
        ("a.b.csv.gz", FileKind(FileFormat.CSV, is_packed=True, ending=".csv.gz")),
        ("a.jsonl.gz", FileKind(FileFormat.NDJSON, is_packed=True, ending=".jsonl.gz")),
        ("A.Csv.GZ", FileKind(FileFormat.CSV, is_packed=True, ending=".csv.gz")),
        ("a.json", FileKind(FileFormat.JSON, is_packed=False, ending=".json")),
        ("a.tsv", FileKind(FileFormat.CSV, is_packed=False, ending=".tsv")),
        ("a.txt.gz", FileKind(FileFormat.CSV, is_packed=True, ending=".txt.gz")),
        ("a.gz/a.csv", FileKind(FileFormat.CSV, is_packed=False, ending=".csv")),
    ],
)
def test_the_ending_of_a_name_says_how_the_file_is_read(name: str, kind: FileKind) -> None:
    assert kind_of_file(name) == kind


def test_a_name_alone_makes_the_plainest_dialect() -> None:
    assert dialect_by_name("a.csv.gz") == Dialect(FileFormat.CSV, is_packed=True)
    assert dialect_by_name("a.TSV") == Dialect(FileFormat.CSV, delimiter="\t")
    assert dialect_by_name("a") == Dialect(FileFormat.NDJSON)


def test_json_and_text_may_be_something_else_than_rows() -> None:
    names = ["a.json", "a.txt.gz", "a.csv", "a.ndjson", "a.tsv"]
    assert [name for name in names if (kind := kind_of_file(name)) and kind.is_open] == ["a.json", "a.txt.gz"]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.XLSX", "an Excel workbook"),
        ("a.xls.gz", "an Excel workbook"),
        ("a.csv.zip", "an archive"),
        ("a.snappy.parquet", "a Parquet file"),
        ("a.csv.zst", "a file that is packed otherwise than with gzip"),
        ("customers.gz", "a gzip file whose name does not say what is in it, as .csv.gz would"),
        ("a.csv.gz.gz", "a gzip file whose name does not say what is in it, as .csv.gz would"),
        ("a.csv", None),
        ("a.json.gz", None),
        ("readme.md", None),
        ("_SUCCESS", None),
        ("a.crc", None),
    ],
)
def test_a_file_that_may_hold_customers_and_cannot_be_read_is_known_by_its_name(name: str, what: str | None) -> None:
    assert foreign_kind(name) == what


def test_only_csv_names_its_columns_in_a_header() -> None:
    assert [name for name in ("a.csv", "a.csv.gz", "a.ndjson", "a.jsonl.gz") if _has_header(name)] == [
        "a.csv",
        "a.csv.gz",
    ]


def _has_header(name: str) -> bool:
    kind = kind_of_file(name)
    return kind is not None and kind.has_header
