"""What the name of a file says of its place in a segment."""

import pytest

from shared.domain.dialects.file_kind import FileKind, Standing, kind_of_file
from shared.domain.rows.dialect import Dialect, FileFormat
from tests.domain.rows.feeding import dialect_by_name


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.csv", ".csv"),
        ("CUSTOMERS.CSV", ".csv"),
        ("a.csv.GZ", ".csv.gz"),
        ("part-1.c000.csv", ".csv"),
        ("a.b.tsv", ".tsv"),
        ("a.Ndjson.gz", ".ndjson.gz"),
        ("a.jsonl", ".jsonl"),
        ("vip.xlsx/a.csv", ".csv"),
    ],
)
def test_data(name: str, ending: str) -> None:
    kind = kind_of_file(name)
    assert (kind.standing, kind.ending) == (Standing.DATA, ending)
    assert kind.format is (FileFormat.NDJSON if "json" in ending else FileFormat.CSV)
    assert kind.is_named_packed is ending.endswith(".gz")


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("part-00000.json", ".json"),
        ("export.TXT", ".txt"),
        ("part-00000", ""),
        ("part-00000.gz", ".gz"),
        ("customers.0001", ""),
        ("a.dat", ".dat"),
    ],
)
def test_names_that_leave_it_open(name: str, ending: str) -> None:
    assert kind_of_file(name) == FileKind(Standing.OPEN, ending, FileFormat.JSON if ending == ".json" else None)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.xlsx", "an Excel workbook"),
        ("a.XLS", "an Excel workbook"),
        ("a.xml.gz", "an XML file"),
        ("a.avro", "an Avro file"),
        ("a.parquet.gz", "a Parquet file that is packed once more"),
        ("a.csv.zip", "an archive"),
        ("a.csv.zst", "a file that is packed otherwise than with gzip"),
        ("a.csv.bz2", "a file that is packed otherwise than with gzip"),
        ("a.tar.gz", "an archive"),
        ("a.html", "a web page"),
    ],
)
def test_kinds_that_may_hold_customers_are_refused(name: str, what: str) -> None:
    kind = kind_of_file(name)
    assert (kind.standing, kind.what) == (Standing.REFUSED, what)


@pytest.mark.parametrize("name", ["readme.md", "a.csv.crc", "notes.pdf", "run.log", "a.csv.md5", "x.sql", "a.png"])
def test_anything_else_is_no_data(name: str) -> None:
    assert kind_of_file(name).standing is Standing.OTHER


def test_a_name_alone_makes_the_plainest_dialect() -> None:
    assert dialect_by_name("a.csv.gz") == Dialect(FileFormat.CSV, is_packed=True)
    assert dialect_by_name("a.TSV") == Dialect(FileFormat.CSV, delimiter="\t")
    assert dialect_by_name("a.psv") == Dialect(FileFormat.CSV, delimiter="|")
    assert dialect_by_name("a.jsonl") == Dialect(FileFormat.NDJSON)
