"""Klaviyo's rate limits: a window of one second and a window of one minute for each account and endpoint."""

import math
from dataclasses import dataclass, field

from local.klaviyo.http.problems import throttled

SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests an endpoint takes in a window of one second (*burst*) and of one minute (*steady*)."""

    burst: int
    steady: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The state of the minute's window after a request; *reset* is whole seconds until the window closes."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the quota as headers of an answer."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


@dataclass(slots=True)
class _Window:
    """A window of *length* seconds; the first request after its end opens the next window."""

    length: float
    limit: int
    opened: float = -math.inf
    used: int = 0

    def closes_in(self, now: float) -> float:
        if now - self.opened >= self.length:
            self.opened, self.used = now, 0
        return self.opened + self.length - now


@dataclass(slots=True)
class RateLimits:
    """The windows of all accounts and endpoints. Mutable."""

    _windows: dict[tuple[str, str], tuple[_Window, _Window]] = field(default_factory=dict)

    def take(self, account_id: str, endpoint: str, rate: Rate, now: float) -> Quota:
        """Count one request at *now* (seconds); raises `Refused` with the seconds to wait when a window is full."""
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
