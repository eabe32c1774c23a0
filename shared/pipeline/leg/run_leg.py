"""The way into a run: one leg at a time, held by the run's lease, and what follows from it."""

import logging

from shared.domain.errors import ConfigurationError, Conflict, LeaseLost
from shared.domain.runs.run import Run
from shared.pipeline.leg.leg import Leg
from shared.pipeline.resources import Workplace
from shared.pipeline.watching.lease_hold import holding
from shared.pipeline.watching.report import report_leg
from shared.store.run_saver import RunSaver
from shared.store.runs import Runs, WakeUp

logger = logging.getLogger(__name__)


async def run_leg(wake_up: WakeUp, place: Workplace) -> list[WakeUp]:
    """Work on the run until it has ended or must wait; returns the messages to send.

    Only the leg that has the run's lease works on it; one that loses it stops wherever it is. Raises `Retryable` when
    the storage of documents does not answer: then the queue brings the message again, or the tick does.
    """
    try:
        return await _run_leg(wake_up, place)
    except ConfigurationError as error:  # of the run's own documents; what a leg meets otherwise ends its run
        logger.error("Run %s of export %s cannot go on: %s", wake_up.run_id, wake_up.export_id, error)  # noqa: TRY400 - the sentence says it all
        return []


async def _run_leg(wake_up: WakeUp, place: Workplace) -> list[WakeUp]:
    runs = Runs(place.documents)
    run = await runs.get(wake_up.export_id, wake_up.run_id)
    if run is None:
        logger.info("Run %s of export %s is not there.", wake_up.run_id, wake_up.export_id)
        return []
    if run.status.is_ended:
        return await _leave(run, runs, place)
    asked_at = place.clock.monotonic()
    lease = await place.leases.take(lease_name(run))
    if lease is None:
        logger.info("Run %s of export %s: another leg works on it.", run.id, run.export_id)
        return []
    try:
        async with holding(lease, place.clock, since=asked_at, what=f"run {run.id}") as hold:
            saver = await runs.open(run.export_id, run.id, hold.check)
            leg = await _worked(saver, runs, place) if saver else None
    except (Conflict, LeaseLost):
        logger.warning("Run %s of export %s was taken over by another leg.", run.id, run.export_id)
        return []
    if leg is not None:
        await leg.look_again()
    is_ended = saver is not None and saver.run.status.is_ended
    return [*(await _leave(run, runs, place) if is_ended else []), *(leg.follow_ups if leg else [])]


def lease_name(run: Run) -> str:
    """Return the name of the lease that whoever works on *run* has."""
    return f"runs/{run.export_id}/{run.id}"


async def _worked(saver: RunSaver, runs: Runs, place: Workplace) -> Leg | None:
    """Return the leg that worked on the run, or None when there is nothing to do any more."""
    if saver.run.status.is_ended:
        return None
    leg = Leg(saver, runs, place)
    await report_leg(saver, runs, place.clock, leg.work)
    return leg


async def _leave(run: Run, runs: Runs, place: Workplace) -> list[WakeUp]:
    """Forget that *run* was active; return the wake-up of the run of the same export that waited for it."""
    await place.leases.forget(lease_name(run))
    await runs.remove_marker(run)
    return [marker.wake_up for marker in (await runs.markers(run.export_id))[:1]]
