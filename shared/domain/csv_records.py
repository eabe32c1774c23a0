"""Gathers lines of a CSV file into records, as a quoted field may hold line feeds."""

import csv
from collections import deque
from collections.abc import Iterable

from shared.domain.lines import MAX_LINE_BYTES, Line
from shared.domain.rows import Unreadable

QUOTE = b'"'


class RecordGatherer:
    """Joins the lines of one record; mutable.

    A quote that nobody closes must not cost the rows after it: its line is refused alone, and the lines behind it are
    looked at anew. A record may have as many bytes as a line.
    """

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter
        self._open: list[bytes] = []
        self._open_bytes = 0
        self._in_quotes = False

    def feed(self, lines: Iterable[Line]) -> list[bytes | Unreadable]:
        """Return the records that *lines* complete, in order."""
        if not self._open:
            whole = [line for line in lines if line is not None and QUOTE not in line]
            if isinstance(lines, list) and len(whole) == len(lines):
                return list(whole)
        records: list[bytes | Unreadable] = []
        left = deque(lines)
        while left:
            self._take(left.popleft(), left, records)
        return records

    def close(self) -> list[bytes | Unreadable]:
        """Return the records in what was still open at the end of the file."""
        records: list[bytes | Unreadable] = []
        left: deque[Line] = deque()
        while self._open:
            self._give_up(left, records)
            while left:
                self._take(left.popleft(), left, records)
        return records

    def _take(self, line: Line, left: deque[Line], records: list[bytes | Unreadable]) -> None:
        if line is None:
            if self._open:
                left.appendleft(line)
                self._give_up(left, records)
            else:
                records.append(TOO_LONG)
        elif not self._open and QUOTE not in line:
            records.append(line)
        else:
            self._gather(line, left, records)

    def _gather(self, line: bytes, left: deque[Line], records: list[bytes | Unreadable]) -> None:
        self._open.append(line)
        self._open_bytes += len(line) + 1
        self._in_quotes = self._ends_in_quotes(line)
        if not self._in_quotes:
            record = b"\n".join(self._open)
            if len(self._open) > 1 and not self._is_well_formed(record):
                self._give_up(left, records)
                return
            records.append(record)
            self._open, self._open_bytes = [], 0
        elif self._open_bytes > MAX_LINE_BYTES:
            self._give_up(left, records)

    def _give_up(self, left: deque[Line], records: list[bytes | Unreadable]) -> None:
        """Refuse the first open line and put the others back."""
        records.append(UNCLOSED)
        left.extendleft(reversed(self._open[1:]))
        self._open, self._open_bytes, self._in_quotes = [], 0, False

    def _ends_in_quotes(self, line: bytes) -> bool:
        """Tell whether *line* ends within a quoted field; a quote opens a field only where the field begins."""
        in_quotes, position = self._in_quotes, 0
        while (at := line.find(QUOTE, position)) >= 0:
            position = at + 1
            if not in_quotes:
                in_quotes = at == 0 or line[at - 1 : at] == self._delimiter
            elif line[position : position + 1] == QUOTE:
                position += 1
            else:
                in_quotes = False
        return in_quotes

    def _is_well_formed(self, record: bytes) -> bool:
        text = record.decode(errors="replace")
        try:
            list(csv.reader([text], delimiter=self._delimiter.decode(), strict=True))
        except csv.Error:
            return False
        return True


UNCLOSED = Unreadable("unclosed_quote", "A quote opens a field and is not closed as CSV demands.")
TOO_LONG = Unreadable("line_too_long", f"The line has more than {MAX_LINE_BYTES:,} bytes.")
