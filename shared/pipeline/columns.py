"""Finds out, before anything is sent, whether the segments have the columns that the mapping names."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing

from shared.domain.errors import ConfigurationError
from shared.domain.formats import CSV_ENDING, GZIP_ENDING, BlobRows
from shared.domain.mapping import Mapping
from shared.domain.plan import SegmentBlob
from shared.domain.rows import Row, Unreadable
from shared.pipeline.pages import read_pages
from shared.ports import Clock, Segments

PEEK_ROWS = 10_000
"""How many rows without a header must lack a column before it counts as missing."""
_SHOWN = 20


class ColumnSearch:
    """Looks for the columns of *mapping* in the headers of files, or else in the first rows of segments; mutable.

    *warnings* says which columns some place lacks.
    """

    def __init__(self, mapping: Mapping, segments: Segments, clock: Clock) -> None:
        self._mapping = mapping
        self._segments = segments
        self._clock = clock
        self._lacking: dict[str, list[str]] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each mapped column that is missing, however many places lack it."""
        return tuple(_warning(column, places) for column, places in self._lacking.items())

    async def look_at(self, segment: str, blobs: list[SegmentBlob]) -> None:
        """Look at the files of *segment*, and read no more of them than it takes.

        Raises `ConfigurationError` as `missing_columns` does, or when not one of the rows looked at can be read.
        """
        for blob in blobs:
            if _has_header(blob) and (header := await self._header(blob)) is not None:
                self._compare(header, file_text(blob))
        await self._look_at_rows(segment, [blob for blob in blobs if not _has_header(blob)])

    def _compare(self, columns: Collection[str], where: str) -> None:
        for column in missing_columns(self._mapping, columns, where):
            self._lacking.setdefault(column, []).append(where)

    async def _header(self, blob: SegmentBlob) -> tuple[str, ...] | None:
        """Return the columns in the header of *blob*, or None when the file is empty."""
        reader = BlobRows(blob.name)
        async with aclosing(read_pages(blob, reader, segments=self._segments, clock=self._clock)) as pages:
            await anext(pages, None)  # the first row comes after the header
        return reader.columns

    async def _look_at_rows(self, segment: str, blobs: list[SegmentBlob]) -> None:
        """Look through the first rows until every mapped column was seen."""
        wanted = frozenset(self._mapping.columns())
        columns: set[str] = set()
        unreadable = Counter[str]()
        rows = 0
        async for row in self._first_rows(blobs):
            rows += 1
            if isinstance(row, Unreadable):
                unreadable[row.reason] += 1
                continue
            columns.update(row if len(columns) < _SHOWN else wanted & row.keys())
            if wanted <= columns:
                return
        if rows and rows == unreadable.total():
            raise _no_row_can_be_read(segment, blobs[0], unreadable)
        if rows:
            self._compare(columns, f"Segment '{segment}' (its first {rows:,} rows, from {file_text(blobs[0])} on)")

    async def _first_rows(self, blobs: list[SegmentBlob]) -> AsyncGenerator[Row | Unreadable]:
        ...


def missing_columns(mapping: Mapping, columns: Collection[str], where: str) -> list[str]:
    """Return the mapped columns that are not among *columns*; *where* names the place that lacks them.

    Raises `ConfigurationError` when the e-mail column is missing, or when a mapped column stands there twice.
    """
