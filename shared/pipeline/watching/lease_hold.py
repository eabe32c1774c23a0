"""Holds a lease while a leg works, and ends the leg's work in time when it cannot be held."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from shared.domain.errors import LeaseLost, Retryable
from shared.ports import Clock, Lease

logger = logging.getLogger(__name__)

RENEW_EVERY_SECONDS = 15.0
TRY_AGAIN_SECONDS = 5.0
TRUSTED_SECONDS = 45.0
"""From the start of the last good renewal on; the lease holds a minute, and what is under way needs time to stop."""
RENEWAL_SECONDS = 5.0
"""How long a renewal may take until it gives up; none begins that could end after the lease is trusted."""


class Hold:
    """A lease in the hands of a block, trusted for a while from *since* (monotonic seconds) on; mutable."""

    def __init__(self, lease: Lease, clock: Clock, *, since: float, what: str) -> None:
        self.is_lost = False
        self._lease = lease
        self._clock = clock
        self._good = since
        self._what = what

    def check(self) -> None:
        """Raise `LeaseLost` unless the lease is still trusted; for whoever is about to do what needs it.

        A process that stood still may come to this before it comes to whoever renews.
        """
        if self.is_lost or self._left() <= 0:
            raise self.loss()

    def loss(self) -> LeaseLost:
        """Return the error that says what is lost."""
        return LeaseLost(f"The lease of {self._what} was lost.")

    async def until_lost(self) -> None:
        """Renew until the lease is lost, or may be."""
        pause = RENEW_EVERY_SECONDS - (TRUSTED_SECONDS - self._left())
        while True:
            await self._clock.sleep(max(0.0, pause))
            if self._left() < RENEWAL_SECONDS:
                await self._clock.sleep(max(0.0, self._left()))
                return
            begun = self._clock.monotonic()
            try:
                if not await self._lease.renew():
                    return
                self._good, pause = begun, RENEW_EVERY_SECONDS
            except Retryable as error:
                logger.warning("The lease of %s could not be renewed: %s", self._what, error)
                pause = TRY_AGAIN_SECONDS

    async def release(self) -> None:
        """Let go of the lease."""
        await self._lease.release()

    def _left(self) -> float:
        """Return for how many seconds the lease is trusted."""
        return self._good + TRUSTED_SECONDS - self._clock.monotonic()


@asynccontextmanager
async def holding(lease: Lease, clock: Clock, *, since: float, what: str) -> AsyncGenerator[Hold]:
    """Hold *lease*, asked for at *since* (monotonic seconds), while the block runs, and let go of it.

    When it is lost the block is cancelled wherever it waits, and `LeaseLost` is raised in its place, whatever the block
    makes of that: whoever sends or writes after it would do so beside its successor.
    """
    block = asyncio.current_task()
    if block is None:
        message = "a lease is held by a task"
        raise RuntimeError(message)
    hold = Hold(lease, clock, since=since, what=what)
    keeper = asyncio.create_task(_keep(hold, block))
    try:
        try:
            yield hold
        except asyncio.CancelledError:
            if not hold.is_lost or block.uncancel() > 0:  # somebody else cancels it as well
                raise
            raise hold.loss() from None
        except Exception as error:
            if not hold.is_lost:
                raise
            block.uncancel()
            raise hold.loss() from error
        if hold.is_lost:
            block.uncancel()
            raise hold.loss()
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        if not hold.is_lost:
            await hold.release()


async def _keep(hold: Hold, block: "asyncio.Task[object]") -> None:
    """Keep the lease until cancelled; when it is lost, or may be, cancel *block*."""
    try:
        await hold.until_lost()
    except Exception:
        logger.exception("A lease cannot be kept.")
    hold.is_lost = True
    block.cancel()
