"""The kinds of file that a segment may hold."""

import pytest

from shared.domain.rows.dialect import FileFormat
from shared.domain.rows.file_kind import FileKind, is_data_file, kind_of_file


@pytest.mark.parametrize(
    "name",
    ["a.ndjson", "a.jsonl", "a.csv", "eu/a.b.csv.gz", "a.ndjson.gz", "a.jsonl.gz", ".csv", "CUSTOMERS.CSV", "a.csv.GZ"],
)
def test_a_name_with_a_known_ending_is_a_data_file(name: str) -> None:
    assert is_data_file(name)


@pytest.mark.parametrize(
    "name", ["a.json", "a.txt", "csv", "a.gz", "a.csv.gz.gz", "a.csv.zip", "a.parquet", "a.csv.bak"]
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
        ("a.gz/a.csv", FileKind(FileFormat.CSV, is_packed=False, ending=".csv")),
    ],
)
def test_the_ending_of_a_name_says_how_the_file_is_read(name: str, kind: FileKind) -> None:
    assert kind_of_file(name) == kind


def test_only_csv_names_its_columns_in_a_header() -> None:
    assert [name for name in ("a.csv", "a.csv.gz", "a.ndjson", "a.jsonl.gz") if _has_header(name)] == [
        "a.csv",
        "a.csv.gz",
    ]


def _has_header(name: str) -> bool:
    kind = kind_of_file(name)
    return kind is not None and kind.has_header
