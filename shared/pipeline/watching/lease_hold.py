"""Holds a lease while a leg works, and ends the leg's work in time when the lease cannot be held."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from shared.domain.errors import LeaseLost, Retryable
from shared.ports import Clock, Lease

logger = logging.getLogger(__name__)

RENEW_EVERY_SECONDS = 7.0
TRY_AGAIN_SECONDS = 2.0
TRUSTED_SECONDS = 20.0
"""How long a lease is trusted from the start of its last good renewal on.

The lease itself holds for 30 seconds; the difference is the time in which work under way comes to a stop.
"""
RENEWAL_SECONDS = 5.0
"""How long a renewal takes at most. No renewal begins that could end after the lease is trusted."""


class Hold:
    """A lease that a block of code holds; mutable.

    The lease is trusted for `TRUSTED_SECONDS` from *since* on (monotonic seconds), and again from each good renewal.
    *what* the lease is for stands in the log. *loss* makes the error that says that the lease was lost.
    """

    def __init__(self, lease: Lease, clock: Clock, *, since: float, what: str, loss: Callable[[], LeaseLost]) -> None:
        self.is_lost = False
        self.is_refused = False
        """Whether the storage has said that this leg does not have the lease any more."""
        self.loss = loss
        self._what = what
        self._lease = lease
        self._clock = clock
        self._good = since

    def check(self) -> None:
        """Raise the error of *loss* unless the lease is still trusted: this is the fence before a request or a write.

        A process that stood still may reach the fence before it notices that the renewal is late.
        """
        if self.is_lost or self._left() <= 0:
            raise self.loss()

    async def until_lost(self) -> None:
        """Renew the lease; return when it is lost, or may be."""
        pause = RENEW_EVERY_SECONDS - (TRUSTED_SECONDS - self._left())
        while True:
            await self._clock.sleep(max(0.0, min(pause, self._left())))
            if self._left() < RENEWAL_SECONDS:
                await self._clock.sleep(max(0.0, self._left()))
                return
            begun = self._clock.monotonic()
            try:
                if not await self._lease.renew():
                    self.is_refused = True
                    return
                self._good, pause = begun, RENEW_EVERY_SECONDS
            except Retryable as error:
                logger.warning("The lease of %s could not be renewed: %s", self._what, error)
                pause = TRY_AGAIN_SECONDS

    async def release(self) -> None:
        """Release the lease."""
        await self._lease.release()

    def _left(self) -> float:
        """Return for how many more seconds the lease is trusted."""
        return self._good + TRUSTED_SECONDS - self._clock.monotonic()


@asynccontextmanager
async def holding(
    lease: Lease, clock: Clock, *, since: float, what: str, loss: Callable[[], LeaseLost]
) -> AsyncGenerator[Hold]:
    """Hold *lease*, which was asked for at *since* (monotonic seconds), while the block runs; then release the lease.

    When the lease is lost, the block is cancelled wherever it waits, and the error of *loss* is raised in place of any
    error of the block. A block that went on would send or write beside its successor.
    """
    block = asyncio.current_task()
    if block is None:
        message = "a lease is held by a task"
        raise RuntimeError(message)
    hold = Hold(lease, clock, since=since, what=what, loss=loss)
    keeper = asyncio.create_task(_keep(hold, block))
    try:
        try:
            yield hold
        except asyncio.CancelledError:
            if not hold.is_lost or block.uncancel() > 0:  # somebody else cancels the block as well
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
    """Keep the lease until cancelled; when the lease is lost, or may be, cancel *block*."""
    try:
        await hold.until_lost()
    except Exception:
        logger.exception("A lease cannot be kept.")
    hold.is_lost = True
    block.cancel()
