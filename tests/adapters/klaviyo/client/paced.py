"""Requests that leave by a pace, for its tests."""

import asyncio
import math

from shared.adapters.klaviyo.client.pace import Pace
from shared.adapters.klaviyo.client.rates import APART, Rate
from tests.fakes.clock import FakeClock

SMALL = Rate("small", 2, 5)


async def leave(pace: Pace, clock: FakeClock, requests: int, *, window: int, answer: float) -> list[float]:
    """Let *requests* leave, at most *window* at once, each answered after *answer* seconds; return when they left."""
    left: list[float] = []
    slots = asyncio.Semaphore(window)

    async def request() -> None:
        async with slots:
            left_at = await pace.take()
            left.append(left_at)
            await clock.sleep(answer)
            pace.answered(left_at, None)

    await asyncio.gather(*(request() for _ in range(requests)))
    return left


async def pass_through(pace: Pace, *, patience: float = math.inf) -> float:
    """Let a request leave that is answered at once; return when it left."""
    left_at = await pace.take(patience=patience)
    pace.answered(left_at, None)
    return left_at


def apart(first: float, count: int) -> list[float]:
    """Return the times of *count* imports that leave one by one, from *first* on."""
    return [first + number * APART for number in range(count)]
