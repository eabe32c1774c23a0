"""What Klaviyo's answers tell of its minute slows us down where others use the account, and never lets us go faster."""

import asyncio
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.klaviyo.client.pace import MINUTE, SECOND, Pace
from shared.adapters.klaviyo.client.quota import Quota
from shared.adapters.klaviyo.client.rates import APART, IMPORT, Rate
from shared.adapters.klaviyo.client.shared_minute import MARGIN, SharedMinute
from tests.adapters.klaviyo.network import Reply, client_of, get_list, post_import, replying
from tests.fakes.clock import FakeClock

NARROW = Rate("narrow", 9, 10)


def told(remaining: int, reset: int = 60, *, limit: int = 10) -> Quota:
    return Quota(limit, remaining, reset)


async def go(pace: Pace, quota: Quota | None = None) -> float:
    """Let a request leave that is answered at once with *quota*; return when it left."""
    left_at = await pace.take()
    pace.answered(left_at, quota)
    return left_at


async def leave_together(pace: Pace, count: int, clock: FakeClock) -> list[float]:
    """Let *count* requests leave that are answered after all of them have left, without a word; return when."""
    left: list[float] = []

    async def request() -> None:
        left.append(await pace.take())
        await clock.sleep(500.0)
        pace.answered(left[0], None)

    tasks = [asyncio.create_task(request()) for _ in range(count)]
    await clock.sleep(200.0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return left


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({"Limit": "150", "Remaining": "149", "Reset": "60"}, Quota(150, 149, 60)),
        ({"Limit": " 150 ", "Remaining": "0", "Reset": "0"}, Quota(150, 0, 0)),
        ({"Limit": "150, 10;w=1, 150;w=60", "Remaining": "7", "Reset": "12"}, Quota(150, 7, 12)),
        ({"Limit": "150", "Remaining": "149"}, None),
        ({"Limit": "150", "Reset": "60"}, None),
        ({"Remaining": "149", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "-1", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "many", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "1e2", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "٣", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "", "Reset": "60"}, None),
        ({"Limit": "150", "Remaining": "1", "Reset": "86400"}, None),
        ({"Limit": "150", "Remaining": "1", "Reset": "12345678901234567890"}, None),
        ({}, None),
    ],
)
def test_headers_are_read_as_numbers_or_not_at_all(headers: Mapping[str, str], quota: Quota | None) -> None:
    assert Quota.from_headers({f"RateLimit-{name}": value for name, value in headers.items()}) == quota


async def test_what_others_have_left_is_taken_and_then_the_reset_is_waited_for() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(3, 40))
    assert await leave_together(pace, 5, clock) == [0.0] * 3 + [40.0 + MARGIN] * 2


async def test_when_others_have_left_nothing_the_reset_is_waited_for() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(0, 12))
    assert await go(pace) == 12.0 + MARGIN


async def test_a_value_larger_than_ours_changes_nothing() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    left = [await go(pace, told(1_000, limit=1_001)) for _ in range(11)]
    assert left == [0.0] * 9 + [SECOND, MINUTE]


async def test_an_account_of_our_own_is_used_as_fast_as_without_a_word_of_klaviyos() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    for left in range(10):
        left_at = await pace.take()
        await clock.sleep(0.9)  # so that Klaviyo's own word, in whole seconds, would let us wait longer
        pace.answered(left_at, told(9 - left, 60 - int(left_at)))
    assert await go(pace) == pytest.approx(MINUTE)


async def test_requests_under_way_count_as_not_yet_counted() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(6))
    under_way = [await pace.take() for _ in range(3)]
    pace.answered(under_way[0], told(2))
    assert await leave_together(pace, 1, clock) == [60.0 + MARGIN]


async def test_an_answer_that_was_lost_counts_as_not_yet_counted_until_a_later_one_tells() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(2))
    await go(pace)
    await clock.sleep(1.0)
    await go(pace, told(1, 59))  # so the lost one was never counted
    assert await leave_together(pace, 2, clock) == [1.0, 60.0 + MARGIN]


async def test_an_answer_that_was_lost_is_not_taken_for_room() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(2))
    await go(pace)
    await go(pace)
    assert await go(pace) == 60.0 + MARGIN


