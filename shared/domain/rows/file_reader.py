"""The way from the bytes of a file to pages of rows."""

from collections.abc import Iterator

from shared.domain.errors import ConfigurationError
from shared.domain.rows.csv_rows import CsvRows, HeaderUnreadable
from shared.domain.rows.file_kind import FileFormat, kind_of_file
from shared.domain.rows.gunzip import BadGzip, Gunzip
from shared.domain.rows.lines import Line, LineSplitter
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Page, Row, Unreadable
from shared.domain.sentences import say

READER_VERSION = 1
"""Grows with each change of what counts as a row, or of the order of rows: a checkpoint is a number of rows."""
PAGE_ROWS = 500
"""A page has at most so many rows: a page takes less than 50 ms, and then other tasks of the event loop can run."""
PIECE_BYTES = 1024 * 1024
"""A larger chunk is read in pieces of this size, so that other tasks can run in between."""


class FileReader:
    """Reads one file as pages of rows; its *name* tells its kind; mutable.

    Raises `ConfigurationError` when files with such a name cannot be read.
    """

    def __init__(self, name: str) -> None:
        kind = kind_of_file(name)
        if kind is None:
            text = "File '{file}' is of a kind that cannot be read; write .ndjson, .jsonl or .csv, each also as .gz."
            raise ConfigurationError(say("file_kind_unknown", text, file=name))
        self._name = name
        self._rows = CsvRows() if kind.format is FileFormat.CSV else NdjsonRows()
        self._gunzip = Gunzip() if kind.is_packed else None
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

    def _cut(self, rows: list[Row | Unreadable]) -> Iterator[Page]:
        for start in range(0, len(rows) or 1, PAGE_ROWS):
            page = Page(self._name, self._next_row, rows[start : start + PAGE_ROWS])
            self._next_row += len(page.rows)
            yield page

    def _unreadable(self, why: str) -> ConfigurationError:
        text = "File '{file}' cannot be read: {why}. Write it anew."
        return ConfigurationError(say("file_unreadable", text, file=self._name, why=why.rstrip(".")))
