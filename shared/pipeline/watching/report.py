"""Tells the monitoring how runs go, in events that the alerts and the workbook read."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.errors import ExportError
from shared.domain.events import (
    CredentialsWereRefused,
    LegEnded,
    RunEnded,
    RunStarted,
    RunStuck,
    RunWaiting,
    TickCompleted,
    seconds_between,
)
from shared.domain.runs.run import Run
from shared.pipeline.watching.progress import standing_since
from shared.ports import Clock
from shared.ports.usage import counting
from shared.store.configured import stored_export
from shared.store.run_saver import RunSaver
from shared.store.runs import Runs

logger = logging.getLogger(__name__)

STUCK = timedelta(minutes=15)
"""A run that should be worked on and is silent for so long has been woken several times, in vain."""
BROKEN_OFF = "broken_off"


async def report_leg(saver: RunSaver, runs: Runs, clock: Clock, work: Callable[[], Awaitable[None]]) -> None:
    """Do *work*, a leg of the run that *saver* has, and tell what came of it; also when it is broken off."""
    before, began, outcome = saver.run, clock.monotonic(), BROKEN_OFF
    if not before.legs:
        logger.info("%s", RunStarted(before.export_id, before.id, before.trigger))
    with counting() as usage:
        try:
            await work()
            outcome = saver.run.waiting.reason if saver.run.waiting else saver.run.status.value
        finally:
            run = saver.run
            ended = LegEnded(
                export=run.export_id,
                run=run.id,
                leg=run.legs,
                outcome=outcome,
                seconds=round(clock.monotonic() - began, 1),
                rows=run.checkpoint.row - before.checkpoint.row,
                requests=usage.requests,
                throttled=usage.throttled,
            )
            logger.info("%s", ended)
    if run.status.is_ended:
        await report_end(run, runs)
    elif run.waiting:
        waited = seconds_between(standing_since(run) or clock.now(), clock.now())
        logger.info("%s", RunWaiting(run.export_id, run.id, run.waiting.reason, waited))


async def report_end(run: Run, runs: Runs) -> None:
    """Tell how *run* ended, and whose credentials were refused if that is why."""
    logger.info("%s", RunEnded.of(run))
    if refused := CredentialsWereRefused.of(run, ""):
        logger.info("%s", replace(refused, connection=await _connection_id(run, runs)))


def report_tick(active: Sequence[Run], woken: int, now: datetime) -> None:
    """Tell that a tick has met the runs *active* and woken some of them, and which of them are stuck."""
    waits = [seconds_between(since, now) for run in active if (since := standing_since(run))]
    for run in active:
        silent_since = run.waiting.next_try if run.waiting else run.heartbeat_at or run.created_at
        if now - silent_since >= STUCK:
            logger.info("%s", RunStuck(run.export_id, run.id, seconds_between(silent_since, now)))
    logger.info("%s", TickCompleted(len(active), woken, max(waits, default=0.0)))


async def _connection_id(run: Run, runs: Runs) -> str:
    """Return the connection that *run* was over, empty where that cannot be learnt any more."""
    with suppress(ExportError):
        plan = await runs.plan(run)
        if plan is not None and plan.connection_id:
            return plan.connection_id
        export = await stored_export(runs.documents, run.export_id)
        return (export and export.connection_id) or ""
    return ""
