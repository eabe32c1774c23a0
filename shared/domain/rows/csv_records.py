"""Joins lines of a CSV file to records: a quoted field may hold line feeds, so a record may have several lines."""

import re
from collections import deque
from collections.abc import Iterable
from enum import Enum

from shared.domain.rows.lines import LINE_TOO_LONG, MAX_LINE_BYTES, Line
from shared.domain.rows.rows import Unreadable

QUOTE = b'"'


class RecordGatherer:
    """Joins the lines of each record; mutable.

    A quote that is never closed must not cost the rows after it. Only the line with the quote is refused, and the
    lines after that line are read again as records of their own. A record has at most `MAX_LINE_BYTES` bytes.
    """

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter
        field = rb'(?:"[^"]*+"|[^"%s]*+)' % re.escape(delimiter)
        self._is_simple = re.compile(rb"%s(?:%s%s)*+\r?" % (field, re.escape(delimiter), field)).fullmatch
        self._open: deque[bytes] = deque()  # lines of a record that each end within a quoted field
        self._open_bytes = 0

    def feed(self, lines: Iterable[Line]) -> list[bytes | Unreadable]:
        """Return the records that *lines* complete, in order."""
        records: list[bytes | Unreadable] = []
        for line in lines:
            if line is None:
                self._refuse_all(records)
                records.append(LINE_TOO_LONG)
            elif not self._open and (QUOTE not in line or self._is_simple(line)):  # most lines, without a function call
                records.append(line)
            else:
                self._take(line, records)
        return records

    def close(self) -> list[bytes | Unreadable]:
        """Return the records in the lines that are still open at the end of the file."""
        records: list[bytes | Unreadable] = []
        self._refuse_all(records)
        return records

    def _take(self, line: bytes, records: list[bytes | Unreadable]) -> None:
        end = self._end(line, in_quotes=bool(self._open))
        if end is _End.BROKEN and self._open:  # no open line can be the beginning of a record that goes on like this
            self._refuse_all(records)
            end = self._end(line, in_quotes=False)
        if end is _End.IN_QUOTES:
            self._open.append(line)
            self._open_bytes += len(line) + 1
            while self._open_bytes > MAX_LINE_BYTES:
                self._refuse_first(records)
        elif self._open:
            records.append(b"\n".join((*self._open, line)))
            self._open.clear()
            self._open_bytes = 0
        else:
            records.append(line)

    def _refuse_all(self, records: list[bytes | Unreadable]) -> None:
        while self._open:
            self._refuse_first(records)

    def _refuse_first(self, records: list[bytes | Unreadable]) -> None:
        """Refuse the first open line; the lines after that are records, up to the next line that opens a quote.

        The line that opens a quote stays open, and so do the lines after it. They need no second look: each of them
        ends within quotes, whether the record begins at the refused line or at the line that opens the quote.
        """
        records.append(UNCLOSED)
        self._drop_first()
        while self._open and self._end(self._open[0], in_quotes=False) is not _End.IN_QUOTES:
            records.append(self._drop_first())

    def _drop_first(self) -> bytes:
        line = self._open.popleft()
        self._open_bytes -= len(line) + 1
        return line

    def _end(self, line: bytes, *, in_quotes: bool) -> "_End":
        """Tell how *line* ends; a quote opens a field only at its beginning, and closes the field only at its end."""
        position = 0
        while (at := line.find(QUOTE, position)) >= 0:
            position = at + 1
            if not in_quotes:
                in_quotes = at == 0 or line[at - 1 : at] == self._delimiter
            elif line[position : position + 1] == QUOTE:
                position += 1
            elif line[position : position + 1] == self._delimiter or line[position:] in _LINE_ENDS:
                in_quotes = False
            else:
                return _End.BROKEN
        return _End.IN_QUOTES if in_quotes else _End.WHOLE


class _End(Enum):
    WHOLE = "outside of quotes"
    IN_QUOTES = "within a quoted field"
    BROKEN = "a quote closed a field that goes on"


_LINE_ENDS = (b"", b"\r")
UNCLOSED = Unreadable("unclosed_quote", "A quote opens a field and is not closed as CSV demands.")
