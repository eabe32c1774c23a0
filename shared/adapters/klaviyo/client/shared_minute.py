"""How many requests are left in Klaviyo's current minute, as its answers tell.

Other programs may use the same account, and their requests count in the same minute.
"""

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

    The minute ends between *earliest* and *latest*. *remaining* is the lowest number that an answer told.
    *ours* answers told of this minute: the first one at *since*, the last one at *heard*.
    Other programs had made *before* requests at *since*, and at least *others* more at *heard*.
    """

    earliest: float
    latest: float
    limit: int
    remaining: int
    since: float
    heard: float
    before: int
    ours: int = 1
    others: int = 0


class SharedMinute:
    """Says when one more request may leave without exceeding Klaviyo's minute; mutable.

    What is left is the number that Klaviyo told last, less our requests that have left since then.
    Answers may come late and in any order. So the lowest number that was told counts, and every request that has no
    answer yet counts as one that Klaviyo has not counted.
    """

    def __init__(self, per_second: int, per_minute: int) -> None:
        self._per_second = per_second
        self._per_minute = per_minute
        self._window: _Window | None = None
        self._under_way: list[float] = []
        self._lost: list[float] = []
        self._others_before = 0.0

    def leave(self, now: float) -> None:
        """Note that a request of ours leaves now (monotonic seconds)."""
        self._under_way.append(now)

    def count_ours(self, requests: int) -> None:
        """Note that so many requests, which another process of ours has made meanwhile, are no other program's."""
        if self._window:
            self._window.ours += requests

    def come_back(self, left_at: float, quota: Quota | None, now: float) -> None:
        """Note that the request that left at *left_at* has its answer, with *quota*, or will never have one (None)."""
        self._under_way.remove(left_at)
        self._lost = [lost_at for lost_at in self._lost if lost_at > now - WINDOW]
        if quota is None:
            self._lost.append(now)
        elif quota.limit > self._per_second:  # a smaller limit is that of the window of a second
            self._lost = [lost_at for lost_at in self._lost if lost_at > left_at]
            self._hear(quota, left_at, now)

    def free_from(self, now: float) -> float:
        """Return when one more request may leave (monotonic seconds); an answer may allow an earlier time."""
        window = self._window
        if window is None or now >= window.latest + MARGIN or self._is_ours_alone(window):
            return now
        left = window.remaining - len(self._under_way) - len(self._lost)
        if left <= 0:
            return window.latest + MARGIN
        pace = self.others_a_second(now)
        if left > LEFT_TO_OTHERS * self._per_minute - window.before - window.others or not pace:
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

    def _is_ours_alone(self, window: _Window) -> bool:
        """Tell whether no other program used the minute; then the rate of the endpoint is the only limit."""
        return self._per_minute - window.remaining <= window.ours

    def _hear(self, quota: Quota, left_at: float, now: float) -> None:
        window = self._window
        earliest, latest = left_at + quota.reset - 1, now + quota.reset
        if window is None or earliest > window.latest:
            self._others_before = self.others_a_second(now)
            used = min(quota.limit, self._per_minute) - quota.remaining - 1
            self._window = _Window(earliest, latest, quota.limit, quota.remaining, since=now, heard=now, before=used)
            return
        if latest < window.earliest:
            return  # the answer tells of a minute that is over
        window.earliest, window.latest = max(window.earliest, earliest), min(window.latest, latest)
        window.ours += 1
        window.heard = now
        window.remaining = min(window.remaining, quota.remaining)
        used = min(window.limit, self._per_minute) - window.remaining
        # Requests of ours without an answer may be among those used; without all of them, this is the least.
        window.others = max(window.others, used - window.before - window.ours - len(self._under_way))
