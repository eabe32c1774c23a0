"""Reads newline-delimited JSON: each line is one object, and each object is a row."""

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
        rows: list[Row | Unreadable] = []
        loads = orjson.loads
        blank: list[int] = []
        for line in lines:
            try:
                row = loads(line or b"")
            except orjson.JSONDecodeError:
                if line is not None and (not line or line.isspace()):
                    blank.append(len(rows) + len(blank))
                    continue
                row = LINE_TOO_LONG if line is None else self._objects.second_try(line)
            if type(row) is dict or type(row) is Unreadable:
                rows.append(row)
            else:
                rows.append(self._objects.not_an_object)
        first, self._next_line = self._next_line, self._next_line + len(lines)
        numbers = range(first, self._next_line)
        if not blank:
            return RowsRead(rows, numbers)
        gaps = set(blank)
        return RowsRead(rows, [number for index, number in enumerate(numbers) if index not in gaps])

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
