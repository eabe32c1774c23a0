"""How a run is made: first its marker, so that the request is not forgotten, then its document.

Making a run wakes nobody: the caller sees to the wake-up, or else the tick does.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.events import RunEnded
from shared.domain.runs.progress import PREVIOUS_RUN_ACTIVE
from shared.domain.runs.run import Ending, Run, RunStatus
from shared.ports import EventListener
from shared.store.audit_trail import Author
from shared.store.run_markers import Marker
from shared.store.store import Store


async def make_run(marker: Marker, store: Store) -> Marker:
    """Make the run that *marker* requests, unless it is there already; return *marker*."""
    await store.markers.insert(marker)
    await store.runs.insert(marker.new_run())
    return marker


async def make_run_unasked(marker: Marker, store: Store) -> Marker:
    """Make a run that no person asked for; note that in the audit trail first.

    The id of the audit line comes from the run: when a tick or a leg does this twice, readers see one line.
    """
    subject = f"exports/{marker.export_id}/runs/{marker.run_id}"
    after = {"trigger": marker.trigger, "limit": marker.limit}
    line_id = f"{marker.export_id}-{marker.run_id}"
    await store.audit.note(_AUTHORS[marker.trigger], "run.started", subject, after=after, line_id=line_id)
    return await make_run(marker, store)


async def skip_run(export_id: str, run_id: str, store: Store, events: EventListener, now: datetime) -> None:
    """Note that a slot of the schedule passed without a run, because the run before had not ended."""
    run = Run(id=run_id, export_id=export_id, trigger="schedule", created_at=now)
    ending = Ending(RunStatus.SKIPPED, PREVIOUS_RUN_ACTIVE, _SKIPPED, "slot_skipped")
    skipped = replace(run, status=RunStatus.SKIPPED, ended_at=now, ending=ending)
    if await store.runs.insert(skipped):
        events.tell(RunEnded.of(skipped))


_AUTHORS = {
    "schedule": Author(None, "The schedule of the export"),
    "source_changed": Author(None, "The app, because a file changed under the run before"),
}
_SKIPPED = "The run before had not ended when this one was due; the next one comes as scheduled."
