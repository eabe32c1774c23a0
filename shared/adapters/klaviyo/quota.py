"""What is left of Klaviyo's minute, which we share with whoever else uses the account, as its answers tell it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = 60.0
"""Klaviyo's longer window (seconds); every answer but a 429 says what is left of it, and when it ends."""
WATCHED = 10.0
"""The pace of others is an average over at least so many seconds."""
LEFT_TO_OTHERS = 0.5
"""We leave to others what they go on using, but no more than this share of the whole."""
MARGIN = 0.5
"""Seconds after the end of a window, as clocks and whole seconds are not exact."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer says of a window: how many requests it takes, how many are left, in how many seconds it ends."""

    limit: int
    remaining: int
    reset: int

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Quota | None":
        """Return what *headers* say of the minute's window; None where they do not, or not as numbers."""
        found = [_NUMBER(headers.get(f"RateLimit-{name}", "")) for name in ("Limit", "Remaining", "Reset")]
        numbers = [int(match[1]) for match in found if match]
        return cls(*numbers) if len(numbers) == len(found) and numbers[-1] <= WINDOW else None


@dataclass(slots=True)
class _Window:
    """One minute of Klaviyo's: it ends between *earliest* and *latest* (monotonic seconds); mutable.

    *remaining* is the lowest that was told; *ours* answers told of this window, from *since* until *heard*.
    Others had made *before* requests until then, and at least *others* meanwhile.
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
    """Tells from when on one more request may leave, so that nobody takes what others have used already; mutable.

    What is left are the requests that Klaviyo last told of, without ours that have left since then.
    Answers may come late and in any order: the lowest number counts, and what is under way counts as not yet counted.
    """

    def __init__(self, per_second: int, per_minute: int) -> None:
        self._per_second = per_second
        self._per_minute = per_minute
        self._window: _Window | None = None
        self._under_way: list[float] = []
        self._lost: list[float] = []
        self._others_before = 0.0

    def leave(self, now: float) -> None:
        """Note that a request of ours leaves."""
        self._under_way.append(now)

    def come_back(self, left_at: float, quota: Quota | None, now: float) -> None:
        """Note that the request that left at *left_at* is not under way any more; *quota* is what its answer told."""
        self._under_way.remove(left_at)
        self._lost = [lost_at for lost_at in self._lost if lost_at > now - WINDOW]
        if quota is None:
            self._lost.append(now)
        elif quota.limit > self._per_second:  # else it tells of the shorter window
            self._lost = [lost_at for lost_at in self._lost if lost_at > left_at]
            self._hear(quota, left_at, now)

    def free_from(self, now: float) -> float:
        """Return from when on one more request may leave, unless an answer has better news by then."""
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

    def others_a_second(self, now: float) -> float:
        """Return how many requests a second others make."""
        window = self._window
        if window is None or now >= window.latest + WINDOW:
            return 0.0
        watched = window.heard - window.since
        made = window.others + self._others_before * max(0.0, WATCHED - watched)
        return made / max(WATCHED, watched)

    def _is_ours_alone(self, window: _Window) -> bool:
        """Tell whether nobody else was there; then our own windows are enough."""
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
            return  # of a window that is over
        window.earliest, window.latest = max(window.earliest, earliest), min(window.latest, latest)
        window.ours += 1
        window.heard = now
        window.remaining = min(window.remaining, quota.remaining)
        used = min(window.limit, self._per_minute) - window.remaining
        # Of ours under way some may be among those used, so it is at least this:
        window.others = max(window.others, used - window.before - window.ours - len(self._under_way))


_NUMBER = re.compile(r"\s*([0-9]{1,9})(?:\s*[,;].*)?\s*").fullmatch
