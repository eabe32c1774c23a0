"""A wake-up's way into a run, and what follows from it (docs/wake-ups.md)."""

import logging

from shared.domain.errors import ConfigurationError, Conflict, Retryable, RunLeaseLost
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.pipeline.leg.leg import Leg
from shared.pipeline.leg.leg_report import report_end, report_leg
from shared.pipeline.leg.lost_lease import wake_up_after
from shared.pipeline.resources import Resources
from shared.pipeline.watching.lease_hold import Hold, holding
from shared.store.paths import run_lease

logger = logging.getLogger(__name__)


async def run_leg(wake_up: WakeUp, resources: Resources) -> list[WakeUp]:
    """Work on the run until it has ended or must wait; return the messages to send.

    Only the leg that holds the run's lease works on the run. A leg that loses the lease stops wherever it is.
    Where the leg loses the lease or the storage of documents does not answer, the runs that the leg was to wake are
    woken all the same, and its own run is left to the tick: the queue would try the same message after two minutes, and
    put it aside after five such tries. Only an error that nobody foresaw is raised.
    """
    wake_ups = list[WakeUp]()
    run = f"Run {wake_up.run_id} of export {wake_up.export_id}"
    try:
        await _look_at(wake_up, resources, wake_ups)
    except ConfigurationError as error:  # a document of the run is damaged; other such errors end the run
        logger.error("%s cannot go on: %s", run, error)  # noqa: TRY400 - the sentence says it all
    except Retryable as error:
        logger.warning("%s is left to the tick: %s", run, error)
    return list(dict.fromkeys(wake_ups))


async def _look_at(wake_up: WakeUp, resources: Resources, wake_ups: list[WakeUp]) -> None:
    """Work on the run if it is there and no other leg works on it; add the messages to send to *wake_ups*.

    A process that is about to end leaves the run to another one.
    """
    if resources.stop.is_told:
        wake_ups.append(wake_up)
        return
    run = await resources.store.runs.get(wake_up.export_id, wake_up.run_id)
    if run is None:
        logger.info("Run %s of export %s is not there.", wake_up.run_id, wake_up.export_id)
        return
    if run.status.is_ended and not await resources.store.markers.has(run):
        return
    asked_at = resources.clock.monotonic()
    lease = await resources.leases.take(run_lease(run.export_id, run.id))
    if lease is None:
        logger.info("Run %s of export %s: another leg works on it.", run.id, run.export_id)
        return
    leg: Leg | None = None
    hold: Hold | None = None
    try:
        async with holding(
            lease, resources.clock, since=asked_at, what=f"run {run.id}", loss=lambda: _loss(run)
        ) as hold:
            saver = await resources.store.runs.open(run.export_id, run.id, hold.check)
            if saver and not saver.run.status.is_ended:
                leg = Leg(saver, resources, wake_ups)
                await report_leg(saver, resources, leg.work)
            if saver and saver.run.status.is_ended and (leg or await resources.store.markers.has(run)):
                await _finish(saver.run, resources, wake_ups)
    except (Conflict, RunLeaseLost) as error:
        wake_ups += await wake_up_after(error, run, resources, hold)
        if leg:
            await leg.wake_next()
        return
    if saver:
        await _after_release(saver.run, leg, resources)


async def _after_release(run: Run, leg: Leg | None, resources: Resources) -> None:
    """Do what must wait for the release of the run's lease; where the storage does not answer, this is left out."""
    try:
        if run.status.is_ended:
            await resources.leases.forget(run_lease(run.export_id, run.id))
        if leg:
            await leg.look_again()
    except Retryable as error:
        logger.warning("Run %s of export %s: a last look is left out: %s", run.id, run.export_id, error)


async def _finish(run: Run, resources: Resources, wake_ups: list[WakeUp]) -> None:
    """Let the next run of the export go, and tell how *run* has ended; add the wake-up of the next run to *wake_ups*.

    Only a leg that holds the run's lease does this. The marker brings another leg here where this one dies before it is
    gone; so the end is told after that, and no two legs tell it. Where this leg dies between, a tick tells the end
    `again`, as it was noted before.
    """
    store = resources.store
    if run.status is RunStatus.CANCELLED and run.trigger == "http":
        # What only a cancelled run has read still counts as new. A run of the new data is not made again.
        await store.served.take_back(run.export_id, run.id)
    if following := await store.gates.leave(run.wake_up):
        wake_ups.append(following)
    await store.recent_ends.add(run, resources.clock.now())
    await store.markers.remove(run)
    await report_end(run, store, resources.events)


def _loss(run: Run) -> RunLeaseLost:
    return RunLeaseLost(say("run_lease_lost", "The lease of run {run} was lost.", run=run.id))
