"""Counts the requests to Klaviyo that a piece of work makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, eq=False)
class LegWait:
    """A wait within a leg, for *reason*, until a time at most; it is worth telling from *told_from* on (UTC)."""

    reason: str
    since: datetime
    until: datetime
    told_from: datetime


@dataclass
class Usage:
    """Requests that left for Klaviyo, and how many of them Klaviyo answered with 429 (slow down); mutable."""

    requests: int = 0
    throttled: int = 0
    waits: list["LegWait"] = field(default_factory=list)
    _told: tuple[int, int] = (0, 0)

    def news(self) -> tuple[int, int]:
        """Return how many requests and 429s were counted since the last call."""
        before, self._told = self._told, (self.requests, self.throttled)
        return self.requests - before[0], self.throttled - before[1]


_usage: ContextVar[Usage | None] = ContextVar("usage", default=None)


@contextmanager
def counting() -> Iterator[Usage]:
    """Count the requests of the block, and of each task that it starts, over any `Sink`.

    The count is a context variable and not a field of the sink: several legs may use one sink at the same time.
    """
    usage = Usage()
    token = _usage.set(usage)
    try:
        yield usage
    finally:
        _usage.reset(token)


@contextmanager
def waiting_for(reason: str, since: datetime, seconds: float, *, told_after: float) -> Iterator[None]:
    """Note that the block waits for *reason*, for *seconds* from *since* on at most."""
    usage = _usage.get()
    until = since + timedelta(seconds=seconds)
    wait = LegWait(reason, since, until, since + timedelta(seconds=told_after))
    if usage:
        usage.waits.append(wait)
    try:
        yield
    finally:
        if usage:
            usage.waits.remove(wait)


def longest_wait(now: datetime) -> LegWait | None:
    """Return the wait worth telling of that began first, None where nothing is waited for."""
    usage = _usage.get()
    waits = [wait for wait in usage.waits if wait.told_from <= now] if usage else []
    return min(waits, key=lambda wait: wait.since, default=None)


def news() -> tuple[int, int]:
    """Return the requests and 429s of the block that counts them, since the last call; nothing outside of a block."""
    usage = _usage.get()
    return usage.news() if usage else (0, 0)


def note_request() -> None:
    """Count a request that leaves for Klaviyo."""
    if usage := _usage.get():
        usage.requests += 1


def note_throttled() -> None:
    """Count a request that Klaviyo answered with 429 (slow down)."""
    if usage := _usage.get():
        usage.throttled += 1
