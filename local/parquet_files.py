"""Writes and reads Parquet with pyarrow, for sample segments and for the benchmark."""

import io
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

GROUP_ROWS = 1_000_000
"""So many rows has a row group: as many as pyarrow writes into one unless it is told otherwise."""


def parquet_file(blocks: Iterable[list[dict[str, Any]]], *, group_rows: int = GROUP_ROWS) -> Iterator[bytes]:
    """Yield the bytes of a Parquet file with the rows of *blocks*; a file without rows has no columns."""
    import pyarrow as pa  # noqa: PLC0415 - large, and only where there is such a file
    from pyarrow import parquet  # noqa: PLC0415 - as above

    tables = [pa.Table.from_pylist(block) for block in blocks]
    table = pa.concat_tables(tables) if tables else pa.table({})
    out = io.BytesIO()
    parquet.write_table(table, out, row_group_size=group_rows)
    yield out.getvalue()


def bare_rows(data: bytes) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file as pyarrow alone reads them."""
    from pyarrow import parquet  # noqa: PLC0415 - as above

    rows: list[dict[str, Any]] = parquet.read_table(io.BytesIO(data)).to_pylist()
    return rows


def share_of(path: Path, columns: Collection[str]) -> int:
    """Return how many bytes of the file at *path* are those of *columns*."""
    from pyarrow import parquet  # noqa: PLC0415 - as above

    metadata = parquet.read_metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    chunks = (group.column(number) for group in groups for number in range(group.num_columns))
    return sum(chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema in columns)
