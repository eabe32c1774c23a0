"""Keeps Klaviyo's rate limits: so many requests in any second and in any minute, each endpoint for itself."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass

from shared.ports import Clock

SECOND = 1.05
MINUTE = 60.5
"""A little more than Klaviyo's windows, as requests do not arrive in the rhythm in which they leave (seconds)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What Klaviyo allows at one endpoint (``x-klaviyo-ratelimit`` in its OpenAPI)."""

    name: str
    per_second: int
    per_minute: int


IMPORT = Rate("import profiles", 10, 150)
JOBS = Rate("list import jobs", 10, 150)
JOB = Rate("get import job", 10, 150)
IMPORT_ERRORS = Rate("get import errors", 10, 150)
LIST = Rate("get list", 75, 750)
ACCOUNT = Rate("get account", 1, 15)


class Pace:
    """Lets requests to one endpoint leave at its rate, in the order in which they came; mutable."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._left = deque[float](maxlen=rate.per_minute)
        self._held_until = 0.0
        self._turn = asyncio.Lock()

    async def take(self, *, patience: float = math.inf) -> float:
        """Wait until one more request may leave, and return 0.

        Where Klaviyo holds us for longer than *patience*, return at once for how long; then nothing may leave.
        """
        async with self._turn:
            while (wait := self._wait()) > 0:
                if (held := self._held_until - self._clock.monotonic()) > patience:
                    return held
                await self._clock.sleep(wait)
            self._left.append(self._clock.monotonic())
            return 0.0

    def hold(self, seconds: float) -> None:
        """Let nothing leave for *seconds*, because Klaviyo said so."""
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    def _wait(self) -> float:
        rate, left = self._rate, self._left
        earliest = self._held_until
        if len(left) >= rate.per_second:
            earliest = max(earliest, left[-rate.per_second] + SECOND)
        if len(left) == rate.per_minute:
            earliest = max(earliest, left[0] + MINUTE)
        return earliest - self._clock.monotonic()
