"""Of the virtual clock that every other test goes by."""

import asyncio
from datetime import timedelta

import pytest

from tests.fakes.clock import START, FakeClock


async def _note(clock: FakeClock, seconds: float, notes: list[tuple[float, str]], name: str) -> None:
    await clock.sleep(seconds)
    notes.append((clock.monotonic(), name))


async def test_a_week_of_sleep_takes_no_time() -> None:
    clock = FakeClock()
    await asyncio.wait_for(clock.sleep(7 * 86400), timeout=5)
    assert clock.now() == START + timedelta(days=7)
    assert clock.monotonic() == 7 * 86400


async def test_sleepers_wake_in_the_order_in_which_they_are_due() -> None:
    clock, notes = FakeClock(), list[tuple[float, str]]()
    await asyncio.gather(*(_note(clock, seconds, notes, f"{seconds}") for seconds in (3, 1, 2)))
    assert notes == [(1, "1"), (2, "2"), (3, "3")]


async def test_sleepers_due_together_wake_in_the_order_in_which_they_went_to_sleep() -> None:
    clock, notes = FakeClock(), list[tuple[float, str]]()
    await asyncio.gather(*(_note(clock, 1, notes, name) for name in "bac"))
    assert notes == [(1, "b"), (1, "a"), (1, "c")]


async def test_a_woken_sleeper_comes_to_rest_before_the_next_one_wakes() -> None:
    clock, notes = FakeClock(), list[str]()

    async def work(name: str) -> None:
        await clock.sleep(1)
        for step in range(50):
            await clock.sleep(0)
            notes.append(f"{name}{step}")

    await asyncio.gather(work("a"), work("b"))
    assert notes == [f"{name}{step}" for name in "ab" for step in range(50)]


async def test_time_stands_still_while_somebody_works() -> None:
    clock = FakeClock()
    sleeper = asyncio.create_task(clock.sleep(1))
    for _ in range(1000):
        await asyncio.sleep(0)
    assert (clock.monotonic(), sleeper.done()) == (0, False)
    await sleeper
    assert clock.monotonic() == 1


async def test_sleeping_for_nothing_gives_others_a_turn_and_moves_no_time() -> None:
    clock, notes = FakeClock(), list[str]()
    asyncio.get_running_loop().call_soon(notes.append, "other")
    await clock.sleep(0)
    assert (notes, clock.monotonic()) == (["other"], 0)


async def test_a_cancelled_sleeper_moves_no_time() -> None:
    clock = FakeClock()
    cancelled = asyncio.create_task(clock.sleep(5))
    await clock.sleep(1)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    await clock.sleep(10)
    assert (clock.monotonic(), clock.sleepers) == (11, 0)


async def test_an_advance_brings_about_all_that_falls_due_in_it() -> None:
    clock, ticks = FakeClock(jumps=False), list[float]()

    async def tick() -> None:
        while True:
            await clock.sleep(2)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(tick())
    await clock.advance(6)
    assert (ticks, clock.monotonic()) == ([2, 4, 6], 6)
    await clock.advance(1)
    assert (ticks, clock.monotonic()) == ([2, 4, 6], 7)
    task.cancel()


async def test_without_jumps_only_an_advance_moves_time() -> None:
    clock = FakeClock(jumps=False)
    sleeper = asyncio.create_task(clock.sleep(1))
    await asyncio.to_thread(sum, range(3_000_000))  # the loop has nothing to do meanwhile
    assert (clock.monotonic(), clock.sleepers) == (0, 1)
    await clock.advance(1)
    assert (sleeper.done(), clock.sleepers) == (True, 0)


async def test_two_advances_at_once_both_end() -> None:
    clock = FakeClock(jumps=False)
    await asyncio.wait_for(asyncio.gather(clock.advance(3), clock.advance(3)), timeout=5)
    assert clock.monotonic() == 3


async def test_every_wait_that_was_asked_for_is_kept() -> None:
    clock = FakeClock()
    for seconds in (1.5, 0, 3):
        await clock.sleep(seconds)
    assert clock.slept == [1.5, 0, 3]


def test_a_clock_goes_on_in_another_event_loop_where_a_crash_left_sleepers_behind() -> None:
    clock = FakeClock()

    async def crash() -> None:
        task = asyncio.create_task(clock.sleep(60))
        await clock.sleep(1)
        assert not task.done()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(crash())
    asyncio.run(clock.sleep(2))
    assert clock.monotonic() == 3
