"""Writes rows as the bytes of a data file: plain ones, and hostile ones that hold the same rows."""

import csv
import gzip
import io
from collections.abc import Sequence
from typing import Any

import orjson

BLANKS = "blanks.ndjson.gz"
"""Packed rows among eight million line feeds."""
MEMBERS = "members.ndjson.gz"
"""Each row packed by itself, and behind each an empty gzip member."""
QUOTES = "quotes.csv"
"""CSV with a quote in the middle of some fields, and some lines with a quote that nothing closes."""
HEADER = "header.csv"
"""A quote and line feeds: a header that no run can read."""
HEADER_PROBLEM = "header_unreadable"
"""The code of the sentence with which a run of `HEADER` fails."""

_LINE_FEEDS = 8_000_000
_HEADER_LINE_FEEDS = 16_500
_OPENED_EVERY = 97


def file_bytes(file: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Return *rows* as the file with the name *file* has them."""
    if file == HEADER:
        return b'"' + b"\n" * _HEADER_LINE_FEEDS
    if file == QUOTES:
        return _quotes(rows)
    lines = [orjson.dumps(row) + b"\n" for row in rows]
    if file == MEMBERS:
        empty = gzip.compress(b"")
        return b"".join([gzip.compress(line, 1) + empty for line in lines])
    if file == BLANKS:
        middle = len(lines) // 2
        return gzip.compress(b"".join([*lines[:middle], b"\n" * _LINE_FEEDS, *lines[middle:]]), 1)
    data = _csv(rows) if ".csv" in file else b"".join(lines)
    return gzip.compress(data, 1) if file.endswith(".gz") else data


def has_open_quote(number: int) -> bool:
    """Tell whether the row with *number* of `QUOTES` begins with a quote that nothing closes; it costs that row only.

    No field of the file needs quotes of its own: with those behind an open quote, nobody could tell rows from text.
    """
    return number % _OPENED_EVERY == 0


def stray_quotes(number: int) -> str:
    """Return the notes of the row with *number* of `QUOTES`: some have a quote in the middle."""
    return "" if number % 2 == 0 or has_open_quote(number) else f'{number} is 5" tall'


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _quotes(rows: Sequence[dict[str, Any]]) -> bytes:
    lines = [",".join(rows[0])]
    for number, row in enumerate(rows, 1):
        opening = '"' if has_open_quote(number) else ""
        lines.append(opening + ",".join(map(str, row.values())))
    return ("\n".join(lines) + "\n").encode()
