"""Parquet is read by ranges of the version that was listed, from the fake and from blob storage alike."""

from collections.abc import AsyncIterator

import pytest

from shared.domain.errors import SourceChanged
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.find_source import find_source
from shared.domain.sources.source_rules import USUAL_RULES
from shared.pipeline.reading.columns.parquet_pages import open_parquet, read_parquet
from shared.pipeline.reading.segment_files import answered
from shared.wiring import SystemClock
from tests.contracts.sources.segment_places import Place, place_in
from tests.real_files.parquet.written import parquet_file

NAME = "vip/2026/01/01/0000/part-0.parquet"
ROWS = 3_000
EMAILS = [f"p{number}@example.com" for number in range(ROWS)]


def _body(rows: int = ROWS) -> bytes:
    columns = {"EMail": EMAILS[:rows], "Wide": [number / 7 for number in range(rows)]}
    return parquet_file(columns, row_group_size=1_000, compression="none")


@pytest.fixture
async def place(connection_string: str | None) -> AsyncIterator[Place]:
    async with place_in(connection_string) as made:
        yield made


async def _listed(place: Place) -> SegmentBlob:
    await place.put("vip/2026/01/01/0000/_SUCCESS")
    source = await answered(find_source("vip", USUAL_RULES), place.segments)
    (blob,) = source.files.data
    return blob.version


async def test_the_rows_of_the_mapped_column_come_in_order_and_little_else_is_fetched(place: Place) -> None:
    await place.put(NAME, _body())
    blob, clock, fetched = await _listed(place), SystemClock(), list[int]()
    file = await open_parquet(blob, segments=place.segments, clock=clock)
    assert (file.rows, [name for name, _ in file.columns]) == (ROWS, ["EMail", "Wide"])
    pages = read_parquet(blob, ["EMail"], segments=place.segments, clock=clock, on_bytes=fetched.append)
    rows = [row async for page in pages for row in page.rows]
    assert rows == [{"EMail": email} for email in EMAILS]
    assert sum(fetched) <= blob.size


async def test_a_file_that_was_written_again_or_removed_is_named(place: Place) -> None:
    await place.put(NAME, _body())
    blob = await _listed(place)
    await place.put(NAME, _body(2_000))
    with pytest.raises(SourceChanged, match="part-0"):
        await open_parquet(blob, segments=place.segments, clock=SystemClock())
    await place.remove(NAME)
    with pytest.raises(SourceChanged, match="part-0"):
        await open_parquet(blob, segments=place.segments, clock=SystemClock())
