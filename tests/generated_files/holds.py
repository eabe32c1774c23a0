"""Reads a file as a run does, and measures what is done between two pauses, while no other task can go on."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any, TypeVar

from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.config.mapping import Mapping
from shared.domain.config.reading import Reading
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.sorter import Sorter
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import FileToRead
from shared.pipeline.reading.pages import read_pages
from shared.pipeline.reading.segment_survey import survey_segment
from tests.fakes.segments import MemorySegments

_T = TypeVar("_T")


class Meter:
    """The `Clock` port, which measures between two pauses; mutable. *amount* tells how much was done so far.

    *most_rows* and *most_cells* are those of one page.
    """

    def __init__(self, amount: Callable[[], float]) -> None:
        self.longest, self.where, self.pauses = 0.0, "", 0
        self.phase = "survey"
        self.most_rows = self.most_cells = 0
        self._amount = amount
        self._before = amount()

    def now(self) -> datetime:
        """Return the time of day, which stands still."""
        return datetime(2026, 11, 23, tzinfo=UTC)

    def monotonic(self) -> float:
        """Return seconds, which stand still."""
        return 0.0

    async def sleep(self, _seconds: float) -> None:
        """Measure, and let the others run."""
        self.measure()
        self.pauses += 1
        await asyncio.sleep(0)
        self._before = self._amount()

    async def beside(self, event: Future[_T]) -> _T:
        """Measure, and wait for a thread."""
        self.measure()
        found = await asyncio.wrap_future(event)
        self._before = self._amount()
        return found

    def measure(self) -> None:
        """Measure what was done since the last pause."""
        done = self._amount() - self._before
        if done > self.longest:
            self.longest, self.where = done, self.phase
        self._before = self._amount()


class Calls:
    """Counts calls of functions, those of Python itself as well; mutable. Nearly all work on bytes is made of these."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count while the block runs."""

        def note(_frame: FrameType, event: str, _argument: Any) -> None:
            if event in ("call", "c_call"):
                self.count += 1

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(before)


async def read_all(name: str, data: bytes, meter: Meter, *, most_pages: int) -> int:
    """Survey the file and read up to *most_pages* pages of it, as a run does; return the number of rows."""
    segments, rows = MemorySegments({f"vip/{name}": data}, piece_bytes=len(data)), 0
    with suppress(ConfigurationError):
        surveyed = await survey_segment("vip", Reading(), email_column="email", segments=segments, clock=meter)
        meter.measure()
        surveyed.require()
        meter.phase = "rows"
        sorter = Sorter(_MAPPING, phone_region="UA", encode=encode_profile)
        for file in surveyed.files:
            async for page in _pages(file.to_read, segments, meter, most_pages):
                SortedPage.of(page, sorter.sort(page.rows), first_row=rows + 1)
                rows += len(page.rows)
                meter.most_rows = max(meter.most_rows, len(page.rows))
                meter.most_cells = max(meter.most_cells, sum(len(row) for row in page.rows if isinstance(row, dict)))
    meter.measure()
    return rows


async def _pages(file: FileToRead, segments: MemorySegments, meter: Meter, most: int) -> AsyncGenerator[Page]:
    reader, pages = FileReader(file.blob.name, file.dialect, "email"), 0
    async for page in read_pages(file.blob, reader, segments=segments, clock=meter):
        yield page
        pages += 1
        if pages == most:
            return


_MAPPING = Mapping.written({"email": "email", "first_name": "name", "properties": {"note": "note"}})
