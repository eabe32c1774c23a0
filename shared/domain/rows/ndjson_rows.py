"""Reads newline-delimited JSON: each line is one object, and each object is a row."""

from typing import Any, cast

import orjson

from shared.domain.rows.json_objects import JsonObjects
from shared.domain.rows.lines import LINE_TOO_LONG, Line
from shared.domain.rows.rows import Row, RowsRead, Unreadable
from shared.domain.rows.text_encodings import UTF_8


class NdjsonRows:
    """Reads lines of JSON as rows; a blank line is no row; mutable."""

    header: tuple[str, ...] | None = None
    """NDJSON has no header: each row names its own columns."""

    def __init__(self, encoding: str = UTF_8) -> None:
        self._objects = JsonObjects("line", encoding)
        self._next_line = 1

    def feed(self, lines: list[Line]) -> RowsRead:
        """Return the rows in *lines*."""
        rows = _objects(lines)
        if rows is None:
            return self._feed_each(lines)
        first, self._next_line = self._next_line, self._next_line + len(lines)
        return RowsRead(rows, range(first, self._next_line), longest_bytes=max(map(len, cast("list[bytes]", lines))))

    def _feed_each(self, lines: list[Line]) -> RowsRead:
        rows: list[Row | Unreadable] = []
        numbers: list[int] = []
        for number, line in enumerate(lines, self._next_line):
            row = self._row(line)
            if row is not None:
                rows.append(row)
                numbers.append(number)
        self._next_line += len(lines)
        return RowsRead(rows, numbers)

    def _row(self, line: Line) -> Row | Unreadable | None:
        """Return the row in *line*, or None for a blank line."""
        if line is None:
            return LINE_TOO_LONG
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            if not line or line.isspace():
                return None
            row = self._objects.second_try(line)
        return row if type(row) is dict or type(row) is Unreadable else self._objects.not_an_object

    def pass_over(self, lines: list[Line]) -> RowsRead:
        """Take *lines*, which are all blank."""
        self._next_line += len(lines)
        return RowsRead()

    def feed_last(self, lines: list[Line]) -> RowsRead:
        """Return the rows in *lines*, of which the last one has no line end."""
        return self.feed(lines)

    def close(self) -> RowsRead:
        """Return the rows that are still open at the end of the file: none, as each line is a whole row."""
        return RowsRead()


def _objects(lines: list[Line]) -> list[Any] | None:
    """Return the objects in *lines* if each line is one, else None.

    The lines are parsed together, with a number between them that no file can have guessed. Where it stands between any
    two values, no line is a part of a value, or more than one: ``{"a":[{}`` and ``{}]}`` are no two objects.
    """
    try:
        values = orjson.loads(b"[%b]" % _BETWEEN.join(cast("list[bytes]", lines)))
    except (orjson.JSONDecodeError, TypeError):
        return None
    others = len(lines) - 1
    if len(values) != len(lines) + others or values[1::2].count(_NUMBER) != others:
        return None
    rows: list[Any] = values[::2]
    return None if set(map(type, rows)) - _OBJECT else rows


_OBJECT = {dict}
_NUMBER = hash("between two lines")  # another one in each process, as its key is
_BETWEEN = b",%d," % _NUMBER
