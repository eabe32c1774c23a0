"""Tells the listeners of events when a run starts, how a leg ended, and how a run ended."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from shared.domain.errors import ExportError
from shared.domain.events import (
    CredentialsWereRefused,
    LegEnded,
    RunEnded,
    RunStarted,
    RunWaiting,
    seconds_between,
)
from shared.domain.runs.progress import standing_since
from shared.domain.runs.run import Run
from shared.pipeline.resources import Resources
from shared.ports import EventListener
from shared.ports.klaviyo_usage import counting
from shared.store.run_saver import RunSaver
from shared.store.store import Store

BROKEN_OFF = "broken_off"
"""The outcome of a leg that raised an error."""


async def report_leg(saver: RunSaver, resources: Resources, work: Callable[[], Awaitable[None]]) -> None:
    """Do *work*, a leg of the run of *saver*, and tell what came of it, also when the work raises."""
    clock, events = resources.clock, resources.events
    before, began, outcome = saver.run, clock.monotonic(), BROKEN_OFF
    if not before.legs:
        events.tell(RunStarted(before.export_id, before.id, before.trigger))
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
            events.tell(ended)
    if run.waiting:
        waited = seconds_between(standing_since(run) or clock.now(), clock.now())
        events.tell(RunWaiting(run.export_id, run.id, run.waiting.reason, waited))


async def report_end(run: Run, store: Store, events: EventListener, *, again: bool = False) -> None:
    """Tell how *run* ended, perhaps *again*, and which connection's credentials were refused where that is why."""
    events.tell(RunEnded.of(run, again=again))
    if refused := CredentialsWereRefused.of(run, "", again=again):
        events.tell(replace(refused, connection=await _connection_id(run, store)))


async def _connection_id(run: Run, store: Store) -> str:
    """Return the id of the connection that *run* used; empty where that cannot be learnt any more."""
    with suppress(ExportError):
        plan = await store.runs.plan(run)
        if plan is not None and plan.connection_id:
            return plan.connection_id
        export = await store.exports.get(run.export_id)
        return (export and export.connection_id) or ""
    return ""
