"""The rows of a file that the demonstration sends or counts."""

from pathlib import Path

import pytest

from local.demo.rows import count_rows, first_rows
from local.parquet_files import parquet_file
from local.processes import LocalProblem

ROWS = [{"EMail": "ann@example.com", "FirstName": "Ann"}, {"EMail": "bob@example.com", "FirstName": "Bob"}]
TEXT = "EMail;FirstName\nann@example.com;Ann\nbob@example.com;Bob\n"


@pytest.mark.parametrize("text", [TEXT, TEXT.replace(";", ","), TEXT.replace(";", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_as_a_run_reads_it(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(text.encode(encoding))
    assert (first_rows(path, 10), first_rows(path, 1), count_rows(path)) == (ROWS, ROWS[:1], 2)


@pytest.mark.parametrize("name", ["customers.parquet", "part-00000"])
def test_a_parquet_file_is_read_as_well(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"".join(parquet_file([[row | {"Picture": b"\xff"} for row in ROWS]])))
    assert (first_rows(path, 10), first_rows(path, 1), count_rows(path)) == (ROWS, ROWS[:1], 2)


def test_a_parquet_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    path.write_bytes(b"".join(parquet_file([ROWS]))[:-9])
    with pytest.raises(LocalProblem, match=r"^File 'customers\.parquet' begins as Parquet"):
        count_rows(path)


@pytest.mark.parametrize("body", [TEXT.partition("\n")[2].encode(), TEXT.replace("Ann", "Ганна").encode("cp1251")])
def test_a_file_that_a_run_would_refuse_is_refused_with_the_same_sentence(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(body)
    with pytest.raises(LocalProblem, match=r"^File 'customers\.csv' (has no header row|is not UTF-8)"):
        count_rows(path)
