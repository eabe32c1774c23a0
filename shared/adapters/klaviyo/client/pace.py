"""Keeps Klaviyo's rate limits: each endpoint takes a number of requests a second and a number a minute."""

import asyncio
import math
from collections import deque
from collections.abc import Iterable

from shared.adapters.klaviyo.client.quota import Quota
from shared.adapters.klaviyo.client.rates import APART, Rate
from shared.adapters.klaviyo.client.shared_minute import SharedMinute
from shared.domain.runs.account_use import AccountUse
from shared.ports import Clock, first_of

SECOND = 1.05
MINUTE = 60.5
"""Seconds, a little more than Klaviyo's windows: requests do not arrive in the rhythm in which they leave."""
SAME = APART / 2
"""Seconds. A request that is told of again may seem to have left so much later: it is noted by the time of day."""
FIRST_ANSWER = 2.0
"""Seconds. A request goes alone for so long where others may have used up the limit: its answer says what is left.

Others may have done so unless a request of ours has left within a minute, and after a 429.
"""


class Held(Exception):
    """Klaviyo holds back the requests for longer than the caller waits: for *seconds* more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pace:
    """Lets requests to one endpoint leave at its rate, in the order in which they came; mutable.

    A pace never exceeds the rate of its endpoint. It is slower where Klaviyo's answers show that other programs use
    the same account.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self.left = deque[float](maxlen=rate.per_minute)
        """When the last heads left (monotonic seconds)."""
        self._ended = deque[float](maxlen=rate.per_second)
        """When the last bodies ended, or will end at the earliest (monotonic seconds)."""
        self.held_until = -math.inf
        self._held_since: float | None = None
        self._known_until = self._alone_until = -math.inf
        self._shared = SharedMinute(rate.per_second, rate.per_minute)
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()

    async def take(self, *, patience: float = math.inf) -> float:
        """Wait until one more request may leave, and return that time (monotonic seconds).

        The caller passes the time to `answered` afterwards. Raises `Held` as soon as it is certain that Klaviyo's 429s
        hold back this request for longer than *patience* seconds.
        """
        came = self._clock.monotonic()
        async with self._turn:
            while (wait := self._earliest() - self._clock.monotonic()) > 0:
                self._check_held(came, patience)
                self._news.clear()
                await first_of(self._clock.sleep(wait), self._news.wait())
            now = self._clock.monotonic()
            if now > self._known_until:
                self._alone_until = now + FIRST_ANSWER
            self._known_until = now + MINUTE
            self.left.append(now)
            self._shared.leave(now)
            return now

    async def take_end(self) -> None:
        """Wait until the last piece of one more body may leave.

        Nobody knows whether Klaviyo counts a request when its head has come or when its body has: both keep the second.
        """
        now = self._clock.monotonic()
        at = max(now, self._next_after(self._ended, self._rate.per_second))
        self._ended.append(at)
        if at > now:
            await self._clock.sleep(at - now)

    def answered(self, left_at: float, quota: Quota | None) -> None:
        """Note that the request that left at *left_at* has its answer, with *quota*, or will never have one (None)."""
        self._alone_until = -math.inf
        if quota:
            self._held_since = None
        self._shared.come_back(left_at, quota, self._clock.monotonic())
        self._news.set()

    def hold(self, seconds: float) -> None:
        """Let nothing leave for *seconds*: Klaviyo answered 429."""
        now = self._clock.monotonic()
        self.held_until = max(self.held_until, now + seconds)
        self._held_since = now if self._held_since is None else self._held_since
        self._known_until = -math.inf

    def adopt(self, other: "Pace") -> None:
        """Count the requests that left by *other* as well: they went to the same account."""
        self._count(other.left)
        self.held_until = max(self.held_until, other.held_until)

    def use(self) -> AccountUse:
        """Return which requests left in the last minute, and whether they were alone."""
        now = self._clock.monotonic()
        ago = tuple(round(now - each, 3) for each in self.left if now - each < MINUTE)
        return AccountUse(self._clock.now(), ago, is_alone=bool(ago) and self._shared.is_alone(now))

    def go_on_from(self, use: AccountUse) -> None:
        """Count the requests of *use* that left another process in the last minute.

        One leg at a time has the account. So what left up to the last request of this pace is counted already.
        Where *use* knows of nobody else, no request need feel its way for a minute after the last one.
        """
        now = self._clock.monotonic()
        noted_at = now - max(0.0, (self._clock.now() - use.at).total_seconds())
        if use.is_alone:
            last = use.ago[-1] if use.ago else 0.0
            self._known_until = max(self._known_until, noted_at - last + MINUTE)
        since = max(now - MINUTE, self.left[-1] + SAME if self.left else -math.inf)
        left = [noted_at - each for each in use.ago if noted_at - each > since]
        self._count(left)
        self._shared.count_ours(len(left))

    def _count(self, left: Iterable[float]) -> None:
        self.left = deque(sorted((*self.left, *left)), maxlen=self._rate.per_minute)

    def _check_held(self, came: float, patience: float) -> None:
        """Raise `Held` if 429s will have held back the request that *came* at that time for longer than *patience*."""
        now = self._clock.monotonic()
        since = max(came, self._held_since or 0.0)
        if self.held_until > now and self.held_until - since > patience:
            raise Held(self.held_until - now)

    def _earliest(self) -> float:
        """Return when the next request may leave, as far as is known now."""
        now = self._clock.monotonic()
        in_a_second = max(1, self._rate.per_second - math.ceil(self._shared.others_a_second(now)))
        minute = self.left[0] + MINUTE if len(self.left) == self._rate.per_minute else -math.inf
        second = self._next_after(self.left, in_a_second)
        return max(self.held_until, self._alone_until, self._shared.free_from(now), second, minute)

    def _next_after(self, times: deque[float], in_a_second: int) -> float:
        """Return when one more may follow *times*: apart from the last one, and at most so many in a second."""
        second = times[-in_a_second] + SECOND if len(times) >= in_a_second else -math.inf
        return max(second, times[-1] + self._rate.apart if times else -math.inf)
