"""The kinds of file that a segment may hold, and the way from a file's bytes to pages of rows."""

from collections.abc import Iterator

from shared.domain.errors import ConfigurationError
from shared.domain.rows.csv_rows import CsvRows, HeaderUnreadable
from shared.domain.rows.gunzip import Damaged, Gunzip
from shared.domain.rows.lines import Line, LineSplitter
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Page, Row, Unreadable

PAGE_ROWS = 500
"""So many rows are worked on without a pause; it keeps the event loop free within about 50 ms."""
PIECE_BYTES = 1024 * 1024
NDJSON_ENDINGS = (".ndjson", ".jsonl")
CSV_ENDING = ".csv"
GZIP_ENDING = ".gz"


def is_data_file(name: str) -> bool:
    """Tell whether a file of this *name* can be read as rows."""
    return kind_of_file(name) is not None


def kind_of_file(name: str) -> str | None:
    """Return the ending that tells how a file of this *name* is read, for example ``.csv.gz``; None for any other."""
    bare = name.removesuffix(GZIP_ENDING)
    ending = next((ending for ending in (*NDJSON_ENDINGS, CSV_ENDING) if bare.endswith(ending)), None)
    return ending and ending + name[len(bare) :]


class BlobRows:
    """Reads one file, whose *name* tells its kind, as pages of rows; mutable."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = CsvRows() if name.removesuffix(GZIP_ENDING).endswith(CSV_ENDING) else NdjsonRows()
        self._gunzip = Gunzip() if name.endswith(GZIP_ENDING) else None
        self._lines = LineSplitter()
        self._next_row = 1

    @property
    def columns(self) -> tuple[str, ...] | None:
        """Return the columns that the file's header names; None without a header, or before it was read."""
        return self._rows.columns

    def feed(self, chunk: bytes) -> Iterator[Page]:
        """Yield the pages that *chunk* completes; raises `ConfigurationError` for a file that cannot be read.

        Pages without rows come too: they are places to pause where much is read and little found.
        """
        for piece in self._pieces(chunk):
            yield from self._pages(self._lines.feed(piece))

    def close(self) -> Iterator[Page]:
        """Yield the last pages, at the end of the file; raises `ConfigurationError` when that came too early."""
        if self._gunzip:
            try:
                self._gunzip.close()
            except Damaged as error:
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
        except Damaged as error:
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
        return ConfigurationError(f"File '{self._name}' cannot be read: {why.rstrip('.')}. Write it anew.")
