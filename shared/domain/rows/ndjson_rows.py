"""Reads newline-delimited JSON: each line is one object, and each object is a row."""

import json
from typing import Any

import orjson

from shared.domain.rows.lines import LINE_TOO_LONG, Line
from shared.domain.rows.rows import Row, RowsRead, Unreadable


class NdjsonRows:
    """Reads lines of JSON as rows; a blank line is no row."""

    header: tuple[str, ...] | None = None
    """NDJSON has no header: each row names its own columns."""

    def __init__(self) -> None:
        self._next_line = 1

    def feed(self, lines: list[Line]) -> RowsRead:
        """Return the rows in *lines*."""
        rows: list[Row | Unreadable] = []
        loads = orjson.loads
        blank: list[int] = []
        for line in lines:
            try:
                row = loads(line or b"")
            except orjson.JSONDecodeError:
                row = _second_try(line)
            if type(row) is dict or type(row) is Unreadable:
                rows.append(row)
            elif row is not _BLANK:
                rows.append(_NOT_AN_OBJECT)
            else:
                blank.append(len(rows) + len(blank))
        first, self._next_line = self._next_line, self._next_line + len(lines)
        numbers = range(first, self._next_line)
        if not blank:
            return RowsRead(rows, numbers)
        gaps = set(blank)
        return RowsRead(rows, [number for index, number in enumerate(numbers) if index not in gaps])

    def close(self) -> RowsRead:
        """Return the rows that are still open at the end of the file: none, as each line is a whole row."""
        return RowsRead()


def _second_try(line: Line) -> Any:
    """Return the row in a *line* that is not strict JSON, why the line has no row, or `_BLANK`.

    Many writers put NaN and Infinity into JSON for "no value"; here both become null.
    """
    if line is None:
        return LINE_TOO_LONG
    if not line.strip():
        return _BLANK
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return Unreadable("wrong_encoding", f"Byte {error.start + 1} of the line is not UTF-8.")
    try:
        row = json.loads(text, parse_constant=lambda _name: None, parse_int=_whole)
        orjson.dumps(row)
    except json.JSONDecodeError as error:
        return Unreadable("not_json", f"The line is not JSON: {error.msg} at character {error.pos + 1}.")
    except (RecursionError, ValueError, TypeError):
        return Unreadable("not_json", "The line is JSON with a depth, a number or a character that cannot be sent on.")
    return row


def _whole(digits: str) -> int | float:
    """Return the number that *digits* write, as the strict parser does: a float where 64 bits are too few."""
    return number if len(digits) <= _LONGEST_64_BITS and _LEAST <= (number := int(digits)) <= _MOST else float(digits)


_LEAST, _MOST = -(2**63), 2**64 - 1
_LONGEST_64_BITS = 20
_BLANK = object()
_NOT_AN_OBJECT = Unreadable("not_an_object", "The line is JSON, but not an object with column names.")
