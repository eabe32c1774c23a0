"""Who begins waits for the first answer, and who goes on does not."""

import pytest

from shared.adapters.klaviyo.client.pace import FIRST_ANSWER, MINUTE, SECOND, Pace
from shared.adapters.klaviyo.client.quota import Quota
from shared.adapters.klaviyo.client.rates import APART, IMPORT, Rate
from shared.domain.runs.account_use import AccountUse
from tests.adapters.klaviyo.client.paced import SMALL, apart, leave, pass_through
from tests.fakes.clock import FakeClock


async def test_whoever_starts_waits_for_the_first_answer_before_the_others_leave() -> None:
    clock = FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 20, window=20, answer=0.3)
    assert left[:11] == pytest.approx([0.0, *apart(0.3, 9), SECOND])


async def test_a_first_answer_that_does_not_come_is_not_waited_for_for_long() -> None:
    clock = FakeClock()
    left = await leave(Pace(IMPORT, clock), clock, 5, window=5, answer=100.0)
    assert left == pytest.approx([0.0, *apart(FIRST_ANSWER, 4)])


async def test_whoever_goes_on_does_not_wait_for_an_answer() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    await pass_through(pace)
    await clock.sleep(50.0)
    left = await leave(pace, clock, 10, window=10, answer=100.0)
    assert left == pytest.approx(apart(50.0, 10))


async def test_whoever_paused_for_a_minute_starts_again() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    await pass_through(pace)
    await clock.sleep(MINUTE + 1)
    left = await leave(pace, clock, 3, window=3, answer=0.5)
    assert left == pytest.approx([MINUTE + 1, *apart(MINUTE + 1.5, 2)])


def used(clock: FakeClock, *ago: float, is_alone: bool = True) -> AccountUse:
    return AccountUse(clock.now(), ago, is_alone)


async def test_whoever_goes_on_from_a_leg_that_was_alone_waits_for_no_answer_and_counts_its_requests() -> None:
    clock = FakeClock()
    pace = Pace(SMALL, clock)
    pace.go_on_from(used(clock, 70.0, 50.0, 0.4, 0.1))  # the first of them was longer ago than a minute
    left = [await pace.take() for _ in range(3)]
    assert left == pytest.approx([SECOND - 0.4, SECOND - 0.1, MINUTE - 50.0])


async def test_whoever_knows_that_the_account_was_idle_waits_for_no_answer_for_a_minute() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    pace.go_on_from(used(clock))
    await clock.sleep(MINUTE)
    assert await leave(pace, clock, 2, window=2, answer=0.5) == pytest.approx([MINUTE, MINUTE + APART])


async def test_a_leg_that_was_not_alone_or_sent_nothing_lately_leaves_nothing_to_go_on_from() -> None:
    for ago, is_alone in (((0.5,), False), ((), False), ((61.0,), True)):
        clock = FakeClock()
        pace = Pace(IMPORT, clock)
        pace.go_on_from(used(clock, *ago, is_alone=is_alone))
        left = await leave(pace, clock, 2, window=2, answer=0.5)
        assert left == [0.0, 0.5]


async def test_a_note_on_the_use_that_was_written_a_while_ago_is_as_much_older() -> None:
    clock = FakeClock()
    note = used(clock, 0.5)
    await clock.sleep(MINUTE - 1.0)
    pace = Pace(Rate("one", 1, 1), clock)
    pace.go_on_from(note)
    assert await pace.take() == pytest.approx(MINUTE - 0.5)


async def test_the_use_has_what_left_in_the_last_minute_and_whether_klaviyo_has_shown_another_program() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    assert pace.use() == AccountUse(clock.now(), (), is_alone=False)  # nobody has answered yet
    await pass_through(pace)
    await clock.sleep(MINUTE - 5.0)
    pace.answered(await pace.take(), Quota(150, 149, 50))
    await clock.sleep(2.0)
    assert pace.use() == AccountUse(clock.now(), (MINUTE - 3.0, 2.0), is_alone=True)
    pace.answered(await pace.take(), Quota(150, 100, 48))
    assert not pace.use().is_alone


async def test_after_a_429_one_goes_first_and_the_others_wait_for_its_answer() -> None:
    clock = FakeClock()
    pace = Pace(IMPORT, clock)
    await pass_through(pace)
    pace.hold(3.0)
    left = await leave(pace, clock, 4, window=4, answer=0.5)
    assert left == pytest.approx([3.0, *apart(3.5, 3)])
