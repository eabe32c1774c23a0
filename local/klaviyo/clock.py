"""The time that the simulator lives in unless a test gives it another."""

import asyncio
import time
from datetime import UTC, datetime


class MachineClock:
    """The `Clock` port over the machine's clock."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*."""
        await asyncio.sleep(seconds)
