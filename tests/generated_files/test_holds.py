"""However hostile a file is, little is done between two pauses, in which the other tasks go on.

Work is counted and not timed: in calls of functions, and in cells of rows. ``make soak`` measures time as well.
"""

import asyncio

import pytest

from shared.domain.config.reading import Reading
from shared.domain.rows.delimited.header import MAX_COLUMNS
from shared.domain.rows.file_reader import PAGE_ROWS
from shared.pipeline.reading.segment_survey import survey_segment
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments
from tests.generated_files.holds import Calls, Meter, read_all
from tests.generated_files.hostile import Hostile, odd_files, repeating_files

BYTES = 4_000_000
MOST_CALLS = 700_000
"""At most 50 ms: such cheap calls as can be very many take 70 ns each."""
MOST_PAGES = 25
FILES = [*odd_files(BYTES), *[*repeating_files(BYTES)][::2]]
PARTS = 8


def test_there_are_many_hostile_files() -> None:
    assert len(FILES) > 100
    assert len({(file.what, file.name) for file in FILES}) == len(FILES)


@pytest.mark.parametrize("part", range(PARTS))
def test_little_is_done_between_two_pauses(part: int) -> None:
    held = {f"{file.name}, {file.what}": _most_calls(file) for file in FILES[part::PARTS]}
    assert {what: calls for what, calls in held.items() if calls > MOST_CALLS} == {}


def _most_calls(file: Hostile) -> float:
    calls = Calls()
    meter = Meter(lambda: calls.count)
    with calls.counted():
        asyncio.run(read_all(file.name, file.make(), meter, most_pages=MOST_PAGES))
    assert meter.most_rows <= PAGE_ROWS
    assert meter.most_cells <= PAGE_ROWS * MAX_COLUMNS
    return meter.longest


async def test_of_many_files_that_are_looked_at_together_one_is_worked_on_at_a_time() -> None:
    one, eight = [await _most_calls_of_survey(count) for count in (1, 8)]
    assert one > 10_000
    assert eight < 1.5 * one


async def _most_calls_of_survey(files: int) -> int:
    """Return the most calls between two turns of another task, while *files* files alike are looked at."""
    segments = MemorySegments({f"vip/{number}.json": b"[" + b'{"a":' * 50_000 for number in range(files)})
    calls, between = Calls(), [0]

    async def other() -> None:
        while True:
            before = calls.count
            await asyncio.sleep(0)
            between.append(calls.count - before)

    with calls.counted():
        task = asyncio.create_task(other())
        await survey_segment("vip", Reading(), email_column="email", segments=segments, clock=FakeClock())
        task.cancel()
    return max(between)


async def test_what_is_done_between_two_pauses_is_seen() -> None:
    calls = Calls()
    meter = Meter(lambda: calls.count)
    with calls.counted():
        await meter.sleep(0)
        _ = [len(text) for text in ["x"] * 1000]
        await meter.sleep(0)
    assert 1000 < meter.longest < 1100
