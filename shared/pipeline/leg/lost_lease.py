"""What a leg that had to stop in the middle leaves behind: a wake-up of its run, unless another leg has the run."""

import logging

from shared.domain.errors import Conflict, Retryable, RunLeaseLost
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.resources import Resources
from shared.pipeline.watching.lease_hold import RENEWAL_SECONDS, TRUSTED_SECONDS, Hold
from shared.ports import LEASE_SECONDS
from shared.store.paths import run_lease

logger = logging.getLogger(__name__)

RUN_OUT_SECONDS = LEASE_SECONDS - TRUSTED_SECONDS + RENEWAL_SECONDS
"""How long the storage may still hold a lease that its leg does not trust any more."""
LOOK_AGAIN_SECONDS = 2.0


async def wake_up_after(
    error: Conflict | RunLeaseLost, run: Run, resources: Resources, hold: Hold | None
) -> list[WakeUp]:
    """Return the wake-up of *run*, which the leg lost by *error*; nothing where another leg has the run.

    A lease that was not renewed in time still holds for some seconds, and a renewal that a silent storage carries out
    late holds it anew. A wake-up would find that lease and do nothing, so the leg lets it go, and waits until nobody
    has it. Where the storage does not answer all the time, nobody knows, and a wake-up too many does no harm.
    """
    if hold and hold.is_refused:
        logger.warning("Run %s of export %s: the leg stops, as it lost its lease: it is gone.", run.id, run.export_id)
        return []
    until = resources.clock.monotonic()
    if isinstance(error, Conflict):  # the lease was held, and was released
        text = "Run %s of export %s: the leg stops, as somebody else changed the run."
    else:
        text = "Run %s of export %s: the leg stops, as it lost its lease: the storage did not renew it in time."
        until += RUN_OUT_SECONDS
    logger.warning(text, run.id, run.export_id)
    while (is_free := await _is_free(run, resources, hold)) is not True and resources.clock.monotonic() < until:
        await resources.clock.sleep(LOOK_AGAIN_SECONDS)
    if is_free is False:
        logger.warning("Run %s of export %s was taken over by another leg.", run.id, run.export_id)
        return []
    return [run.wake_up]


async def _is_free(run: Run, resources: Resources, hold: Hold | None) -> bool | None:
    """Let go of what may be left of *hold*, and tell whether nobody has the lease of *run*.

    Returns None where the storage does not answer.
    """
    if hold is not None:
        await hold.release()  # by its id, so that the lease of another leg stays
    try:
        return await resources.leases.is_free(run_lease(run.export_id, run.id))
    except Retryable:
        return None
