"""Takes a small sample from the beginning of a segment: some rows, the columns, and a guess at the number of rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from shared.domain.rows.rows import Page
from shared.pipeline.reading.peek import Beginning, peek
from shared.pipeline.reading.segment_files import list_files
from shared.ports import Clock, Segments

SAMPLE_BYTES = 256 * 1024
"""So many stored bytes of each file are read; in Azure that is one range of the blob."""
SAMPLE_FILES = 3
"""So many files are opened to find rows, as writers that work in parallel leave empty files."""
MOST_MORE_ROWS = 10_000
"""A packed slice may hold many rows: the sample ends within the slice when it has so many more rows than are wanted."""
MAX_SHOWN = 500
MAX_COLUMN_NAME = 200


@dataclass(slots=True)
class Sample:
    """What was seen of a segment, which has *files* files of *bytes* bytes together; mutable."""

    segment: str
    files: int
    bytes: int
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
    def estimated_rows(self) -> int | None:
        """Return about how many rows the segment has, judged by the part that was seen; None when no row was seen."""
        if self.is_whole:
            return self.rows
        return round(self.rows * self.bytes / self.seen.bytes_read) if self.rows else None


def shortened(columns: Iterable[str]) -> list[str]:
    """Return the first of *columns*, with long names cut off, for an answer of bounded size."""
    return [column[:MAX_COLUMN_NAME] for column in islice(columns, MAX_SHOWN)]


async def sample_segment(
    segment: str, *, rows: int, segments: Segments, clock: Clock, on_page: Callable[[Page], None] = lambda _page: None
) -> Sample:
    """Look at about *rows* rows at the beginning of *segment*; *on_page* gets every row that is counted.

    Raises `ConfigurationError` and `SourceChanged` for a segment that cannot be read, `Retryable`.
    """
    blobs = (await list_files(segment, segments)).data
    sample = Sample(segment, len(blobs), sum(blob.size for blob in blobs))
    seen = sample.seen
    for blob in [blob for blob in blobs if blob.size][:SAMPLE_FILES]:
        most_bytes = seen.bytes_read + SAMPLE_BYTES
        await peek(
            blob,
            seen,
            stop=lambda: seen.rows >= rows + MOST_MORE_ROWS,
            stop_after_slice=lambda: seen.rows >= rows or seen.bytes_read >= most_bytes,  # noqa: B023 - called in this round
            segments=segments,
            clock=clock,
            on_page=on_page,
        )
        if seen.rows:
            break
    return sample
