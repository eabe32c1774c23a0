"""Requests a run: the marker first, so that nothing is forgotten, then the run, then the message that wakes it."""

import logging
from dataclasses import replace

from shared.domain.events import RunEnded
from shared.domain.runs.run import Ending, Run, RunStatus
from shared.ports import Clock
from shared.store.audit_trail import AuditTrail
from shared.store.runs import Marker, Runs

logger = logging.getLogger(__name__)


async def start_run(marker: Marker, runs: Runs) -> Marker:
    """Make the run that *marker* requests, unless it is there already; returns *marker*."""
    await runs.insert_marker(marker)
    await runs.insert(marker.new_run())
    return marker


async def start_unasked(marker: Marker, runs: Runs, clock: Clock) -> Marker:
    """Make the run that *marker* requests, for which nobody pressed a button; the audit trail hears of it before.

    The line has an id made of the run's, so that of a tick or a leg that comes twice it is read once.
    """
    trail = AuditTrail(runs.documents, clock, lambda: f"{marker.export_id}-{marker.run_id}")
    subject = f"exports/{marker.export_id}/runs/{marker.run_id}"
    after = {"trigger": marker.trigger, "limit": marker.limit}
    await trail.note({"name": None, "label": _UNASKED[marker.trigger]}, "run.started", subject, after=after)
    return await start_run(marker, runs)


async def skip_run(export_id: str, run_id: str, *, reason: str, runs: Runs, clock: Clock) -> None:
    """Note that a slot of the schedule passed without a run, and why."""
    now = clock.now()
    run = Run(id=run_id, export_id=export_id, trigger="schedule", created_at=now)
    ending = Ending(RunStatus.SKIPPED, reason, _SKIPPED.get(reason, reason))
    skipped = replace(run, status=RunStatus.SKIPPED, ended_at=now, ending=ending)
    if await runs.insert(skipped):
        logger.info("%s", RunEnded.of(skipped))


_UNASKED = {
    "schedule": "The schedule of the export",
    "source_changed": "The app, because a file changed under the run before",
}
_SKIPPED = {
    "previous_run_active": "The run before had not ended when this one was due; the next one comes as scheduled."
}
