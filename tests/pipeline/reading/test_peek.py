"""A look at the beginning of files: what it notes, and how far it goes."""

from collections.abc import Callable

from shared.domain.rows.file_reader import LEAST_PIECE
from shared.domain.rows.gunzip import STEP_BYTES
from shared.domain.rows.rows import Page
from shared.domain.runs.plan import FileToRead
from shared.pipeline.reading.peek import MOST_UNPACKED_BYTES, SLICE_BYTES, Beginning, peek
from shared.pipeline.reading.segment_files import list_files
from tests.builders import csv_file, ndjson, packed, people
from tests.domain.rows.feeding import dialect_by_name
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments


def never() -> bool:
    return False


async def look(
    blobs: dict[str, bytes],
    seen: Beginning,
    stop: Callable[[], bool] = never,
    stop_after_slice: Callable[[], bool] = never,
) -> list[Page]:
    """Look at each of *blobs* in turn; return the pages that were noted."""
    segments, pages = MemorySegments(blobs, piece_bytes=3 * SLICE_BYTES), list[Page]()
    for blob in (await list_files("vip", segments)).data:
        await peek(
            FileToRead(blob, dialect_by_name(blob.name)),
            seen,
            stop=stop,
            stop_after_slice=stop_after_slice,
            segments=segments,
            clock=FakeClock(),
            on_page=pages.append,
        )
        assert segments.open_reads == 0
    return pages


async def test_of_a_file_without_a_header_the_columns_of_all_rows_are_noted_and_unreadable_rows_are_counted() -> None:
    seen = Beginning()
    body = ndjson([{"a": 1}, {"b": 2, "a": 1}]) + b"[]\nnonsense\n[]"
    pages = await look({"vip/1.ndjson": body}, seen)
    assert (seen.header, list(seen.columns)) == (None, ["a", "b"])
    assert (seen.rows, seen.unreadable) == (5, {"not_an_object": 2, "not_json": 1})
    assert (seen.bytes_read, sum(len(page.rows) for page in pages)) == (len(body), 5)
    assert seen.where("vip") == "Segment 'vip' (its first 5 rows, from file 'vip/1.ndjson' on)"


async def test_the_first_header_counts_and_then_no_row_names_columns() -> None:
    seen = Beginning()
    blobs = {"vip/1.csv": b"", "vip/2.csv": b"x,y\n", "vip/3.csv": b"z\n1\n", "vip/4.ndjson": b'{"a": 1}\n'}
    await look(blobs, seen)
    assert (seen.header, list(seen.columns), seen.rows) == (("x", "y"), ["x", "y"], 2)
    assert seen.where("vip") == "File 'vip/2.csv'"


async def test_a_look_ends_with_the_page_that_is_enough() -> None:
    seen = Beginning()
    await look({"vip/1.csv": csv_file(people(5_000))}, seen, stop=lambda: seen.header is not None)
    assert (seen.header, seen.bytes_read) == (("EMail", "FirstName"), SLICE_BYTES)


async def test_a_look_ends_with_a_slice_and_the_rows_are_those_of_the_bytes() -> None:
    seen = Beginning()
    body = ndjson(people(5_000))
    await look({"vip/1.ndjson": body}, seen, stop_after_slice=lambda: seen.rows >= 300)
    assert seen.bytes_read % SLICE_BYTES == 0
    assert seen.rows == body[: seen.bytes_read].count(b"\n") >= 300
    assert seen.rows - 300 < SLICE_BYTES // 30


async def test_at_the_end_of_a_file_its_last_row_is_seen_as_well() -> None:
    seen = Beginning()
    await look({"vip/1.ndjson": ndjson(people(3)).rstrip()}, seen, stop_after_slice=lambda: seen.rows >= 1)
    assert seen.rows == 3


async def test_rows_after_the_limit_are_not_noted() -> None:
    seen = Beginning(most_rows=3)
    await look({"vip/1.ndjson": ndjson([{"a": 1}] * 3 + [{"late": 1}]) + b"nonsense\n"}, seen)
    assert (seen.rows, list(seen.columns), seen.unreadable.total()) == (3, ["a"], 0)


async def test_when_many_columns_are_known_only_wanted_ones_are_added() -> None:
    seen = Beginning(most_columns=2, wanted=frozenset({"wanted"}))
    await look({"vip/1.ndjson": ndjson([{"a": 1, "b": 1, "c": 1}, {"d": 1, "wanted": 1}])}, seen)
    assert list(seen.columns) == ["a", "b", "c", "wanted"]


async def test_no_more_than_so_many_unpacked_bytes_are_looked_at_in_all_files_together() -> None:
    blank = packed(b"email\n" + b"\n" * (MOST_UNPACKED_BYTES + 8 * STEP_BYTES))
    seen = Beginning()
    pages = await look({f"vip/{number}.csv.gz": blank for number in range(2)}, seen)

    assert MOST_UNPACKED_BYTES <= seen.unpacked_bytes <= MOST_UNPACKED_BYTES + 3 * STEP_BYTES
    assert seen.bytes_read <= len(blank)
    assert [page for page in pages if page.rows] == []


async def test_very_many_small_gzip_streams_are_not_looked_at_to_their_end() -> None:
    streams = packed(b"\n") * 100_000
    seen = Beginning()
    await look({"vip/1.ndjson.gz": streams}, seen)

    assert MOST_UNPACKED_BYTES <= seen.unpacked_bytes <= MOST_UNPACKED_BYTES + SLICE_BYTES * LEAST_PIECE
    assert seen.bytes_read < len(streams) / 2
