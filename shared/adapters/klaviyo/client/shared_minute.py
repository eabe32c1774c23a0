"""How many requests are left in Klaviyo's current minute, as its answers tell.

Other programs may use the same account, and their requests count in the same minute.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from shared.adapters.klaviyo.client.quota import WINDOW, Quota

WATCHED = 10.0
"""Seconds: the pace of other programs is an average over at least this time."""
LEFT_TO_OTHERS = 0.5
"""Requests that other programs go on using are left to them, up to this share of the minute's limit."""
MARGIN = 0.5
"""Seconds of waiting beyond the end of a window: clocks differ, and ``RateLimit-Reset`` is in whole seconds."""


@dataclass(slots=True)
class _Window:
    """One minute of Klaviyo's; mutable. All times are monotonic seconds.

    The minute ends between *earliest* and *latest*. *used* is the highest number of requests that an answer told,
    and *ours* of them are ours. Other programs had made *before* requests when the first answer came, at *since*, and
    at least *others* more when the last one did, at *heard*.
    """

    earliest: float
    latest: float
    since: float
    heard: float
    used: int
    ours: int
    before: int
    others: int = 0


class SharedMinute:
    """Says when one more request may leave without exceeding Klaviyo's minute; mutable.

    Klaviyo counts requests about in the order in which they leave. So an answer tells of its own request and of all
    before it, those that were never answered too. Every later one is taken off what the answer has left.
    Answers may come in any order: the lowest number that was told counts.
    """

    def __init__(self, per_second: int, per_minute: int) -> None:
        self._per_second = per_second
        self._per_minute = per_minute
        self._window: _Window | None = None
        self._uncounted = deque[float](maxlen=per_minute)
        self._others_before = 0.0

    def leave(self, left_at: float) -> None:
        """Note that a request of ours leaves, or has left another process of ours, at *left_at* (monotonic seconds)."""
        self._uncounted.append(left_at)

    def forget(self, left_at: float) -> None:
        """Note that Klaviyo has refused the request that left at *left_at*, and so never counts it."""
        with suppress(ValueError):
            self._uncounted.remove(left_at)

    def come_back(self, left_at: float, quota: Quota, now: float) -> None:
        """Note that the request that left at *left_at* has an answer with *quota*."""
        if quota.limit <= self._per_second:
            return  # a smaller limit is that of the window of a second
        counted = self._uncounted.index(left_at) + 1 if left_at in self._uncounted else 0
        for _ in range(counted):
            self._uncounted.popleft()
        earliest, latest = left_at + quota.reset - 1, now + quota.reset
        used = self._per_minute - quota.remaining
        window = self._window
        if window is None or earliest > window.latest:
            self._others_before = self.others_a_second(now)
            ours = min(counted, used)
            self._window = _Window(earliest, latest, since=now, heard=now, used=used, ours=ours, before=used - ours)
        elif latest >= window.earliest:  # otherwise the answer tells of a minute that is over
            window.earliest, window.latest = max(window.earliest, earliest), min(window.latest, latest)
            window.heard = now
            window.used = max(window.used, used)
            window.ours += counted
            # Klaviyo may have counted requests of ours out of turn; without all of them, this is the least.
            window.others = max(window.others, window.used - window.before - window.ours - len(self._uncounted))

    def free_from(self, now: float) -> float:
        """Return when one more request may leave (monotonic seconds); an answer may allow an earlier time."""
        window = self._window
        if window is None or now >= window.latest + MARGIN or window.used <= window.ours:
            return now  # where nobody else has used the minute, the rate of the endpoint is the only limit
        left = self._per_minute - window.used - len(self._uncounted)
        if left <= 0:
            return window.latest + MARGIN
        pace = self.others_a_second(now)
        if not pace or left > LEFT_TO_OTHERS * self._per_minute - window.before - window.others:
            return now
        return window.latest - (left - 1) / pace

    def is_alone(self, now: float) -> bool:
        """Tell whether an answer of the last minute has come, and none has shown another program."""
        return self._window is not None and now < self._window.heard + WINDOW and not self.others_a_second(now)

    def others_a_second(self, now: float) -> float:
        """Return how many requests a second other programs make."""
        window = self._window
        if window is None or now >= window.latest + WINDOW:
            return 0.0
        watched = window.heard - window.since
        made = window.others + self._others_before * max(0.0, WATCHED - watched)
        return made / max(WATCHED, watched)
