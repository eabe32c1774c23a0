"""Reads CSV text line by line and all at once, and tells for each row its line and what became of it."""

from dataclasses import dataclass, field

from shared.domain.rows.csv_rows import CsvRows
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.lines import Line
from shared.domain.rows.rows import Row, RowsRead, Unreadable

COMMA = Dialect(FileFormat.CSV)
BACKSLASH = Dialect(FileFormat.CSV, escape="backslash")


@dataclass
class CsvFile:
    """What was read from a file: for each row its line, and the row or why there is none; notes with their line."""

    rows: list[tuple[int, Row | Unreadable]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    """The index of the row, among all of the file, that a note stands at or before."""

    def add(self, read: RowsRead) -> None:
        assert len(read.rows) == len(read.lines)
        self.notes += [(len(self.rows) + index, word) for index, word in read.notes]
        self.rows += zip(read.lines, read.rows, strict=True)

    @property
    def words(self) -> list[str]:
        """Return for each row its e-mail address, or the reason why it is refused."""
        return [row.reason if isinstance(row, Unreadable) else row["email"] for _, row in self.rows]

    @property
    def lines(self) -> list[int]:
        return [line for line, _ in self.rows]

    @property
    def cells(self) -> list[list[str] | str]:
        return [row.reason if isinstance(row, Unreadable) else [*row.values()] for _, row in self.rows]


def read_csv(text: str | bytes, dialect: Dialect = COMMA, email: str | None = "email") -> CsvFile:
    """Read *text* line by line, make sure that all lines at once give the same, and return what was read."""
    data = text.encode() if isinstance(text, str) else text
    *lines, last = data.split(dialect.line_end.encode())
    one_by_one = _read([[line] for line in lines], last, dialect, email)
    at_once = _read([[*lines]], last, dialect, email)
    assert at_once == one_by_one
    assert at_once.lines == sorted(set(at_once.lines))
    return at_once


def _read(pages: list[list[Line]], last: bytes, dialect: Dialect, email: str | None) -> CsvFile:
    reader, file = CsvRows(dialect, email), CsvFile()
    for page in pages:
        file.add(reader.feed(page))
    file.add(reader.feed_last([last] if last else []))
    file.add(reader.close())
    return file
