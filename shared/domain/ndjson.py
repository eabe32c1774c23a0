"""Rows from newline-delimited JSON: one object a line."""

import json
from typing import Any

import orjson

from shared.domain.lines import MAX_LINE_BYTES, Line
from shared.domain.rows import Row, Unreadable


class NdjsonRows:
    """Reads lines of JSON as rows; blank lines are no rows."""

    columns: tuple[str, ...] | None = None
    """NDJSON has no header: each row names its own columns."""

    def feed(self, lines: list[Line]) -> list[Row | Unreadable]:
        """Return the rows in *lines*."""
        rows: list[Row | Unreadable] = []
        loads = orjson.loads
        for line in lines:
            try:
                row = loads(line or b"")
            except orjson.JSONDecodeError:
                row = _second_try(line)
            if isinstance(row, dict | Unreadable):
                rows.append(row)
            elif row is not _BLANK:
                rows.append(_NOT_AN_OBJECT)
        return rows

    def close(self) -> list[Row | Unreadable]:
        """Return the rows that were still open: none, as a line is a row."""
        return []


def _second_try(line: Line) -> Any:
    """Return the row in a *line* that is not strict JSON, why there is none, or `_BLANK`.

    Many writers put NaN and Infinity into JSON; they stand for "no value" and become null.
    """
    if line is None:
        return _TOO_LONG
    if not line.strip():
        return _BLANK
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return Unreadable("wrong_encoding", f"Byte {error.start + 1} of the line is not UTF-8.")
    try:
        row = json.loads(text, parse_constant=lambda _name: None)
        orjson.dumps(row)
    except json.JSONDecodeError as error:
        return Unreadable("not_json", f"The line is not JSON: {error.msg} at character {error.pos + 1}.")
    except (RecursionError, ValueError, TypeError):
        return Unreadable("not_json", "The line is JSON with a depth, a number or a character that cannot be sent on.")
    return row


_BLANK = object()
_NOT_AN_OBJECT = Unreadable("not_an_object", "The line is JSON, but not an object with column names.")
_TOO_LONG = Unreadable("line_too_long", f"The line has more than {MAX_LINE_BYTES:,} bytes.")
