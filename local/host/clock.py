"""The machine's clock, as the host's `Clock`."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """The `Clock` port over the machine's clock; the host needs one before it has loaded the app."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 gives everybody else a turn."""
        await asyncio.sleep(seconds)
