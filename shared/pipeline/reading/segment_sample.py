"""Looks at the beginning of a segment: its first rows, its columns, and how many rows it may have."""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from itertools import islice

from shared.domain.rows.data_files import BlobRows
from shared.domain.rows.rows import Page, Unreadable
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.pages import Files, read_pages
from shared.ports import Clock, Segments

SAMPLE_BYTES = 256 * 1024
"""So much of a file is read, as stored; one range of it, where segments lie in Azure."""
SAMPLE_FILES = 3
"""So many files are opened to find rows: writers in parallel leave empty ones."""
SLICE_BYTES = 8 * 1024
"""Rows and bytes are counted together after each of them, so that one tells of the other."""
MOST_MORE_ROWS = 10_000
"""So many more rows than are wanted may lie in one packed slice; then it is left in the middle."""
MAX_COLUMNS = 10_000
MAX_SHOWN = 500
MAX_COLUMN_NAME = 200


@dataclass(slots=True)
class Sample:
    """What was seen of a segment; mutable. *header* holds the columns of a file that names them."""

    segment: str
    files: int
    bytes: int
    rows: int = 0
    bytes_read: int = 0
    columns: dict[str, None] = field(default_factory=dict)
    header: tuple[str, ...] | None = None
    first_file: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the segment was seen."""
        return self.bytes_read >= self.bytes

    @property
    def estimated_rows(self) -> int | None:
        """Return how many rows the segment has, as far as its beginning tells; None when that holds no row."""
        if self.is_whole:
            return self.rows
        return round(self.rows * self.bytes / self.bytes_read) if self.rows else None

    @property
    def where(self) -> str:
        """Return what was looked at, in words."""
        if self.header is not None:
            return f"File '{self.first_file}'"
        return f"Segment '{self.segment}' (its first {self.rows:,} rows, from file '{self.first_file}' on)"


def shortened(columns: Iterable[str]) -> list[str]:
    """Return the first of *columns*, with names that are not too long to be shown."""
    return [column[:MAX_COLUMN_NAME] for column in islice(columns, MAX_SHOWN)]


async def sample_segment(
    segment: str, *, rows: int, segments: Segments, clock: Clock, on_page: Callable[[Page], None] = lambda _page: None
) -> Sample:
    """Look at about *rows* rows at the beginning of *segment*; *on_page* sees every row that is counted.

    Raises `ConfigurationError` and `SourceChanged` for what cannot be read, `Retryable`.
    """
    blobs = await segments.blobs(segment)
    sample = Sample(segment, len(blobs), sum(blob.size for blob in blobs))
    for blob in [blob for blob in blobs if blob.size][:SAMPLE_FILES]:
        sample.first_file = sample.first_file or blob.name
        await _look_at(blob, sample, rows, segments, clock, on_page)
        if sample.rows:
            break
    return sample


async def _look_at(  # noqa: PLR0913, PLR0917 - one step of the function above
    blob: SegmentBlob, sample: Sample, rows: int, segments: Files, clock: Clock, on_page: Callable[[Page], None]
) -> None:
    reader, beginning = BlobRows(blob.name), _Beginning(segments)
    with suppress(_EnoughError):
        async with aclosing(read_pages(blob, reader, segments=beginning, clock=clock)) as pages:
            async for page in pages:
                if reader.columns is not None and sample.header is None:
                    sample.header, sample.first_file = reader.columns, blob.name
                    _note(sample, reader.columns)
                _take(page, sample, on_page)
                beginning.is_enough = sample.rows >= rows
                if sample.rows >= rows + MOST_MORE_ROWS:
                    break
    sample.bytes_read += beginning.bytes_read


def _take(page: Page, sample: Sample, on_page: Callable[[Page], None]) -> None:
    sample.rows += len(page.rows)
    for row in page.rows:
        if sample.header is None and not isinstance(row, Unreadable):
            _note(sample, tuple(row))
    on_page(page)


def _note(sample: Sample, columns: tuple[str, ...]) -> None:
    for column in columns:
        if len(sample.columns) < MAX_COLUMNS:
            sample.columns[column] = None


class _EnoughError(Exception):
    """What is wanted of a file was read; it is not at its end."""


class _Beginning:
    """The beginning of one file, in small pieces; mutable. No more pieces come when there *is_enough*."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.is_enough = False
        self.bytes_read = 0

    async def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the pieces; raises `_EnoughError` before the end of the file when no more are wanted."""
        async with aclosing(self._files.read(blob)) as chunks:
            async for chunk in chunks:
                for start in range(0, len(chunk), SLICE_BYTES):
                    piece = chunk[start : start + SLICE_BYTES]
                    self.bytes_read += len(piece)
                    yield piece
                    if self.bytes_read < blob.size and (self.is_enough or self.bytes_read >= SAMPLE_BYTES):
                        raise _EnoughError
