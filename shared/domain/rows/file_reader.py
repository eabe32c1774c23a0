"""The way from the bytes of a file to pages of rows."""

from collections.abc import Iterator

from shared.domain.errors import ConfigurationError
from shared.domain.rows.csv_rows import CsvRows, HeaderUnreadable
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.gunzip import BadGzip, Gunzip
from shared.domain.rows.lines import Line, LineSplitter
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Page, RowsRead
from shared.domain.sentences import say

READER_VERSION = 1
"""Grows with each change of what counts as a row, or of the order of rows: a checkpoint is a number of rows."""
PAGE_ROWS = 500
"""A page has at most so many rows: a page takes less than 50 ms, and then other tasks of the event loop can run."""
PIECE_BYTES = 1024 * 1024
"""A larger chunk is read in pieces of this size, so that other tasks can run in between."""


class FileReader:
    """Reads the file *name*, which is written in *dialect*, as pages of rows; mutable.

    *email_column* is the column that the mapping takes e-mail addresses from, None where there is no mapping.
    """

    def __init__(self, name: str, dialect: Dialect, email_column: str | None = None) -> None:
        self._name = name
        self._rows = CsvRows(dialect, email_column) if dialect.format is FileFormat.CSV else NdjsonRows()
        self._gunzip = Gunzip() if dialect.is_packed else None
        self._lines = LineSplitter()
        self._next_row = 1

    @property
    def header(self) -> tuple[str, ...] | None:
        """Return the columns that the header of the file names; None without a header, or before it was read."""
        return self._rows.header

    def feed(self, chunk: bytes) -> Iterator[Page]:
        """Yield the pages that *chunk* completes; raises `ConfigurationError` for a file that cannot be read.

        Some pages have no rows. The caller can pause after them where a file has much text and few rows.
        """
        for piece in self._pieces(chunk):
            yield from self._pages(self._lines.feed(piece))

    def close(self) -> Iterator[Page]:
        """Yield the last pages, at the end of the file; raises `ConfigurationError` when the end came too early."""
        if self._gunzip:
            try:
                self._gunzip.close()
            except BadGzip as error:
                raise self._unreadable(str(error)) from error
        yield from self._pages(self._lines.close())
        try:
            rows = self._rows.close()
        except HeaderUnreadable as error:
            raise self._unreadable(str(error)) from error
        yield from self._cut(rows)

    def _pieces(self, chunk: bytes) -> Iterator[bytes]:
        if self._gunzip is None:
            for start in range(0, len(chunk), PIECE_BYTES):
                yield chunk[start : start + PIECE_BYTES]
            return
        try:
            yield from self._gunzip.feed(chunk)
        except BadGzip as error:
            raise self._unreadable(str(error)) from error

    def _pages(self, lines: list[Line]) -> Iterator[Page]:
        for start in range(0, len(lines) or 1, PAGE_ROWS):
            try:
                rows = self._rows.feed(lines[start : start + PAGE_ROWS])
            except HeaderUnreadable as error:
                raise self._unreadable(str(error)) from error
            yield from self._cut(rows)

    def _cut(self, read: RowsRead) -> Iterator[Page]:
        """Yield *read* as pages of at most `PAGE_ROWS` rows."""
        rest = Page(self._name, self._next_row, read.rows, read.lines, read.notes)
        self._next_row += len(read.rows)
        while len(rest.rows) > PAGE_ROWS:
            yield rest.head(PAGE_ROWS)
            rest = rest.after(PAGE_ROWS)
        yield rest

    def _unreadable(self, why: str) -> ConfigurationError:
        text = "File '{file}' cannot be read: {why}. Write it anew."
        return ConfigurationError(say("file_unreadable", text, file=self._name, why=why.rstrip(".")))
