"""However hostile a file is, little is done between two pauses, in which the other tasks go on.

Work is counted and not timed: in calls of functions, and in cells of rows. ``make soak`` measures time as well.
"""

import asyncio

import pytest

from shared.domain.rows.delimited.header import MAX_COLUMNS
from shared.domain.rows.file_reader import PAGE_ROWS
from tests.generated_files.holds import Calls, Meter, read_all
from tests.generated_files.hostile import Hostile, hostile_files

BYTES = 4_000_000
MOST_CALLS = 800_000
"""About 40 ms: the cheapest calls take 50 ns each."""
MOST_PAGES = 25
FILES = [*hostile_files(BYTES)]
PARTS = 8


def test_there_are_many_hostile_files() -> None:
    assert len(FILES) > 200
    assert len({(file.what, file.name) for file in FILES}) == len(FILES)


@pytest.mark.parametrize("part", range(PARTS))
def test_little_is_done_between_two_pauses(part: int) -> None:
    held = {f"{file.name}, {file.what}": _most_calls(file) for file in FILES[part * 2 :: PARTS * 2]}
    assert {what: calls for what, calls in held.items() if calls > MOST_CALLS} == {}


def _most_calls(file: Hostile) -> float:
    calls = Calls()
    meter = Meter(lambda: calls.count)
    with calls.counted():
        asyncio.run(read_all(file.name, file.make(), meter, most_pages=MOST_PAGES))
    assert meter.most_rows <= PAGE_ROWS
    assert meter.most_cells <= PAGE_ROWS * MAX_COLUMNS
    return meter.longest


async def test_what_is_done_between_two_pauses_is_seen() -> None:
    calls = Calls()
    meter = Meter(lambda: calls.count)
    with calls.counted():
        await meter.sleep(0)
        _ = [len(text) for text in ["x"] * 1000]
        await meter.sleep(0)
    assert 1000 < meter.longest < 1100
