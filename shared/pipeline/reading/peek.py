"""Looks at the beginning of files: which columns they have, how many rows are there, which rows cannot be read."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field

from shared.domain.errors import ConfigurationError
from shared.domain.profiles.column_check import in_file, in_first_rows
from shared.domain.rows.dialect import FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page, Unreadable
from shared.domain.runs.plan import FileToRead, SegmentBlob
from shared.pipeline.reading.columns.chunk_ranges import WindowSize
from shared.pipeline.reading.columns.parquet_pages import read_parquet
from shared.pipeline.reading.pages import give_turns
from shared.ports import Clock, Segments

SLICE_BYTES = 8 * 1024
"""Files are read in slices of so many stored bytes, so that the rows counted fit the bytes counted after each slice."""
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
"""No more is looked at in all files together: 8 KB can unpack to 8 MiB of line feeds, with no row among them."""

MOST_OTHER_COLUMNS = 30
"""So many columns of Parquet that are not mapped are read: of each column a page of up to 1 MiB is fetched."""
SMALL_WINDOW = WindowSize(total=0, least=64 * 1024, most=64 * 1024, is_ahead=False)


@dataclass(slots=True)
class Beginning:
    """What was seen at the beginning of the files of a segment; mutable.

    *first_file* is the file that *header* is from, or else the first one that was looked at.
    *columns* are those of *header*, or else those of the rows, in the order in which they came.
    *unreadable* counts rows that cannot be read, by reason. *bytes_read* counts stored bytes, and
    *unpacked_bytes* what they were unpacked.

    No more than *most_rows* rows are counted. Once *most_columns* columns are known, only *wanted* ones are added.
    """

    most_rows: int | None = None
    most_columns: int = 10_000
    wanted: frozenset[str] = frozenset()
    first_file: str = ""
    header: tuple[str, ...] | None = None
    columns: dict[str, None] = field(default_factory=dict)
    rows: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    bytes_read: int = 0
    unpacked_bytes: int = 0

    def where(self, segment: str) -> str:
        """Return in words what was looked at, for a sentence about the columns of *segment*."""
        if self.header is not None:
            return in_file(self.first_file)
        return in_first_rows(segment, self.rows, self.first_file)

    def note(self, page: Page, header: tuple[str, ...] | None) -> None:
        """Count the rows of *page*; note *header*, the header of their file, or else their own columns."""
        if self.header is None and header is not None:
            self.header, self.first_file = header, page.blob
            self.columns.update(dict.fromkeys(header))
        rows = page.rows if self.most_rows is None else page.rows[: self.most_rows - self.rows]
        self.rows += len(rows)
        for row in rows:
            if isinstance(row, Unreadable):
                self.unreadable[row.reason] += 1
            elif self.header is None:
                has_room = len(self.columns) < self.most_columns
                self.columns.update(dict.fromkeys(row if has_room else self.wanted & row.keys()))


async def peek(  # noqa: PLR0913 - what is read, how far, with what, and who sees the rows
    file: FileToRead,
    seen: Beginning,
    *,
    email_column: str | None = None,
    typed_columns: Collection[str] = (),
    mapped_columns: Collection[str] = (),
    stop: Callable[[], bool],
    stop_after_slice: Callable[[], bool] = lambda: False,
    segments: Segments,
    clock: Clock,
    on_page: Callable[[Page], None] = lambda _page: None,
) -> None:
    """Read *file* from its beginning and note in *seen* what is there; *on_page* gets each page that is noted.

    Of a Parquet file *mapped_columns* are read, and `MOST_OTHER_COLUMNS` others.
    Reading ends after the first page where *stop* returns True, after the first slice where *stop_after_slice* returns
    True, at the end of the file, or where *seen* has `MOST_UNPACKED_BYTES`.
    Raises `SourceChanged`, `ConfigurationError` for a file that cannot be read, `Unavailable`.
    """
    if seen.unpacked_bytes >= MOST_UNPACKED_BYTES:
        return
    blob = file.blob
    seen.first_file = seen.first_file or blob.name
    if file.dialect.format is FileFormat.PARQUET:
        async with aclosing(_columns(file, mapped_columns, seen, segments, clock)) as pages:
            async for page in pages:
                seen.note(page, file.dialect.columns)
                on_page(page)
                if stop() or stop_after_slice():
                    return
        return
    reader, left = FileReader(blob.name, file.dialect, email_column, typed_columns), blob.size
    unpacked_before = seen.unpacked_bytes
    async with aclosing(_slices(blob, segments)) as slices:
        async for piece in slices:
            seen.bytes_read += len(piece)
            left -= len(piece)
            for page in reader.feed(piece):
                seen.note(page, reader.header)
                on_page(page)
                seen.unpacked_bytes = unpacked_before + reader.unpacked_bytes
                if stop() or seen.unpacked_bytes >= MOST_UNPACKED_BYTES:
                    return
                await give_turns(clock)
            if left and stop_after_slice():  # at the end of the file its last row is still to come
                return
    for page in reader.close():
        seen.note(page, reader.header)
        on_page(page)
        await give_turns(clock)


async def _columns(
    file: FileToRead, mapped: Collection[str], seen: Beginning, segments: Segments, clock: Clock
) -> AsyncGenerator[Page]:
    """Yield pages of a Parquet file with the *mapped* columns and some others, and count in *seen* what is read.

    A run reads no others: where one of them cannot be read, as it is encrypted or damaged, they are all left out.
    """
    header = file.dialect.columns or ()
    wanted = [name for name in header if name in mapped]
    others = [name for name in header if name not in mapped][:MOST_OTHER_COLUMNS]

    def count(size: int) -> None:
        seen.bytes_read += size
        seen.unpacked_bytes += size

    def read(columns: Collection[str]) -> AsyncGenerator[Page]:
        return read_parquet(file.blob, columns, segments=segments, clock=clock, on_bytes=count, window=SMALL_WINDOW)

    has_begun = False
    try:
        async with aclosing(read({*wanted, *others})) as pages:
            async for page in pages:
                has_begun = True
                yield page
            return
    except ConfigurationError:
        if has_begun or not wanted or not others:
            raise
    async with aclosing(read(wanted)) as pages:
        async for page in pages:
            yield page


async def _slices(blob: SegmentBlob, segments: Segments) -> AsyncGenerator[bytes]:
    async with aclosing(segments.read(blob)) as chunks:
        async for chunk in chunks:
            for start in range(0, len(chunk), SLICE_BYTES):
                yield chunk[start : start + SLICE_BYTES]
