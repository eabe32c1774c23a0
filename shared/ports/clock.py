"""Time."""

from concurrent.futures import Future
from datetime import datetime
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Clock(Protocol):
    """The time of day, and the time that passes in this process."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds since some fixed moment; they never go back, as the time of day may."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 lets the other tasks go on first."""
        ...

    async def beside(self, event: Future[_T]) -> _T:
        """Wait for *event*, which a thread beside the event loop brings about soon; the other tasks go on."""
        ...
