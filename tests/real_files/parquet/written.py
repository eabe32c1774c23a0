"""Writes Parquet files for tests, by pyarrow."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet


def parquet_file(columns: Mapping[str, Any], **options: Any) -> bytes:
    """Return a file with *columns*: lists, or arrays of pyarrow where the type matters."""
    return table_file(pa.table(dict(columns)), **options)


def parquet_rows(rows: Sequence[Mapping[str, Any]], **options: Any) -> bytes:
    """Return a file with *rows*, which have the columns of the first one."""
    return parquet_file({name: [row[name] for row in rows] for name in rows[0]}, **options)


def table_file(table: pa.Table, **options: Any) -> bytes:
    """Return a file with *table*."""
    out = io.BytesIO()
    parquet.write_table(table, out, **options)
    return out.getvalue()
