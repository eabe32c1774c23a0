"""Reads CSV: UTF-8, a header row, and a comma, a semicolon or a tab between the fields."""

import csv
import re
from collections.abc import Iterator

from shared.domain.rows.csv_records import RecordGatherer
from shared.domain.rows.dialect import Dialect
from shared.domain.rows.lines import MAX_LINE_BYTES, Line
from shared.domain.rows.rows import Row, RowsRead, Unreadable

DELIMITERS = (b",", b";", b"\t")


class HeaderUnreadable(ValueError):
    """The first record of the file cannot be its header."""


class CsvRows:
    """Reads lines of CSV as rows, with the column names of the header; a blank line is no row; mutable.

    *header* holds the column names; it is None until the header was read.
    `feed` and `close` raise `HeaderUnreadable`.
    """

    def __init__(self, dialect: Dialect, email_column: str | None = None) -> None:
        self._dialect, self._email_column = dialect, email_column
        self._next = 1
        csv.field_size_limit(MAX_LINE_BYTES)  # the module's own limit is smaller than `MAX_LINE_BYTES`
        self.header: tuple[str, ...] | None = None
        self._top: list[Line] = []  # lines from the header on, until the delimiter is known
        self._gatherer: RecordGatherer | None = None
        self._delimiter = ","

    def feed(self, lines: list[Line]) -> RowsRead:
        """Return the rows that *lines* complete."""
        return self._numbered(self._feed(lines))

    def feed_last(self, lines: list[Line]) -> RowsRead:
        """Return the rows that *lines* complete, of which the last one has no line end."""
        return self.feed(lines)

    def close(self) -> RowsRead:
        """Return the rows in the lines that are still open at the end of the file."""
        return self._numbered(self._close())

    def _numbered(self, rows: list[Row | Unreadable]) -> RowsRead:
        first, self._next = self._next, self._next + len(rows)
        return RowsRead(rows, range(first + 1, self._next + 1))

    def _feed(self, lines: list[Line]) -> list[Row | Unreadable]:
        if self._gatherer is None:
            self._top = lines = _without_blank_start(self._top + lines)
            text = _header_text(lines)
            if text is None:
                return []
            self._gatherer, self._top = self._sniff(text), []
        return self._rows(self._gatherer.feed(lines))

    def _close(self) -> list[Row | Unreadable]:
        if self._gatherer is None:
            if not self._top:
                return []
            self._gatherer = self._sniff(b"".join([b"\n" + (line or b"") for line in self._top]))
        return self._rows(self._gatherer.feed(self._top) + self._gatherer.close())

    def _sniff(self, header: bytes) -> RecordGatherer:
        """Choose the delimiter that the header has most often outside of quotes."""
        delimiter = max(DELIMITERS, key=_QUOTED(b"", header).count)
        self._delimiter = delimiter.decode()
        return RecordGatherer(delimiter)

    def _rows(self, records: list[bytes | Unreadable]) -> list[Row | Unreadable]:
        if self.header is None:
            if not records:
                return []
            self.header = self._columns(records[0])
            records = records[1:]
        rows: list[Row | Unreadable] = []
        for texts in _decoded(records):
            if isinstance(texts, Unreadable):
                rows.append(texts)
            else:
                rows += self._parsed(texts, self.header)
        return rows

    def _parsed(self, texts: list[str], columns: tuple[str, ...]) -> Iterator[Row | Unreadable]:
        reader = csv.reader(texts, delimiter=self._delimiter, strict=True)
        count = len(columns)
        while True:
            try:
                for fields in reader:
                    if len(fields) == count:
                        yield dict(zip(columns, fields, strict=True))
                    elif fields:
                        yield _wrong_count(len(fields), count)
            except csv.Error as error:
                yield Unreadable("not_csv", f"The line is not CSV: {_why(error)}.")
            else:
                return

    def _columns(self, record: bytes | Unreadable) -> tuple[str, ...]:
        if isinstance(record, Unreadable):
            raise HeaderUnreadable(record.detail)
        try:
            fields = next(csv.reader([record.decode()], delimiter=self._delimiter, strict=True))
        except UnicodeDecodeError as error:
            raise HeaderUnreadable("The header is not UTF-8; write the file as UTF-8.") from error
        except csv.Error as error:
            raise HeaderUnreadable(f"The header is not CSV: {_why(error)}.") from error
        return tuple(field.strip() for field in fields)


def _without_blank_start(lines: list[Line]) -> list[Line]:
    first = next((index for index, line in enumerate(lines) if line is None or line.strip()), len(lines))
    return lines[first:]


def _header_text(lines: list[Line]) -> bytes | None:
    """Return the text of the header at the top of *lines*, or None when *lines* do not hold the whole header."""
    header = b""
    for line in lines:
        header += b"\n" + (line or b"")
        if len(header) > _MAX_SNIFFED_BYTES or not _OPEN_QUOTE(_QUOTED(b"", header)):
            return header
    return None


def _decoded(records: list[bytes | Unreadable]) -> Iterator[list[str] | Unreadable]:
    """Yield lists of the texts of consecutive records; a record that is no text comes alone between two lists."""
    texts: list[str] = []
    for record in records:
        if type(record) is Unreadable:
            bad = record
        else:
            try:
                texts.append(record.decode())
                continue
            except UnicodeDecodeError as error:
                bad = Unreadable("wrong_encoding", f"Byte {error.start + 1} of the line is not UTF-8.")
        yield texts
        yield bad
        texts = []
    yield texts


def _wrong_count(found: int, expected: int) -> Unreadable:
    kind = "too_many_fields" if found > expected else "too_few_fields"
    return Unreadable(kind, f"The row has {found:,} fields; the header has {expected:,}.")


def _why(error: csv.Error) -> str:
    """Return what the csv module says; a message with advice for programmers is replaced."""
    return "a carriage return stands alone outside of quotes" if "new-line" in str(error) else str(error)


_MAX_SNIFFED_BYTES = 16 * 1024
_QUOTED = re.compile(rb'(?<=[,;\t\n])"(?:[^"]|"")*+"').sub
_OPEN_QUOTE = re.compile(rb'[,;\t\n]"').search
