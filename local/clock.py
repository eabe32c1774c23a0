"""The machine's clock, for the functions host and for the Klaviyo simulator."""

import asyncio
import time
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TypeVar

_T = TypeVar("_T")


class SystemClock:
    """The `Clock` port over the machine's clock.

    The app has its own such class; the host needs a clock before it loads the app.
    """

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 lets other tasks run."""
        await asyncio.sleep(seconds)

    async def beside(self, event: Future[_T]) -> _T:
        """Wait for *event*, which a thread beside the event loop brings about soon."""
        return await asyncio.wrap_future(event)
