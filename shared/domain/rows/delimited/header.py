"""Reads what stands above the rows of a CSV file: notes of a program, titles and the header."""

import csv
import re

from shared.domain.rows.delimited.quotes import CsvQuotes
from shared.domain.rows.dialect import Dialect
from shared.domain.rows.lines import LINE_TOO_LONG, MAX_LINE_BYTES, Line
from shared.domain.rows.rows import RowsRead, Unreadable
from shared.domain.sentences import say

BLANK_ROW = "blank_row"
MAX_HEADER_BYTES = 64 * 1024
MAX_HEADER_LINES = 1_000
MAX_COLUMNS = 2_000
"""Each row has a place for each column, and hostile rows have no byte for most of them."""


class HeaderUnreadable(ValueError):
    """The first record of the file cannot be its header."""


class HeaderReader:
    """Takes the lines of a file up to the first row; mutable.

    *columns* are the names of the columns, as soon as they are known. *header* has the cells of the file's own header.
    *next_line* is the first line that was not taken yet.
    """

    def __init__(self, dialect: Dialect, quotes: CsvQuotes) -> None:
        self._dialect, self._quotes = dialect, quotes
        self._notes, self._titles = dialect.note_lines, dialect.title_lines
        self._open: list[bytes] = []  # lines of a header that end within a quoted name
        self._open_bytes = 0
        self._is_read = False
        self.columns = dialect.columns
        self.header: tuple[str, ...] | None = None
        self.next_line = 1

    def feed(self, lines: list[Line]) -> tuple[RowsRead, list[Line] | None]:
        """Return the titles in *lines* as rows, and the lines after the header; None while the header is not whole.

        Raises `HeaderUnreadable`.
        """
        read, numbers = RowsRead(), list[int]()
        for place, line in enumerate(lines):
            if self._ends_top(line, read, numbers):
                read.lines = numbers
                return read, lines[place + (self.header is not None) :]
        read.lines = numbers
        return read, None

    def skip(self, blank_lines: int) -> bool:
        """Pass over so many blank lines; do nothing and return False where they are a part of the header."""
        if self._open:
            return False
        self.next_line += blank_lines
        return True

    def close(self) -> None:
        """Tell that the file has ended; raises `HeaderUnreadable` when it ended within the header."""
        if self._open:
            raise HeaderUnreadable(_UNCLOSED)

    def _ends_top(self, line: Line, read: RowsRead, numbers: list[int]) -> bool:
        """Take *line*, if it is no row, and tell whether the next line is one that can be read as a row."""
        if not self._open and self._is_passed_over(line, read, numbers):
            self.next_line += 1
            return False
        if not self._dialect.has_header:
            self.columns = self.columns or self._numbers(line)
            return True
        self.next_line += 1
        if self._takes_header(line):
            self.columns = self.columns or tuple(cell.strip() for cell in self.header or ())
            return True
        return False

    def _is_passed_over(self, line: Line, read: RowsRead, numbers: list[int]) -> bool:
        if line is not None and not line.strip():
            return True
        if self._notes:
            self._notes -= 1
            return True
        if line is not None and self._quotes.is_blank(line):
            read.notes.append((len(read.rows), BLANK_ROW))
            return True
        if self._titles:
            self._titles -= 1
            read.rows.append(_TITLE)
            numbers.append(self.next_line)
            return True
        return False

    def _numbers(self, line: Line) -> tuple[str, ...]:
        fields = self._quotes.afresh(line or b"").fields
        return tuple(str(number) for number in range(1, fields + 1))

    def _takes_header(self, line: Line) -> bool:
        """Take a line of the header, and tell whether the header is whole."""
        if line is None:
            raise HeaderUnreadable(LINE_TOO_LONG.told.detail)
        if self._open:
            if _ADDRESS(line):
                raise HeaderUnreadable(_UNCLOSED)
            within = self._quotes.within(line)
            is_broken, is_whole = within.is_broken, within.closes
        else:
            afresh = self._quotes.afresh(line)
            is_broken, is_whole = afresh.is_broken, not afresh.opens
        self._open.append(line)
        self._open_bytes += len(line) + 1
        is_too_large = self._open_bytes > MAX_HEADER_BYTES or len(self._open) > MAX_HEADER_LINES
        if not is_whole and (is_broken or is_too_large):
            raise HeaderUnreadable(_UNCLOSED)
        if is_broken:
            raise HeaderUnreadable(_STRAY)
        if is_too_large:
            raise HeaderUnreadable(_TOO_LARGE)
        if is_whole:
            self.header = self._cells(self._dialect.line_end.encode().join(self._open))
            self._open.clear()
        return is_whole

    def _cells(self, record: bytes) -> tuple[str, ...]:
        csv.field_size_limit(MAX_LINE_BYTES)  # the module's own limit is smaller
        try:
            text = self._quotes.plain(record).decode()
            fields = next(csv.reader([text], delimiter=self._dialect.delimiter, strict=True))
        except UnicodeDecodeError as error:
            raise HeaderUnreadable("The header is not UTF-8; write the file as UTF-8.") from error
        except csv.Error as error:
            raise HeaderUnreadable(_STRAY_LINE_END) from error
        if len(fields) > MAX_COLUMNS:
            raise HeaderUnreadable(_TOO_LARGE)
        return tuple(fields)


_ADDRESS = re.compile(rb"[^\s@]@[^\s@]++").search
"""Finds what a row has and the second line of a column's name has not."""
_TITLE = Unreadable(
    "title_line",
    say(
        "title_line",
        "The line is a title above the header, and no row. Write the file without it, or leave it as it is.",
    ),
)
_TOO_LARGE = (
    f"The header has more than {MAX_HEADER_BYTES:,} bytes, {MAX_HEADER_LINES:,} lines or {MAX_COLUMNS:,} columns; "
    "leave out columns that are not needed, and end each row with a line break."
)
_UNCLOSED = "A quote opens a field and is not closed as CSV demands."
_STRAY = "A quote stands in the middle of a quoted column name; double each quote within quotes."
_STRAY_LINE_END = "A line break of another kind than those between rows stands in the header outside of quotes."
