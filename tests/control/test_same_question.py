"""Many who ask for the same at the same time cost no more than one."""

import asyncio

import pytest

from shared.control.same_question import AT_ONCE, JOINED_SECONDS, SameQuestions
from shared.domain.errors import Unavailable
from tests.fakes.clock import FakeClock


class Work:
    """Something that takes some seconds; mutable."""

    def __init__(self, clock: FakeClock, seconds: float = 0.5) -> None:
        self.begun = self.at_once = self.most_at_once = 0
        self._clock = clock
        self._seconds = seconds

    async def __call__(self) -> int:
        self.begun += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        number = self.begun
        await self._clock.sleep(self._seconds)
        self.at_once -= 1
        return number


async def test_all_who_ask_at_the_same_time_get_one_answer_and_the_next_one_gets_a_new_one() -> None:
    clock, questions = FakeClock(), SameQuestions()
    work = Work(clock)
    assert await asyncio.gather(*(questions.answer("lists", clock, work) for _ in range(50))) == [1] * 50
    assert await questions.answer("lists", clock, work) == 2


async def test_whoever_asks_a_second_later_gets_an_answer_of_their_own() -> None:
    clock, questions = FakeClock(), SameQuestions()
    work = Work(clock, seconds=5)
    first = asyncio.create_task(questions.answer("lists", clock, work))
    await clock.advance(JOINED_SECONDS / 2)
    second = asyncio.create_task(questions.answer("lists", clock, work))
    await clock.advance(JOINED_SECONDS / 2)
    assert [await questions.answer("lists", clock, work), await first, await second] == [2, 1, 1]


async def test_only_so_many_questions_are_worked_on_at_once() -> None:
    clock, questions = FakeClock(), SameQuestions()
    work = Work(clock)
    answers = await asyncio.gather(*(questions.answer(number, clock, work) for number in range(9)))
    assert (sorted(answers), work.most_at_once) == ([*range(1, 10)], AT_ONCE)


async def test_an_error_is_everybodys_and_is_not_kept() -> None:
    clock, questions = FakeClock(), SameQuestions()

    async def fail() -> int:
        await clock.sleep(0.1)
        raise Unavailable("No answer.")

    asked = [questions.answer("lists", clock, fail) for _ in range(3)]
    assert [str(each) for each in await asyncio.gather(*asked, return_exceptions=True)] == ["No answer."] * 3
    assert await questions.answer("lists", clock, Work(clock)) == 1


async def test_whoever_gives_up_does_not_take_the_answer_from_the_others() -> None:
    clock, questions = FakeClock(), SameQuestions()
    work = Work(clock)
    first, second = (asyncio.create_task(questions.answer("lists", clock, work)) for _ in range(2))
    await clock.advance(0.1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == 1
