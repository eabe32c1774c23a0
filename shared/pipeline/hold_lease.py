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


@asynccontextmanager
async def holding(lease: Lease, clock: Clock, *, what: str) -> AsyncGenerator[None]:
    """Hold *lease*, which was just taken, while the block runs, and let go of it.

    When it is lost the block is cancelled wherever it waits, and `LeaseLost` is raised in its place: whoever sends or
    writes after that would do so beside its successor.
    """
    block = asyncio.current_task()
    if block is None:
        message = "a lease is held by a task"
        raise RuntimeError(message)
    keeper = asyncio.create_task(_keep(lease, clock, block, clock.monotonic()))
    try:
        yield
    except asyncio.CancelledError:
        if keeper.done() and not keeper.cancelled() and block.uncancel() == 0:
            raise LeaseLost(f"The lease of {what} was lost.") from None
        raise
    finally:
        is_lost = keeper.done()
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        if not is_lost:
            await lease.release()


async def _keep(lease: Lease, clock: Clock, block: "asyncio.Task[object]", taken_at: float) -> None:
    """Renew until cancelled; cancel *block* and return when the lease is lost or may be."""
    try:
        await _until_lost(lease, clock, taken_at)
    except Exception:
        logger.exception("A lease cannot be kept.")
    block.cancel()


async def _until_lost(lease: Lease, clock: Clock, taken_at: float) -> None:
    good, pause = taken_at, RENEW_EVERY_SECONDS
    while True:
        await clock.sleep(max(0.0, min(pause, good + TRUSTED_SECONDS - clock.monotonic())))
        begun = clock.monotonic()
        if begun - good >= TRUSTED_SECONDS:
            return
        try:
            if not await lease.renew():
                return
            good, pause = begun, RENEW_EVERY_SECONDS
        except Retryable as error:
            logger.warning("A lease could not be renewed: %s", error)
            pause = TRY_AGAIN_SECONDS
