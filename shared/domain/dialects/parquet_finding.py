"""What the footer of a Parquet file says of how the file is read."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shared.domain.dialects.evidence import FileFinding
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.parquet import parquet_sentences as sentences
from shared.domain.rows.parquet.column_types import column_type


def parquet_finding(name: str, columns: Sequence[tuple[str, Any]], rows: int) -> FileFinding:
    """Return the finding for the file *name*, whose footer names *columns* with their Arrow types, and *rows* rows."""
    repeated = [column for column, count in Counter(column for column, _ in columns).items() if count > 1]
    if repeated:
        return FileFinding(name, None, sentences.repeated_column(name, repeated[0][:_LONGEST_NAME]))
    typed = [(column, kind, column_type(kind)) for column, kind in columns]
    readable = [(column, known) for column, _, known in typed if known is not None]
    header = tuple(column for column, _ in readable)
    dialect = Dialect(FileFormat.PARQUET, columns=header, types=tuple(known for _, known in readable))
    refused = tuple((column, str(kind)[:_LONGEST_NAME]) for column, kind, known in typed if known is None)
    return FileFinding(name, dialect, header=header, rows=rows, refused=refused)


_LONGEST_NAME = 64
