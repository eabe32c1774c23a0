"""How much of Klaviyo's allowance a piece of work uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Usage:
    """Requests that left for Klaviyo, and how many of them it put off; mutable."""

    requests: int = 0
    throttled: int = 0


_usage: ContextVar[Usage | None] = ContextVar("usage", default=None)


@contextmanager
def counting() -> Iterator[Usage]:
    """Count what the block, and each task that it starts, asks of Klaviyo by whatever `Sink`.

    Kept in the context, as several legs may use one sink at the same time.
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
    """Count a request that Klaviyo put off."""
    if usage := _usage.get():
        usage.throttled += 1
