"""Counts the requests to Klaviyo that a piece of work makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Usage:
    """Requests that left for Klaviyo, and how many of them Klaviyo answered with 429 (slow down); mutable."""

    requests: int = 0
    throttled: int = 0


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


def note_request() -> None:
    """Count a request that leaves for Klaviyo."""
    if usage := _usage.get():
        usage.requests += 1


def note_throttled() -> None:
    """Count a request that Klaviyo answered with 429 (slow down)."""
    if usage := _usage.get():
        usage.throttled += 1
