"""Klaviyo's rate limits: two fixed windows for each account and endpoint, a second long and a minute long."""

import math
from dataclasses import dataclass, field

from local.klaviyo.http.problems import throttled

SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests an endpoint takes in any second's window, and in any minute's."""

    burst: int
    steady: int


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of the minute's window after a request; *reset* in whole seconds."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return it as an answer's headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


@dataclass(slots=True)
class _Window:
    """A window that opens with the first request after the last one has closed."""

    length: float
    limit: int
    opened: float = -math.inf
    used: int = 0

    def closes_in(self, now: float) -> float:
        if now - self.opened >= self.length:
            self.opened, self.used = now, 0
        return self.opened + self.length - now


@dataclass(slots=True)
class Limits:
    """The windows of all accounts and endpoints; mutable."""

    _windows: dict[tuple[str, str], tuple[_Window, _Window]] = field(default_factory=dict)

    def take(self, account_id: str, endpoint: str, rate: Rate, now: float) -> Quota:
        """Count one request at *now* (seconds); raises `Refused` with how long to wait when a window is full."""
        key = (account_id, endpoint)
        if key not in self._windows:
            self._windows[key] = (_Window(SECOND, rate.burst), _Window(MINUTE, rate.steady))
        windows = self._windows[key]
        closes = [window.closes_in(now) for window in windows]
        full = [left for window, left in zip(windows, closes, strict=True) if window.used >= window.limit]
        if full:
            raise throttled(max(1, math.ceil(max(full))))
        for window in windows:
            window.used += 1
        steady = windows[1]
        return Quota(steady.limit, steady.limit - steady.used, math.ceil(closes[1]))
