"""Cells of CSV whose column has a type in a model."""

from typing import Any

import pytest

from shared.domain.rows.cell_types import CellTypes
from shared.domain.rows.dialect import ColumnType, Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader


def cell(kind: ColumnType, text: str) -> Any:
    row = {"x": text}
    CellTypes(["x"], [kind], {"x"}).apply([row])
    return row["x"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "42", 42),
        ("integer", " -7 ", -7),
        ("integer", "007", 7),
        ("integer", "9223372036854775807", 9223372036854775807),
        ("number", "12.50", 12.5),
        ("number", "1e3", 1000.0),
        ("number", "12", 12),
        ("number", ".5", 0.5),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("boolean", "1", True),
        ("boolean", "0", False),
        ("datetime", "2026-11-28T06:00:00.0000000Z", "2026-11-28T06:00:00+00:00"),
        ("datetime", "2026-11-28 06:00:00", "2026-11-28T06:00:00"),
        ("datetime", "2026-11-28T06:00:00+02:00", "2026-11-28T06:00:00+02:00"),
        ("text", "007", "007"),
    ],
)
def test_a_cell_gets_the_type_of_its_column(kind: ColumnType, text: str, value: Any) -> None:
    found = cell(kind, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "4.2"),
        ("integer", "99999999999999999999"),
        ("integer", "٤٢"),
        ("integer", ""),
        ("number", "1,5"),
        ("number", "nan"),
        ("number", "1e999"),
        ("boolean", "maybe"),
        ("datetime", "11/28/2026 6:00 AM"),
        ("datetime", "2026-13-28T06:00:00"),
    ],
)
def test_a_cell_that_is_not_of_its_type_stays_a_text(kind: ColumnType, text: str) -> None:
    assert cell(kind, text) == text


def test_only_wanted_columns_are_looked_at_and_refused_rows_stay() -> None:
    types: tuple[ColumnType, ...] = ("integer", "integer", "text")
    dialect = Dialect(FileFormat.CSV, has_header=False, columns=("a", "b", "c"), types=types)
    reader = FileReader("x.csv", dialect, typed_columns={"b"})
    body = b'1,2,3\n4,5,6,7\n"8",9,\n'
    rows = [row for page in [*reader.feed(body), *reader.close()] for row in page.rows]
    assert [row if isinstance(row, dict) else row.reason for row in rows] == [
        {"a": "1", "b": 2, "c": "3"},
        "too_many_fields",
        {"a": "8", "b": 9, "c": ""},
    ]
