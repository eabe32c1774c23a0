"""Time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, as it passes for everybody and as it passes for this process."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 gives everybody else a turn."""
        ...
