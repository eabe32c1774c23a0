"""Reads CSV as its dialect says: records of fields, with a delimiter between them, below a header."""

from shared.domain.rows.delimited.header import HeaderReader, HeaderUnreadable
from shared.domain.rows.delimited.line_looks import LineLooks
from shared.domain.rows.delimited.quotes import quotes_of
from shared.domain.rows.delimited.records import RecordGatherer
from shared.domain.rows.delimited.row_maker import RowMaker
from shared.domain.rows.dialect import Dialect
from shared.domain.rows.lines import Line
from shared.domain.rows.rows import RowsRead

__all__ = ["CsvRows", "HeaderUnreadable"]


class CsvRows:
    """Reads lines of CSV as rows, with the column names of the header; mutable.

    *email_column* is the column that the mapping takes e-mail addresses from, None where there is no mapping.
    A line end of a row tells nothing; the lines must come without it. Give the last line of the file to `feed_last` if
    it has no line end: the file may be cut off there.
    All methods raise `HeaderUnreadable`.
    """

    def __init__(self, dialect: Dialect, email_column: str | None = None) -> None:
        self._dialect, self._email_column = dialect, email_column
        self._quotes = quotes_of(dialect.delimiter, dialect.escape)
        self._top = HeaderReader(dialect, self._quotes)
        self._gatherer: RecordGatherer | None = None
        self._maker: RowMaker | None = None

    @property
    def header(self) -> tuple[str, ...] | None:
        """Return the names of the columns; None before the header was read. Without a header they are numbers."""
        return self._top.columns

    def feed(self, lines: list[Line]) -> RowsRead:
        """Return the rows that *lines* complete."""
        return self._feed(lines, is_last=False)

    def pass_over(self, lines: list[Line]) -> RowsRead:
        """Return the rows that *lines*, which are all blank, complete: mostly none."""
        skipped = self._gatherer.skip(len(lines)) if self._gatherer is not None else self._top.skip(len(lines))
        return RowsRead() if skipped else self.feed(lines)

    def feed_last(self, lines: list[Line]) -> RowsRead:
        """Return the rows that *lines*, the last of the file, complete; no line end follows them."""
        return self._feed(lines, is_last=bool(lines))

    def close(self) -> RowsRead:
        """Return the rows in the lines that are still open at the end of the file."""
        if self._gatherer is None or self._maker is None:
            self._top.close()
            return RowsRead()
        read = self._maker.rows(self._gatherer.close())
        return _joined(read, self._maker.close())

    def _feed(self, lines: list[Line], *, is_last: bool) -> RowsRead:
        if self._gatherer is not None and self._maker is not None:
            return self._maker.rows(self._gatherer.feed(lines), is_cut_off=is_last)
        titles, rest = self._top.feed(lines)
        if rest is None:
            return titles
        self._begin()
        return _joined(titles, self._feed(rest, is_last=is_last and bool(rest)))

    def _begin(self) -> None:
        columns = self._top.columns or ()
        places = {name: place for place, name in enumerate(columns)}
        email = places.get(self._email_column) if self._email_column is not None else None
        looks = LineLooks(self._quotes, len(columns), email)
        self._gatherer = RecordGatherer(looks, self._dialect.line_end.encode(), self._top.next_line)
        self._maker = RowMaker(self._dialect.delimiter, columns, self._top.header or columns, email)


def _joined(one: RowsRead, other: RowsRead) -> RowsRead:
    if not one.rows and not one.notes:
        return other
    if not other.rows and not other.notes:
        return one
    notes = [(index + len(one.rows), word) for index, word in other.notes]
    return RowsRead(one.rows + other.rows, [*one.lines, *other.lines], one.notes + notes)
