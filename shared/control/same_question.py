"""Answers a question once for all who ask it at the same time, and only a few questions at once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from shared.ports import Clock

AT_ONCE = 2
"""So many lists are put together at the same time, each with the few reads that `few_at_once` allows."""
JOINED_SECONDS = 1.0
"""Whoever asks so long after somebody else still gets the same answer: what a list shows may be a second old."""

_Answer = TypeVar("_Answer")


class SameQuestions:
    """The questions that are being answered in this process; mutable.

    An answer that is given once is not kept: the next who asks gets a fresh one. So a decision must not rest on a list
    that was asked for while somebody changed what it shows.
    """

    def __init__(self) -> None:
        self._asked: dict[Hashable, tuple[float, asyncio.Task[Any]]] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def answer(self, question: Hashable, clock: Clock, work: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Return what *work* returns, or what it returns to somebody who has asked the same *question* just now.

        Whoever gives up waits no longer; the work goes on for the others, and *work* must end by itself.
        """
        asked = self._asked.get(question)
        if asked is not None and clock.monotonic() - asked[0] < JOINED_SECONDS:
            task: asyncio.Task[_Answer] = asked[1]
        else:
            task = asyncio.create_task(self._through_gate(work))
            self._asked[question] = clock.monotonic(), task
            task.add_done_callback(lambda done: self._forget(question, done))
        return await asyncio.shield(task)

    async def _through_gate(self, work: Callable[[], Awaitable[_Answer]]) -> _Answer:
        async with self._gate:
            return await work()

    def _forget(self, question: Hashable, done: "asyncio.Task[Any]") -> None:
        if self._asked.get(question, (0.0, None))[1] is done:
            del self._asked[question]
        if not done.cancelled():
            done.exception()  # those who asked have it, unless all of them gave up
