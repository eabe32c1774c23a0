"""Finds out, before anything is sent, whether the segments have the columns that the mapping names."""

from collections.abc import Collection, Sequence

from shared.domain.config.mapping import Mapping
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.column_check import SHOWN_COLUMNS, check_columns, in_file, missing_column
from shared.domain.rows.parquet.parquet_sentences import column_refused
from shared.domain.sentences import Sentence, say
from shared.pipeline.reading.peek import Beginning, peek
from shared.pipeline.reading.segment_survey import SurveyedFile
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
        self._alike: dict[str, str] = {}

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """Return one sentence for each mapped column that is missing, also where many places lack the column."""
        return tuple(
            missing_column(column, places, self._alike.get(column))
            for column, places in self._places.items()
            if column != self._mapping.email  # without it there is a problem, which says more
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the mapped columns that are missing anywhere, those included without which a run fails."""
        return tuple(self._places)

    async def look_at(self, segment: str, files: Sequence[SurveyedFile]) -> None:
        """Look at the header of each of *files*, and at the first rows of those that have none.

        Raises `ConfigurationError` when a run cannot work with these columns, or when none of the rows can be read.
        """
        for file in files:
            self._refuse(file)
            if file.header is not None:
                self._compare(file.header, in_file(file.blob.name))
        headless = [file for file in files if file.names_columns_in_rows]
        if headless:
            await self._look_at_rows(segment, headless)

    async def _look_at_rows(self, segment: str, files: Sequence[SurveyedFile]) -> None:
        wanted = frozenset(self._mapping.columns())
        if wanted <= {name for file in files[:1] for name in file.names}:
            return
        seen = Beginning(most_rows=PEEK_ROWS, most_columns=SHOWN_COLUMNS, wanted=wanted)

        def is_enough() -> bool:
            return seen.rows >= PEEK_ROWS or wanted <= seen.columns.keys()

        for file in files:
            await peek(file.to_read, seen, stop=is_enough, segments=self._segments, clock=self._clock)
            if is_enough():
                break
        if seen.rows:
            _check_readable(seen, seen.where(segment))
            self._compare(seen.columns, seen.where(segment))

    def _refuse(self, file: SurveyedFile) -> None:
        mapped = self._mapping.columns()
        for column, kind in file.refused:
            if column in mapped:
                raise ConfigurationError(column_refused(file.blob.name, column, kind))

    def _compare(self, columns: Collection[str], where: str) -> None:
        check = check_columns(self._mapping, columns, where)
        self._alike.update(check.alike)
        for column in check.missing:
            self._places.setdefault(column, []).append(where)
        check.require()


def _check_readable(seen: Beginning, where: str) -> None:
    if seen.unreadable.total() < seen.rows:
        return
    text = (
        "{where} holds no row that can be read ({reasons}). "
        "Write its files as one JSON object a line, in UTF-8, or name them after the format that they are in."
    )
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in seen.unreadable.most_common())
    raise ConfigurationError(say("no_readable_row", text, where=where, reasons=reasons))
