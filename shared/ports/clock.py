"""Time."""

from datetime import datetime
from typing import Protocol


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
