"""Klaviyo's limits hold, whoever comes when; and nothing of them is wasted."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.klaviyo.client.pace import MINUTE, SECOND, Held, Pace
from shared.adapters.klaviyo.client.quota import Quota
from shared.adapters.klaviyo.client.rates import APART, IMPORT, Rate
from shared.settings import Settings
from tests.adapters.klaviyo.client.paced import SMALL, apart, leave, pass_through
from tests.adapters.klaviyo.network import Reply, client_of, post_import, replying
from tests.fakes.clock import FakeClock

WINDOW = Settings.requests_in_flight


def paced(test: Callable[[FakeClock, Pace], Awaitable[None]]) -> None:
    """Run *test* in a loop and a time of its own, as an example of Hypothesis needs."""

    async def run() -> None:
        clock = FakeClock()
        await test(clock, Pace(IMPORT, clock))

    asyncio.run(run())


def most_in_a_window(times: Sequence[float]) -> int:
    """Return how many of *times* lie in one window of a second; the first one after its end opens the next."""
    counts, opened = [0], -math.inf
    for time in times:
        if time - opened >= 1.0:
            opened = time
            counts.append(0)
        counts[-1] += 1
    return max(counts)


def assert_kept(left: Sequence[float], rate: Rate) -> None:
    """No window of a second, or of a minute, has more than it may, wherever it begins."""
    for number, seconds in ((rate.per_second, 1.0), (rate.per_minute, 60.0)):
        gaps = [later - earlier for earlier, later in zip(left, left[number:], strict=False)]
        assert min(gaps, default=math.inf) > seconds


@settings(max_examples=60, deadline=None)
@given(
    bursts=st.lists(st.tuples(st.floats(0, 20), st.integers(1, 60), st.floats(0, 5)), min_size=1, max_size=8),
    window=st.integers(1, 40),
)
def test_no_second_and_no_minute_has_more_than_its_limit(bursts: list[tuple[float, int, float]], window: int) -> None:
    async def run(clock: FakeClock, pace: Pace) -> None:
        left: list[float] = []

        async def request(answer: float, slots: asyncio.Semaphore) -> None:
            async with slots:
                left_at = await pace.take()
                left.append(left_at)
                await clock.sleep(answer)
                pace.answered(left_at, None)

        slots = asyncio.Semaphore(window)
        async with asyncio.TaskGroup() as group:
            for pause, count, answer in bursts:
                await clock.sleep(pause)
                for _ in range(count):
                    group.create_task(request(answer, slots))
        assert len(left) == sum(count for _, count, _ in bursts)
        assert_kept(left, IMPORT)

    paced(run)


async def test_a_hundred_requests_leave_within_five_percent_of_what_klaviyo_allows() -> None:
    clock = FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 100, window=WINDOW, answer=0.3)
    assert left[-1] <= 1.05 * 10.0
    assert_kept(left, IMPORT)


@pytest.mark.parametrize("answer", [0.3, 1.0, 1.2])
async def test_the_pace_is_the_limit_and_not_the_window_of_the_settings(answer: float) -> None:
    clock, unbounded = FakeClock(), FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 150, window=WINDOW, answer=answer)
    best = await leave(Pace(IMPORT, unbounded), unbounded, 150, window=150, answer=answer)
    assert left[-1] - best[-1] <= answer  # the first answers come late, and that never adds up


async def test_a_window_smaller_than_the_pace_would_be_the_limit() -> None:
    clock = FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 150, window=8, answer=1.0)
    assert left[-1] > 1.2 * 14 * SECOND


async def test_nothing_is_wasted_of_a_full_minute() -> None:
    clock = FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 301, window=301, answer=0.0)
    assert left[9] == pytest.approx(9 * APART)
    assert left[10] == pytest.approx(SECOND)
    assert left[149] == pytest.approx(14 * SECOND + 9 * APART)
    assert left[150] == pytest.approx(MINUTE)
    assert left[300] == pytest.approx(2 * MINUTE)


@settings(max_examples=40, deadline=None)
@given(bodies=st.lists(st.floats(0, 3), min_size=30, max_size=60), late=st.lists(st.floats(0, 0.049), min_size=60))
def test_heads_and_bodies_each_keep_the_second_however_long_the_bodies_take(
    bodies: list[float], late: list[float]
) -> None:
    """Klaviyo may count a request when its head has come or when its body has; both travel up to *late* seconds."""

    async def run(clock: FakeClock, pace: Pace) -> None:
        heads, ends = list[float](), list[float]()

        async def request(body: float, delay: float) -> None:
            left_at = await pace.take()
            heads.append(clock.monotonic() + delay)
            await clock.sleep(body)
            await pace.take_end()
            ends.append(clock.monotonic() + delay)
            pace.answered(left_at, None)

        await asyncio.gather(*map(request, bodies, late))
        for times in (heads, ends):
            assert most_in_a_window(sorted(times)) <= IMPORT.per_second

    paced(run)


async def test_a_body_that_waits_for_its_end_can_be_cancelled() -> None:
    clock = FakeClock()
    pace = Pace(SMALL, clock)
    for _ in range(2):
        await pace.take_end()
    waiting = asyncio.create_task(pace.take_end())
    await clock.sleep(0.5)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert clock.monotonic() == 0.5


async def test_the_end_of_a_body_waits_for_its_turn() -> None:
    clock = FakeClock()
    async with replying(Reply()) as server, client_of(server.base_url, clock=clock) as client:
        await client.paces.of(IMPORT).take_end()
        await client.ask(post_import(b"{}"))
        assert clock.monotonic() == APART
    assert [seen.body for seen in server.seen] == [b"{}"]


async def test_requests_leave_in_the_order_in_which_they_came() -> None:
    clock, order = FakeClock(), list[int]()
    pace = Pace(SMALL, clock)

    async def request(number: int) -> None:
        await pass_through(pace)
        order.append(number)

    await asyncio.gather(*(request(number) for number in range(12)))
    assert order == list(range(12))


async def test_nobody_overtakes_who_waits_already() -> None:
    clock = FakeClock()
    pace = Pace(Rate("one", 1, 100), clock)
    left = dict[str, float]()

    async def request(name: str, *, at: float) -> None:
        await clock.sleep(at)
        left[name] = await pass_through(pace)

    await asyncio.gather(request("first", at=0.0), request("late", at=SECOND), request("early", at=0.5))
    assert left == pytest.approx({"first": 0.0, "early": SECOND, "late": 2 * SECOND})


async def test_a_hold_lets_nothing_leave_until_it_is_over() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    pace.hold(7.0)
    pace.hold(2.0)
    assert await pass_through(pace) == 7.0


async def test_a_hold_reaches_who_waits_already() -> None:
    clock = FakeClock()
    pace = Pace(Rate("one", 1, 100), clock)
    await pass_through(pace)
    waiting = asyncio.create_task(pass_through(pace))
    await clock.sleep(0.5)
    pace.hold(10.0)
    assert await waiting == 10.5


async def test_a_hold_beyond_all_patience_is_told_at_once_and_takes_no_turn() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    pace.hold(600.0)
    for _ in range(20):
        with pytest.raises(Held) as held:
            await pace.take(patience=180.0)
        assert held.value.seconds == 600.0
    assert clock.monotonic() == 0.0
    await clock.sleep(500.0)
    assert [await pass_through(pace, patience=180.0) for _ in range(10)] == pytest.approx(apart(600.0, 10))


async def test_patience_is_for_holds_and_not_for_the_pace() -> None:
    clock = FakeClock()
    pace = Pace(SMALL, clock)
    left = [await pass_through(pace, patience=0.1) for _ in range(6)]
    assert left[-1] == pytest.approx(MINUTE)


@pytest.mark.parametrize("cancelled", [0, 1, 2])
async def test_who_is_cancelled_while_waiting_leaves_the_pace_as_it_was(cancelled: int) -> None:
    clock, left = FakeClock(), list[float]()
    pace = Pace(Rate("one", 1, 100), clock)
    await pass_through(pace)

    async def request() -> None:
        left.append(await pass_through(pace))

    tasks = [asyncio.create_task(request()) for _ in range(3)]
    await clock.sleep(0.5)
    tasks[cancelled].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(result, asyncio.CancelledError) for result in results].index(True) == cancelled
    assert left == pytest.approx([SECOND, 2 * SECOND])


async def test_429s_in_a_row_use_up_the_patience_of_whoever_waits() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    pace.hold(60.0)
    waiting = [asyncio.create_task(pace.take(patience=100.0)) for _ in range(2)]
    assert await waiting[0] == 60.0
    pace.answered(60.0, None)
    pace.hold(60.0)
    with pytest.raises(Held) as held:
        await waiting[1]
    assert (held.value.seconds, clock.monotonic()) == (60.0, 60.0)


async def test_a_good_answer_between_two_429s_gives_new_patience() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    pace.hold(60.0)
    waiting = [asyncio.create_task(pace.take(patience=100.0)) for _ in range(2)]
    pace.answered(await waiting[0], Quota(150, 149, 60))
    pace.hold(60.0)
    assert await waiting[1] == 120.0
