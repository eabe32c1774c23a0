"""Reads JSON that is not written a row a line: each object in an array is a row, and each object beside others."""

from collections.abc import Iterator

import orjson

from shared.domain.rows.json_elements import Element, JsonElements
from shared.domain.rows.json_objects import JsonObjects
from shared.domain.rows.lines import MAX_LINE_BYTES
from shared.domain.rows.rows import Row, RowsRead, Unreadable
from shared.domain.rows.text_encodings import UTF_8

SLICE_BYTES = 16 * 1024
"""So many bytes are cut at once: hostile ones take less than 20 ms, as each of their brackets is looked at."""
ELEMENTS_AT_ONCE = 500


class CutOff(ValueError):
    """The file ends before its last bracket is closed."""


class JsonRows:
    """Reads pieces of a file as rows; mutable."""

    header: tuple[str, ...] | None = None
    """JSON has no header: each row names its own columns."""

    def __init__(self, encoding: str = UTF_8, line_end: bytes = b"\n") -> None:
        self._objects = JsonObjects("element", encoding)
        self._elements = JsonElements(line_end)

    def feed(self, piece: bytes) -> Iterator[RowsRead]:
        """Yield the rows that *piece* completes, `ELEMENTS_AT_ONCE` at a time; sometimes none, so that others can run.

        Rows are held back until there are enough, or *piece* is at its end.
        """
        held: list[Element] = []
        for start in range(0, len(piece), SLICE_BYTES):
            held += self._elements.feed(piece[start : start + SLICE_BYTES])
            if len(held) < ELEMENTS_AT_ONCE:
                yield RowsRead()
            else:
                yield from self._parsed(held)
                held = []
        yield from self._parsed(held)

    def close(self) -> Iterator[RowsRead]:
        """Yield the last rows, at the end of the file; raises `CutOff`."""
        yield from self._parsed(self._elements.close())
        if not self._elements.is_whole:
            raise CutOff

    def _parsed(self, elements: list[Element]) -> Iterator[RowsRead]:
        for start in range(0, len(elements), ELEMENTS_AT_ONCE):
            some = elements[start : start + ELEMENTS_AT_ONCE]
            yield RowsRead([self._row(text) for _, text in some], [line for line, _ in some])

    def _row(self, text: bytes | None) -> Row | Unreadable:
        if text is None:
            return _TOO_LONG
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError:
            row = self._objects.second_try(text)
        return row if type(row) is dict or type(row) is Unreadable else self._objects.not_an_object


_TOO_LONG = Unreadable("line_too_long", f"The element has more than {MAX_LINE_BYTES:,} bytes.")
