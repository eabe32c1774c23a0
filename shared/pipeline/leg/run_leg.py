"""A wake-up's way into a run, and what follows from it (docs/wake-ups.md)."""

import logging

from shared.domain.errors import ConfigurationError, Conflict, RunLeaseLost
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.pipeline.leg.leg import Leg
from shared.pipeline.leg.leg_report import report_end, report_leg
from shared.pipeline.resources import Resources
from shared.pipeline.watching.lease_hold import Hold, holding
from shared.store.paths import run_lease
from shared.store.run_saver import RunSaver

logger = logging.getLogger(__name__)


async def run_leg(wake_up: WakeUp, resources: Resources) -> list[WakeUp]:
    """Work on the run until it has ended or must wait; return the messages to send.

    Only the leg that holds the run's lease works on the run. A leg that loses the lease stops wherever it is.
    Raises `Retryable` when the storage of documents does not answer: then the queue delivers the message again.
    """
    try:
        return await _look_at(wake_up, resources)
    except ConfigurationError as error:  # a document of the run is damaged; other such errors end the run
        logger.error("Run %s of export %s cannot go on: %s", wake_up.run_id, wake_up.export_id, error)  # noqa: TRY400 - the sentence says it all
        return []


async def _look_at(wake_up: WakeUp, resources: Resources) -> list[WakeUp]:
    """Work on the run if it is there and no other leg works on it; return the messages to send."""
    run = await resources.store.runs.get(wake_up.export_id, wake_up.run_id)
    if run is None:
        logger.info("Run %s of export %s is not there.", wake_up.run_id, wake_up.export_id)
        return []
    if run.status.is_ended and not await resources.store.markers.has(run):
        return []
    asked_at = resources.clock.monotonic()
    lease = await resources.leases.take(run_lease(run.export_id, run.id))
    if lease is None:
        logger.info("Run %s of export %s: another leg works on it.", run.id, run.export_id)
        return []
    wake_ups, leg = list[WakeUp](), None
    hold: Hold | None = None
    try:
        async with holding(
            lease, resources.clock, since=asked_at, what=f"run {run.id}", loss=lambda: _loss(run)
        ) as hold:
            saver = await resources.store.runs.open(run.export_id, run.id, hold.check)
            if saver and not saver.run.status.is_ended:
                leg = await _work(saver, resources)
            if saver and saver.run.status.is_ended and (leg or await resources.store.markers.has(run)):
                wake_ups = await _finish(saver.run, resources)
    except Conflict:
        logger.warning("Run %s of export %s was taken over by another leg.", run.id, run.export_id)
        return []
    except RunLeaseLost:
        why = "it is gone" if hold and hold.is_refused else "the storage did not renew it in time"
        logger.warning("Run %s of export %s: the leg stops, as it lost its lease: %s.", run.id, run.export_id, why)
        return []
    if saver and saver.run.status.is_ended:
        await resources.leases.forget(run_lease(run.export_id, run.id))
    if leg:
        await leg.look_again()
        wake_ups += leg.wake_ups
    return wake_ups


async def _finish(run: Run, resources: Resources) -> list[WakeUp]:
    """Let the next run of the export go, and tell how *run* has ended; return the wake-up of the next run.

    Only a leg that holds the run's lease does this, so no two legs tell the end at once. The end is noted before it is
    told, so that a tick tells it again. The marker goes last: where a leg dies before, it brings another leg here.
    """
    store = resources.store
    following = await store.gates.leave(run.wake_up)
    await store.recent_ends.add(run, resources.clock.now())
    await report_end(run, store, resources.events)
    await store.markers.remove(run)
    return [following] if following else []


async def _work(saver: RunSaver, resources: Resources) -> Leg:
    leg = Leg(saver, resources)
    await report_leg(saver, resources, leg.work)
    return leg


def _loss(run: Run) -> RunLeaseLost:
    return RunLeaseLost(say("run_lease_lost", "The lease of run {run} was lost.", run=run.id))
