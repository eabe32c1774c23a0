"""The way from the bytes of a file to pages of rows."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from shared.domain.errors import ConfigurationError
from shared.domain.rows.cell_types import CellTypes
from shared.domain.rows.csv_rows import CsvRows, HeaderUnreadable
from shared.domain.rows.decoding import Decoder
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.gunzip import BadGzip, Gunzip
from shared.domain.rows.json_rows import CutOff, JsonRows
from shared.domain.rows.lines import Line, LineSplitter
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Page, RowsRead
from shared.domain.rows.text_encodings import UTF_8
from shared.domain.sentences import Sentence, say

READER_VERSION = 4
"""Grows with each change of what counts as a row, or of the order of rows: a checkpoint is a number of rows."""
PAGE_ROWS = 500
"""A page has at most so many rows: a page takes less than 50 ms, and then other tasks of the event loop can run."""
PIECE_BYTES = 256 * 1024
"""A larger chunk is read in pieces of this size, so that other tasks can run in between."""
LEAST_PIECE = 1024
"""To unpack a piece of one byte takes as long as to read so many: a file can have very many small gzip streams."""

BLANK_LINES = 8_000
"""So many blank lines, one behind the other, are passed over at once."""


class FileReader:
    """Reads the file *name*, which is written in *dialect*, as pages of rows; mutable.

    The rows are the same however the chunks are cut.
    *email_column* is the column that the mapping takes e-mail addresses from, None where there is no mapping.
    *typed_columns* are the columns whose cells get their types, where the dialect knows them.
    """

    def __init__(
        self, name: str, dialect: Dialect, email_column: str | None = None, typed_columns: Collection[str] = ()
    ) -> None:
        self._name = name
        self._types = CellTypes(dialect.columns or (), dialect.types, typed_columns)
        line_end = dialect.line_end.encode()
        self._gunzip = Gunzip() if dialect.is_packed else None
        self._decoder = Decoder(dialect.encoding) if dialect.encoding != UTF_8 else None
        self._lines = LineSplitter(line_end)
        self._rows: CsvRows | NdjsonRows | JsonRows
        if dialect.format is FileFormat.CSV:
            self._rows = CsvRows(dialect, email_column)
        elif dialect.format is FileFormat.JSON:
            self._rows = JsonRows(dialect.encoding, line_end)
        else:
            self._rows = NdjsonRows(dialect.encoding)
        self._next_row = 1
        self.unpacked_bytes = 0
        """How many bytes were read, as they are once they are unpacked; a piece counts as `LEAST_PIECE` at least."""

    @property
    def header(self) -> tuple[str, ...] | None:
        """Return the columns that the header of the file names; None without a header, or before it was read."""
        return self._rows.header

    def feed(self, chunk: bytes) -> Iterator[Page]:
        """Yield the pages that *chunk* completes; raises `ConfigurationError` for a file that cannot be read.

        Some pages have no rows. The caller can pause after them where a file has much text and few rows.
        """
        with self._naming_the_file():
            for piece in self._pieces(chunk):
                self.unpacked_bytes += max(len(piece), LEAST_PIECE)
                yield from self._pages(self._decoder.feed(piece) if self._decoder else piece)

    def close(self) -> Iterator[Page]:
        """Yield the last pages, at the end of the file; raises `ConfigurationError` when the end came too early."""
        with self._naming_the_file():
            if self._gunzip:
                self._gunzip.close()
            if self._decoder:
                yield from self._pages(self._decoder.close())
            for read in self._last():
                yield from self._cut(read)

    def _pieces(self, chunk: bytes) -> Iterator[bytes]:
        if self._gunzip is None:
            return (chunk[start : start + PIECE_BYTES] for start in range(0, len(chunk), PIECE_BYTES))
        return self._gunzip.feed(chunk)

    def _pages(self, text: bytes) -> Iterator[Page]:
        for read in self._read(text):
            yield from self._cut(read)

    def _read(self, text: bytes) -> Iterator[RowsRead]:
        rows = self._rows
        if isinstance(rows, JsonRows):
            yield from rows.feed(text)
            return
        lines, start = self._lines.feed(text), 0
        while start < len(lines):
            if blank := _blank_lines(lines, start):
                yield rows.pass_over(lines[start : start + blank])
            else:
                yield rows.feed(lines[start : start + PAGE_ROWS])
            start += blank or PAGE_ROWS
        if not lines:
            yield RowsRead()  # so that the caller can pause, where a line goes on and on

    def _last(self) -> Iterator[RowsRead]:
        rows = self._rows
        if isinstance(rows, JsonRows):
            yield from rows.close()
            return
        yield rows.feed_last(self._lines.close())
        yield rows.close()

    def _cut(self, read: RowsRead) -> Iterator[Page]:
        """Yield *read* as pages of at most `PAGE_ROWS` rows."""
        self._types.apply(read.rows)
        rest = Page(self._name, self._next_row, read.rows, read.lines, read.notes, read.longest_bytes)
        self._next_row += len(read.rows)
        while len(rest.rows) > PAGE_ROWS:
            yield rest.head(PAGE_ROWS)
            rest = rest.after(PAGE_ROWS)
        yield rest

    @contextmanager
    def _naming_the_file(self) -> Iterator[None]:
        """Raise what stops the reading as an error that names the file."""
        try:
            yield
        except (BadGzip, HeaderUnreadable) as error:
            raise ConfigurationError(unreadable(self._name, str(error))) from error
        except CutOff as error:
            raise ConfigurationError(say("file_cut_off", _CUT_OFF, file=self._name)) from error


def unreadable(file: str, why: str) -> Sentence:
    """Return the sentence that *file* is damaged, or cannot be read from its top on."""
    text = "File '{file}' cannot be read: {why}. Write it anew."
    return say("file_unreadable", text, file=file, why=why.rstrip("."))


_CUT_OFF = (
    "File '{file}' ends before its last JSON bracket is closed: it is cut off, or lacks a quote or a bracket. "
    "Write it anew."
)


def _blank_lines(lines: list[Line], start: int) -> int:
    """Return how many lines from *start* on are blank, if they are many and alike; 0 otherwise."""
    blank = lines[start]
    if blank not in (b"", b"\r"):
        return 0
    some = lines[start : start + BLANK_LINES]
    return len(some) if len(some) >= PAGE_ROWS and some.count(blank) == len(some) else 0
