"""A look at the beginning of a segment: bounded, whatever lies in it."""

import pytest

from shared.domain.config.reading import Reading
from shared.domain.errors import ConfigurationError
from shared.domain.rows.rows import Page
from shared.pipeline.reading.segment_sample import (
    MAX_SHOWN,
    MOST_MORE_ROWS,
    SAMPLE_BYTES,
    Sample,
    sample_segment,
    shown,
)
from shared.pipeline.reading.segment_survey import survey_segment
from tests.builders import csv_file, ndjson, packed, people
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments


async def sample_of(blobs: dict[str, bytes], rows: int = 100) -> tuple[Sample, list[Page]]:
    segments, pages = MemorySegments(blobs, piece_bytes=4 * 1024 * 1024), list[Page]()
    clock = FakeClock()
    surveyed = await survey_segment("vip", Reading(), email_column=None, segments=segments, clock=clock)
    surveyed.require()
    sample = await sample_segment(surveyed, rows=rows, segments=segments, clock=clock, on_page=pages.append)
    assert segments.open_reads == 0
    return sample, pages


async def test_what_is_counted_is_what_was_handed_on() -> None:
    for name, body in (("1.ndjson", ndjson(people(5_000))), ("1.csv.gz", packed(csv_file(people(5_000))))):
        sample, pages = await sample_of({f"vip/{name}": body})
        assert sum(len(page.rows) for page in pages) == sample.rows
        assert 100 <= sample.rows < 5_000
        assert sample.seen.bytes_read < sample.bytes
        assert sample.estimated_rows == pytest.approx(5_000, rel=0.25)


async def test_a_small_segment_is_seen_whole_and_its_last_row_as_well() -> None:
    sample, _ = await sample_of({"vip/1.ndjson": ndjson(people(3)).rstrip()})
    assert (sample.is_whole, sample.estimated_rows) == (True, 3)


async def test_of_wide_rows_no_more_is_read_than_the_beginning() -> None:
    row = {"EMail": "a@example.com", "Notes": "x" * 100_000}
    sample, _ = await sample_of({"vip/1.ndjson": ndjson([row] * 20)})
    assert (sample.rows, sample.seen.bytes_read) == (2, SAMPLE_BYTES)
    assert sample.estimated_rows == 15  # a third one was cut off
    endless, _ = await sample_of({"vip/1.ndjson": b'{"Notes": "' + b"x" * 3_000_000})
    assert (endless.rows, endless.seen.bytes_read, endless.estimated_rows) == (0, SAMPLE_BYTES, None)


async def test_a_file_that_is_packed_beyond_measure_is_left_in_the_middle() -> None:
    sample, _ = await sample_of({"vip/1.ndjson.gz": packed(b"{}\n" * 3_000_000)})
    assert sample.rows < 100 + MOST_MORE_ROWS + 1_000


async def test_columns_are_known_by_their_whole_names_and_shown_bounded_in_number_and_length() -> None:
    rows = [{f"column {n}": 1, "x" * (60 + n % 9): 2} for n in range(1, 1_000)]
    sample, _ = await sample_of({"vip/1.ndjson": ndjson(rows)}, rows=1_000)
    assert {"column 999", "x" * 68} <= {*sample.columns}
    names = shown(sample.columns)
    assert (len(names), max(map(len, names))) == (MAX_SHOWN, 64)


async def test_a_header_names_the_columns_and_not_the_rows() -> None:
    sample, _ = await sample_of({"vip/0.csv": b"EMail,Name\r\n", "vip/1.csv": csv_file(people(3))})
    assert (list(sample.columns), sample.seen.header) == (["EMail", "Name"], ("EMail", "Name"))
    assert sample.rows == 3


async def test_a_damaged_file_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"File 'vip/1\.csv\.gz' cannot be read"):
        await sample_of({"vip/1.csv.gz": packed(csv_file(people(3)))[:-9]})
