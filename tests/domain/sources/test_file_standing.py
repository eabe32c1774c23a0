"""What the name of a file says of its place in a segment."""

import pytest

from shared.domain.sources.file_standing import NamedFile, Standing, named_file, what_cannot_be_read


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
    assert named_file(name) == NamedFile(Standing.DATA, ending)


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
    assert named_file(name) == NamedFile(Standing.OPEN, ending)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.xlsx", "a workbook"),
        ("a.XLS", "a workbook"),
        ("a.xml.gz", "XML"),
        ("a.avro", "Avro"),
        ("a.snappy.parquet", "Parquet"),
        ("a.csv.zip", "a packed file or an archive"),
        ("a.csv.zst", "a packed file or an archive"),
        ("a.csv.bz2", "a packed file or an archive"),
        ("a.tar.gz", "a packed file or an archive"),
        ("a.html", "a web page"),
    ],
)
def test_kinds_that_may_hold_customers_are_refused(name: str, what: str) -> None:
    named = named_file(name)
    assert named.standing is Standing.REFUSED
    assert what_cannot_be_read(named.ending) == what


@pytest.mark.parametrize("name", ["readme.md", "a.csv.crc", "notes.pdf", "run.log", "a.csv.md5", "x.sql", "a.png"])
def test_anything_else_is_no_data(name: str) -> None:
    assert named_file(name).standing is Standing.OTHER