async def test_a_request_that_klaviyo_counts_before_an_earlier_one_shows_no_other_program() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    earlier = await pace.take()
    await clock.sleep(2.5)
    later = await pace.take()
    pace.answered(later, told(9))
    pace.answered(earlier, told(8))
    assert pace.use().is_alone


async def test_a_request_that_klaviyo_has_not_counted_yet_is_taken_off_what_a_later_one_has_left() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(4))
    await pace.take()
    await clock.sleep(1.0)
    later = await pace.take()
    pace.answered(later, told(3, 59))
    assert await leave_together(pace, 3, clock) == [1.0, 1.0, 60.0 + MARGIN]


async def test_an_older_answer_that_comes_late_makes_no_room() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(8))
    older, newer = await pace.take(), await pace.take()
    pace.answered(newer, told(1))
    pace.answered(older, told(5))
    assert await leave_together(pace, 2, clock) == [0.0, 60.0 + MARGIN]


async def test_an_answer_of_a_window_that_is_over_says_nothing_of_the_next() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(5, 10))
    slow = await pace.take()
    await clock.sleep(20.0)
    await go(pace, told(9, 50))
    pace.answered(slow, told(0, 5))
    assert await go(pace, told(8, 50)) == 20.0


async def test_a_new_window_is_full_again() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(0, 1))
    assert await go(pace, told(9)) == 1.0 + MARGIN
    assert await go(pace, told(8)) == 1.0 + MARGIN


async def test_in_a_new_window_others_may_have_left_less() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(0, 1))
    assert await go(pace, told(1)) == 1.0 + MARGIN
    assert await leave_together(pace, 2, clock) == [1.0 + MARGIN, 61.5 + MARGIN]


async def test_the_answer_that_came_quickest_tells_best_when_the_window_ends() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(2, 10))
    slow = await pace.take()
    await go(pace, told(0, 10))
    await clock.sleep(5.0)
    pace.answered(slow, told(1, 10))
    assert await go(pace) == 10.0 + MARGIN


async def test_a_lower_limit_than_is_published_is_kept() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    for left in range(5):
        assert await go(pace, told(4 - left, limit=101)) == 0.0
    assert await go(pace) == 60.0 + MARGIN


async def test_words_on_the_second_are_not_taken_for_the_minute() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    for number in range(10):
        assert await go(pace, Quota(10, 0, 1)) == pytest.approx(number * APART)
    assert await go(pace) == pytest.approx(SECOND)


async def test_whoever_waits_goes_on_as_soon_as_an_answer_shows_room() -> None:
    clock = FakeClock()
    pace = Pace(NARROW, clock)
    await go(pace, told(1))
    under_way = await pace.take()
    waiting = asyncio.create_task(pace.take())
    await clock.sleep(2.0)
    pace.answered(under_way, told(9))  # of a minute that has begun meanwhile
    assert await waiting == 2.0


async def test_the_client_hears_what_answers_say_of_each_endpoint() -> None:
    clock = FakeClock()
    nothing = Reply(headers={"RateLimit-Limit": "150", "RateLimit-Remaining": "0", "RateLimit-Reset": "30"})
    async with replying(nothing) as server, client_of(server.base_url, clock=clock) as client:
        await client.ask(post_import(b"{}"))
        await client.ask(get_list())
        assert clock.monotonic() == 0.0
        await client.ask(post_import(b"{}"))
    assert clock.monotonic() == 30.0 + MARGIN


@given(
    events=st.lists(
        st.tuples(st.floats(0, 90), st.integers(0, 12), st.integers(0, 60), st.integers(5, 12), st.booleans()),
        max_size=30,
    )
)
def test_whatever_is_told_nobody_waits_longer_than_a_minute_for_it(
    events: list[tuple[float, int, int, int, bool]],
) -> None:
    minute, now, under_way = SharedMinute(3, 10), 0.0, list[float]()
    for pause, remaining, reset, limit, answers in events:
        now += pause
        minute.leave(now)
        under_way.append(now)
        if answers:
            minute.come_back(under_way.pop(0), Quota(limit, remaining, reset), now)
        assert minute.free_from(now) - now <= 60.0 + MARGIN + 1e-9  # sums of fractions are not exact
        assert minute.others_a_second(now) <= 10.0
