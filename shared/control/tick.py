"""The timer's minute: queues exports that are due, and wakes runs whose time has come."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

from shared.domain.config.export import Export
from shared.domain.config.schedule import Schedule, slot_run_id
from shared.domain.errors import ConfigurationError, Conflict, ExportError
from shared.domain.runs.run import Run, utc_text
from shared.pipeline.watching.report import report_end, report_tick
from shared.ports import Clock, Documents
from shared.store.configured import EXPORTS, export_path
from shared.store.history import clear_history
from shared.store.new_run import skip_run, start_unasked
from shared.store.runs import Marker, Runs, WakeUp
from shared.store.slots import forget_slots, read_slots, served, slots_path

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)
"""A run that shows no life for this long has lost its wake-up or its leg, and is woken again."""


CLEARING_SECONDS = 20.0
"""The messages of the minute wait while old runs are cleared away, and not for longer than this."""


async def tick(
    documents: Documents,
    clock: Clock,
    *,
    max_lateness: timedelta,
    refresh: Schedule | None = None,
    keep: timedelta | None = None,
) -> list[WakeUp]:
    """Return the messages to send this minute; it may run twice for the same minute without harm.

    *refresh* is the schedule of the exports that go by the one of the app.

    Runs that ended longer than *keep* ago are cleared away, a few each time; what goes wrong with that stays there.
    """
    runs = Runs(documents)
    started = [
        await _unless_broken(_start_if_due(name, runs, clock, max_lateness, refresh), name)
        async for name in documents.names(EXPORTS)
    ]
    active: list[Run] = []
    woken = [
        await _unless_broken(_wake_if_due(marker, runs, clock, active), f"run {marker.run_id}")
        for marker in await runs.markers()
    ]
    if keep is not None:
        await _clear(documents, clock, keep)
    wake_ups = list(dict.fromkeys(wake_up for wake_up in (*started, *woken) if wake_up))
    report_tick(active, len(wake_ups), clock.now())
    return wake_ups


async def _clear(documents: Documents, clock: Clock, keep: timedelta) -> None:
    try:
        async with asyncio.timeout(CLEARING_SECONDS):
            await clear_history(documents, clock, keep=keep)
    except (ExportError, TimeoutError) as error:
        logger.info("Old runs are cleared away another time: %s", error or "it took too long.")
    except Exception:  # the messages of this minute must go out, whatever it was
        logger.exception("Old runs could not be cleared away.")


async def _unless_broken(work: Awaitable[WakeUp | None], what: str) -> WakeUp | None:
    """Return what *work* returns; a broken document is logged, and does not stop the others."""
    try:
        return await work
    except ConfigurationError as error:
        logger.warning("The tick passes over %s: %s", what, error)
    except ExportError:
        raise
    except Exception:
        logger.exception("The tick passes over %s; look at its documents.", what)
    return None


async def _start_if_due(
    name: str, runs: Runs, clock: Clock, max_lateness: timedelta, refresh: Schedule | None
) -> WakeUp | None:
    document = await runs.documents.get(name)
    export = Export.from_document(document.value) if document else None
    if export is None:
        return None
    if name != export_path(export.id):
        raise ConfigurationError(f"The id in it is '{export.id}'; an export lies under its own id.")
    timetable = export.timetable(refresh)
    if timetable is None:
        await forget_slots(runs.documents, export.id)
        return None
    slots = await read_slots(runs.documents, export.id, timetable, clock.now())
    slot = timetable.latest_slot(slots.served, clock.now()) if slots else None
    if slots is None or slot is None:
        return None
    wake_up = await _start(export.id, slot, runs, clock, max_lateness)
    try:
        await runs.documents.replace(slots_path(export.id), served(timetable, slot), etag=slots.etag)
    except Conflict:
        logger.info("Another tick served the slot of export %s.", export.id)
    return wake_up


async def _start(export_id: str, slot: datetime, runs: Runs, clock: Clock, max_lateness: timedelta) -> WakeUp | None:
    if clock.now() - slot > max_lateness:
        logger.warning("The slot %s of export %s was missed for too long and is left out.", utc_text(slot), export_id)
        return None
    run_id = slot_run_id(export_id, slot)
    if any(run.id != run_id for run in await runs.unended(export_id)):
        await skip_run(export_id, run_id, reason="previous_run_active", runs=runs, clock=clock)
        return None
    return (await start_unasked(Marker(export_id, run_id, "schedule", clock.now()), runs, clock)).wake_up


async def _wake_if_due(marker: Marker, runs: Runs, clock: Clock, active: list[Run]) -> WakeUp | None:
    """Wake the run of *marker* when its time has come; one that has not ended is added to *active*."""
    try:
        run = await runs.get(marker.export_id, marker.run_id)
    except ConfigurationError:
        active.append(marker.new_run())  # silent since then, as far as anybody can tell
        raise
    if run is None:
        run = marker.new_run()
        await runs.insert(run)  # the request was cut off between the marker and the run
    elif run.status.is_ended:
        await report_end(run, runs)  # its leg may have died before it could
        await runs.remove_marker(run)
        return None
    active.append(run)
    if not _is_due(run, marker, clock.now()):
        return None
    await runs.note_woken(marker, clock.now())
    return marker.wake_up


def _is_due(run: Run, marker: Marker, now: datetime) -> bool:
    """Tell whether *run* should be woken: its waiting is over, or nothing was heard of it for a while."""
    due_since = run.waiting.next_try if run.waiting else (run.heartbeat_at or run.created_at) + SILENCE
    woken_already = marker.woken_at is not None and marker.woken_at >= due_since
    return now >= due_since and not (woken_already and marker.woken_at and now - marker.woken_at < SILENCE)
