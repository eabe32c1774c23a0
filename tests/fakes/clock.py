"""Time that moves by itself: a `Clock` for tests, in which hours pass at once and always in the same order."""

import asyncio
import heapq
import math
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
_QUIET_ROUNDS = 3
_THREAD_SECONDS = 30.0
_T = TypeVar("_T")


class FakeClock:
    """The `Clock` port over virtual time; mutable, one for an event loop at a time.

    When no task can go on, time jumps to the sleeper that is due next; whoever is due first wakes first, those due at
    the same moment in the order in which they went to sleep, each after the one before has come to rest.
    So nothing really waits, and a task that works without sleeping takes no time at all.

    Servers in the same loop get their turns before time jumps. What a thread or another process does is not seen:
    there, use ``FakeClock(jumps=False)``, whose time moves with `advance` alone.
    """

    def __init__(self, start: datetime = START, *, jumps: bool = True) -> None:
        self.slept: list[float] = []
        """Every wait that was asked for, in order; 0 as well."""
        self._start = start
        self._seconds = 0.0
        self._horizon = math.inf if jumps else 0.0
        self._jumps = jumps
        self._sleepers: list[tuple[float, bool, int, asyncio.Future[None]]] = []
        self._order = count()
        self._quiet = 0
        self._pumping = False

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return self._start + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        """Return seconds since the clock was made."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds* of virtual time; 0 gives everybody else a turn."""
        self.slept.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
        else:
            await self._wait_until(self._seconds + seconds)

    async def beside(self, event: Future[_T]) -> _T:
        """Wait for what a thread does; it takes no time, and nobody else goes on, so the order is always the same."""
        found = event.result(timeout=_THREAD_SECONDS)
        await asyncio.sleep(0)
        return found

    async def advance(self, seconds: float) -> None:
        """Let *seconds* pass; on return everything that fell due in them has happened, and everybody rests."""
        until = self._seconds + seconds
        if not self._jumps:
            self._horizon = until
        await self._wait_until(until, last=True)

    @property
    def sleepers(self) -> int:
        """Return how many tasks sleep."""
        return sum(not future.done() for *_, future in self._sleepers)

    async def _wait_until(self, due: float, *, last: bool = False) -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        heapq.heappush(self._sleepers, (due, last, next(self._order), future))
        if not self._pumping:
            self._pumping = True
            loop.call_soon(self._pump, loop)
        await future

    def _pump(self, loop: Any) -> None:
        """Wake the next sleeper if everybody rests, and come again as long as there is one to wake."""
        self._quiet = 0 if loop._ready else self._quiet + 1
        if self._quiet > _QUIET_ROUNDS:  # in the rounds before, the loop has looked at its sockets
            self._quiet = 0
            self._wake_next()
        if self._due() <= self._horizon:
            loop.call_soon(self._pump, loop)
        else:
            self._pumping = False

    def _wake_next(self) -> None:
        if self._due() <= self._horizon:
            due, *_, future = heapq.heappop(self._sleepers)
            self._seconds = max(self._seconds, due)
            future.set_result(None)

    def _due(self) -> float:
        """Return when the next sleeper wakes, NaN (which is never due) when nobody sleeps."""
        while self._sleepers and self._sleepers[0][-1].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else math.nan
