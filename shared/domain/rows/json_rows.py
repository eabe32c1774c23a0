"""Reads JSON that is not written a row a line: each object in an array is a row, and each object beside others."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import orjson

from shared.domain.rows.json_elements import Element, JsonElements
from shared.domain.rows.json_objects import JsonObjects
from shared.domain.rows.json_swallowed import lines_of_objects
from shared.domain.rows.lines import MAX_LINE_BYTES, Line
from shared.domain.rows.rows import Row, RowsRead, Unreadable
from shared.domain.rows.text_encodings import UTF_8
from shared.domain.sentences import say

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
        self._line_end = line_end

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
            rows = [self._row(text) for _, text in some]
            if any(map(self._objects.is_mistake, rows)):
                yield from self._with_swallowed(some, rows)
            else:
                yield RowsRead(rows, [line for line, _ in some])

    def _with_swallowed(self, elements: list[Element], rows: Sequence[Row | Unreadable]) -> Iterator[RowsRead]:
        """Yield *rows*, with a refused row for each object that a broken element may have swallowed.

        Such objects cannot be told from text, so none is sent; but each is counted and named.
        """
        read, lines = list[Row | Unreadable](), list[int]()
        for (line, text), row in zip(elements, rows, strict=True):
            for begin, each in self._each(line, text, row):
                read.append(each)
                lines.append(begin)
                if len(read) == ELEMENTS_AT_ONCE:
                    yield RowsRead(read, lines)
                    read, lines = [], []
        yield RowsRead(read, lines)

    def _each(self, line: int, text: Line, row: Row | Unreadable) -> Iterator[tuple[int, Row | Unreadable]]:
        begins = lines_of_objects(line, text, self._line_end) if text and self._objects.is_mistake(row) else iter(())
        two = [*islice(begins, 2)]
        if len(two) < 2:  # noqa: PLR2004 - the element itself, and one more
            yield line, row
            return
        last = line + (text or b"").count(self._line_end)
        if last == line:
            told = say("json_objects_in_one_line", "On line {line:,} " + _SWALLOWED, line=line)
        else:
            told = say("json_objects_in_one", "From line {line:,} to line {last:,} " + _SWALLOWED, line=line, last=last)
        why = Unreadable("not_json", told)
        for begin in chain(two, begins):
            yield begin, why

    def _row(self, text: bytes | None) -> Row | Unreadable:
        if text is None:
            return _TOO_LONG
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError:
            row = self._objects.second_try(text)
        return row if type(row) is dict or type(row) is Unreadable else self._objects.not_an_object


_SWALLOWED = (
    "of the file, objects run into each other: a quote or a brace is missing in one of them, or a text has a quote "
    'that is not written as \\". Write each object with all its quotes and braces.'
)
_TOO_LONG = Unreadable(
    "line_too_long", say("element_too_long", "The element has more than {bytes:,} bytes.", bytes=MAX_LINE_BYTES)
)
