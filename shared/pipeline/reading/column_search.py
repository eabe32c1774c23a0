"""Finds out, before anything is sent, whether the segments have the columns that the mapping names."""

from collections import Counter
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing

from shared.domain.config.mapping import Mapping
from shared.domain.errors import ConfigurationError
from shared.domain.rows.data_files import CSV_ENDING, GZIP_ENDING, BlobRows
from shared.domain.rows.rows import Page, Row, Unreadable
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.pages import read_pages
from shared.ports import Clock, Segments

PEEK_ROWS = 10_000
"""How many rows must lack a column, in files without headers, before it counts as missing."""
_SHOWN = 20


class ColumnSearch:
    """Looks for the columns of *mapping* in the headers of files, or else in the first rows of segments; mutable."""

    def __init__(self, mapping: Mapping, segments: Segments, clock: Clock) -> None:
        self._mapping = mapping
        self._segments = segments
        self._clock = clock
        self._lacking: dict[str, list[str]] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each mapped column that is missing, however many places lack it."""
        return tuple(column_warning(column, places) for column, places in self._lacking.items())

    async def look_at(self, segment: str, blobs: list[SegmentBlob]) -> None:
        """Look at the files of *segment*, and read no more of them than it takes.

        Raises `ConfigurationError` as `missing_columns` does, or when not one of the rows looked at can be read.
        """
        headless = []
        for blob in blobs:
            if not blob.name.removesuffix(GZIP_ENDING).endswith(CSV_ENDING):
                headless.append(blob)
            elif (header := await self._header(blob)) is not None:
                self._compare(header, f"File '{blob.name}'")
        if headless:
            await self._look_at_rows(segment, headless)

    async def _header(self, blob: SegmentBlob) -> tuple[str, ...] | None:
        """Return the columns in the header of *blob*, or None when the file is empty."""
        reader = BlobRows(blob.name)
        async with aclosing(self._pages(blob, reader)) as pages:
            async for _ in pages:
                if reader.columns is not None:
                    break
        return reader.columns

    async def _look_at_rows(self, segment: str, blobs: list[SegmentBlob]) -> None:
        rows = _FirstRows(frozenset(self._mapping.columns()))
        for blob in blobs:
            async with aclosing(self._pages(blob, BlobRows(blob.name))) as pages:
                async for page in pages:
                    rows.take(page.rows)
                    if rows.are_enough:
                        break
            if rows.are_enough:
                break
        if rows.count:
            first = "row" if rows.count == 1 else f"{rows.count:,} rows"
            where = f"Segment '{segment}' (its first {first}, from file '{blobs[0].name}' on)"
            rows.check_readable(where)
            self._compare(rows.columns, where)

    def _compare(self, columns: Collection[str], where: str) -> None:
        for column in missing_columns(self._mapping, columns, where):
            self._lacking.setdefault(column, []).append(where)

    def _pages(self, blob: SegmentBlob, reader: BlobRows) -> AsyncGenerator[Page]:
        return read_pages(blob, reader, segments=self._segments, clock=self._clock)


def missing_columns(mapping: Mapping, columns: Collection[str], where: str) -> list[str]:
    """Return the mapped columns that are not among *columns*; *where* names the place that lacks them.

    Raises `ConfigurationError` when the e-mail column is missing, or when a mapped column stands there twice.
    """
    there = sorted(set(columns))
    if mapping.email not in there:
        shown = ", ".join(there[:_SHOWN]) or "none"
        raise ConfigurationError(
            f"{where} has no column '{mapping.email}', which the mapping of the export takes e-mail addresses from. "
            f"Columns there: {shown}{', …' if len(there) > _SHOWN else ''}. Mend the mapping or the segment."
        )
    for column in mapping.columns():
        if sum(name == column for name in columns) > 1:
            raise ConfigurationError(
                f"{where} has the mapped column '{column}' twice; give the columns different names."
            )
    return [column for column in mapping.columns() if column not in there]


class _FirstRows:
    """The columns in the first rows of files without headers; mutable. All of *wanted* are enough."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._unreadable = Counter[str]()
        self.columns: set[str] = set()
        self.count = 0

    @property
    def are_enough(self) -> bool:
        return self.count >= PEEK_ROWS or self._wanted <= self.columns

    def take(self, rows: list[Row | Unreadable]) -> None:
        rows = rows[: PEEK_ROWS - self.count]
        self.count += len(rows)
        for row in rows:
            if isinstance(row, Unreadable):
                self._unreadable[row.reason] += 1
            else:  # a few more columns than are wanted are enough to show
                self.columns.update(row if len(self.columns) < _SHOWN else self._wanted & row.keys())

    def check_readable(self, where: str) -> None:
        if self._unreadable.total() == self.count:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self._unreadable.most_common())
            raise ConfigurationError(
                f"{where} holds no row that can be read ({reasons}). "
                "Write its files as one JSON object a line, in UTF-8, or name them after the format that they are in."
            )


def column_warning(column: str, places: list[str]) -> str:
    """Return the sentence that *column* is missing in *places*."""
    others = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
    has = "have" if others else "has"
    return f"{places[0]}{others} {has} no column '{column}', which the mapping names."
