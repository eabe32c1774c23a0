"""How a run is made: its request goes through the gate, so that it is not forgotten; then come marker and document.

Making a run wakes nobody: the caller sees to the wake-up, or else the tick does.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import ExportError
from shared.domain.events import RunEnded
from shared.domain.runs.progress import PREVIOUS_RUN_ACTIVE
from shared.domain.runs.run import Ending, Run, RunStatus
from shared.ports import EventListener
from shared.store.audit_trail import Author
from shared.store.run_markers import Marker
from shared.store.store import Store


async def request_run(request: Marker, store: Store, *, by: Author | None = None, may_wait: bool = False) -> Run:
    """Make the run that *request* asks for, unless it is there already; return the run.

    *by* is who asks; without *by* it is the app itself, because of the trigger.
    Raises `RunActive` and `Damaged` as `Gates.enter` does, `Retryable`.
    """
    if (run := await store.runs.get(request.export_id, request.run_id)) is not None:
        return run
    await store.gates.enter(request, may_wait=may_wait)
    return await make_run(request, store, by=by)


async def make_run(request: Marker, store: Store, *, by: Author | None = None) -> Run:
    """Make the run of a *request* that has its place at the gate, unless the run is there already; return the run.

    The start is noted in the audit trail first. The id of the audit line comes from the run: when this is done twice,
    readers see one line. A start that cannot be noted gives the place back.
    """
    subject = f"exports/{request.export_id}/runs/{request.run_id}"
    after = {"trigger": request.trigger, "limit": request.limit}
    line_id = f"{request.export_id}-{request.run_id}"
    author = by or _AUTHORS.get(request.trigger) or Author(None, request.requested_by or _SOMEBODY)
    try:
        await store.audit.note(author, "run.started", subject, after=after, line_id=line_id)
    except ExportError:
        await store.gates.leave(request.wake_up)
        raise
    return await write_run(request, store)


async def write_run(request: Marker, store: Store) -> Run:
    """Write the marker and the document of a run whose start is noted; return the run as it is stored."""
    await store.markers.insert(request)
    new = request.new_run()
    if await store.runs.insert(new):
        return new
    run = await store.runs.get(request.export_id, request.run_id) or new
    if run.status.is_ended:  # somebody else made the same run, and it has ended meanwhile
        await store.markers.remove(run)
        await store.gates.leave(run.wake_up)
    return run


async def skip_run(  # noqa: PLR0913 - which run, why, and with what it is noted
    export_id: str, run_id: str, ending: Ending, *, store: Store, events: EventListener, now: datetime
) -> None:
    """Note and tell that a slot of the schedule passed without a run; *ending* says why."""
    run = Run(id=run_id, export_id=export_id, trigger="schedule", created_at=now)
    skipped = replace(run, status=RunStatus.SKIPPED, ended_at=now, ending=ending)
    await store.recent_ends.add(skipped, now)
    if await store.runs.insert(skipped):
        events.tell(RunEnded.of(skipped))


_AUTHORS = {
    "schedule": Author(None, "The schedule of the export"),
    "new_data": Author(None, "The new data in the segments of the export"),
    "source_changed": Author(None, "The app, because a file changed under the run before"),
}
_SOMEBODY = "Somebody"
_SKIPPED = "The run before had not ended when this one was due; the next one comes as scheduled."
BEHIND_ANOTHER = Ending(RunStatus.SKIPPED, PREVIOUS_RUN_ACTIVE, _SKIPPED, "slot_skipped")
"""The ending of a run that was due before the run before it had ended."""
