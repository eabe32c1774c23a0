"""Takes a small sample from the beginning of a segment: some rows, the columns, and a guess at the number of rows."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice

from shared.domain.dialects.plausible_columns import plausible_columns
from shared.domain.rows.rows import Page
from shared.pipeline.reading.peek import Beginning, peek
from shared.pipeline.reading.segment_survey import SurveyedSegment
from shared.ports import Clock, Segments

SAMPLE_BYTES = 256 * 1024
"""So many stored bytes of each file are read; in Azure that is one range of the blob."""
SAMPLE_FILES = 3
"""So many files are opened to find rows, as writers that work in parallel leave empty files."""
MOST_MORE_ROWS = 10_000
"""A packed slice may hold many rows: the sample ends within the slice when it has so many more rows than are wanted."""
MAX_SHOWN = 500


@dataclass(slots=True)
class Sample:
    """What was seen of a segment, which has *files* files of *bytes* bytes together; mutable.

    *known_rows* is how many rows the files say that they have, None where one of them does not say.
    """

    segment: str
    files: int
    bytes: int
    known_rows: int | None = None
    seen: Beginning = field(default_factory=Beginning)

    @property
    def rows(self) -> int:
        """Return how many rows were seen."""
        return self.seen.rows

    @property
    def columns(self) -> list[str]:
        """Return the columns that were seen, once each, in the order in which they came."""
        return list(self.seen.columns)

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the segment was seen."""
        return self.seen.bytes_read >= self.bytes

    @property
    def is_exact(self) -> bool:
        """Tell whether the number of rows is exact."""
        return self.is_whole or self.known_rows is not None

    @property
    def estimated_rows(self) -> int | None:
        """Return about how many rows the segment has, judged by the part that was seen; None when no row was seen."""
        if self.known_rows is not None or self.is_whole:
            return self.rows if self.known_rows is None else self.known_rows
        return round(self.rows * self.bytes / self.seen.bytes_read) if self.rows else None


def shown(columns: Iterable[str]) -> list[str]:
    """Return the first of *columns* that may stand in an answer: what looks like data is left out."""
    return [*islice(plausible_columns([*columns]), MAX_SHOWN)]


async def sample_segment(  # noqa: PLR0913 - what is read, how far, with what, and who sees the rows
    surveyed: SurveyedSegment,
    *,
    rows: int,
    segments: Segments,
    clock: Clock,
    email_column: str | None = None,
    typed_columns: Collection[str] = (),
    mapped_columns: Collection[str] = (),
    on_page: Callable[[Page], None] = lambda _page: None,
) -> Sample:
    """Look at about *rows* rows at the beginning of a segment; *on_page* gets every row that is counted.

    Raises `ConfigurationError` and `SourceChanged` for a segment that cannot be read, `Retryable`.
    """
    sample = Sample(surveyed.segment, surveyed.count, surveyed.bytes, surveyed.rows)
    seen = sample.seen
    for file in [file for file in surveyed.files if file.blob.size][:SAMPLE_FILES]:
        most_bytes = seen.bytes_read + SAMPLE_BYTES
        await peek(
            file.to_read,
            seen,
            email_column=email_column,
            typed_columns=typed_columns,
            mapped_columns=mapped_columns,
            stop=lambda: seen.rows >= rows + MOST_MORE_ROWS,
            stop_after_slice=lambda: seen.rows >= rows or seen.bytes_read >= most_bytes,  # noqa: B023 - called in this round
            segments=segments,
            clock=clock,
            on_page=on_page,
        )
        if seen.rows:
            break
    return sample
