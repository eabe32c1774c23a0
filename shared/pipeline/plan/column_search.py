"""Finds out, before anything is sent, whether the segments have the columns that the mapping names."""

from collections.abc import Collection

from shared.domain.config.mapping import Mapping
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.column_check import SHOWN_COLUMNS, check_columns, in_file, missing_column
from shared.domain.rows.file_kind import kind_of_file
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sentences import Sentence, say
from shared.pipeline.reading.peek import Beginning, peek
from shared.ports import Clock, Segments

PEEK_ROWS = 10_000
"""A column counts as missing, in files without headers, when the first so many rows of a segment lack it."""


class ColumnSearch:
    """Looks for the columns of *mapping* in headers of files, or else in the first rows of segments; mutable."""

    def __init__(self, mapping: Mapping, segments: Segments, clock: Clock) -> None:
        self._mapping = mapping
        self._segments = segments
        self._clock = clock
        self._places: dict[str, list[str]] = {}

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """Return one sentence for each mapped column that is missing, also where many places lack the column."""
        return tuple(missing_column(column, places) for column, places in self._places.items())

    async def look_at(self, segment: str, blobs: list[SegmentBlob]) -> None:
        """Look at the header of each file of *segment*, and at the first rows of its files without headers.

        Raises `ConfigurationError` when a run cannot work with these columns, or when none of the rows can be read.
        """
        headless = []
        for blob in blobs:
            kind = kind_of_file(blob.name)
            if kind is not None and kind.has_header:
                await self._look_at_header(blob)
            else:
                headless.append(blob)
        if headless:
            await self._look_at_rows(segment, headless)

    async def _look_at_header(self, blob: SegmentBlob) -> None:
        seen = Beginning()
        await peek(blob, seen, stop=lambda: seen.header is not None, segments=self._segments, clock=self._clock)
        if seen.header is not None:  # an empty file has none
            self._compare(seen.header, in_file(blob.name))

    async def _look_at_rows(self, segment: str, blobs: list[SegmentBlob]) -> None:
        wanted = frozenset(self._mapping.columns())
        seen = Beginning(most_rows=PEEK_ROWS, most_columns=SHOWN_COLUMNS, wanted=wanted)

        def is_enough() -> bool:
            return seen.rows >= PEEK_ROWS or wanted <= seen.columns.keys()

        for blob in blobs:
            await peek(blob, seen, stop=is_enough, segments=self._segments, clock=self._clock)
            if is_enough():
                break
        if seen.rows:
            _check_readable(seen, seen.where(segment))
            self._compare(seen.columns, seen.where(segment))

    def _compare(self, columns: Collection[str], where: str) -> None:
        check = check_columns(self._mapping, columns, where)
        check.require()
        for column in check.missing:
            self._places.setdefault(column, []).append(where)


def _check_readable(seen: Beginning, where: str) -> None:
    if seen.unreadable.total() < seen.rows:
        return
    text = (
        "{where} holds no row that can be read ({reasons}). "
        "Write its files as one JSON object a line, in UTF-8, or name them after the format that they are in."
    )
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in seen.unreadable.most_common())
    raise ConfigurationError(say("no_readable_row", text, where=where, reasons=reasons))
