"""Writes rows as the bytes of a data file."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import orjson


def file_bytes(rows: Sequence[dict[str, Any]], *, is_table: bool) -> bytes:
    """Return *rows* as CSV when *is_table*, else as NDJSON."""
    if not is_table:
        return b"".join([orjson.dumps(row) + b"\n" for row in rows])
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
