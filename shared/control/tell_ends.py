"""Tells the ends of runs again, a minute or two after the first time."""

from datetime import datetime, timedelta

from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run
from shared.pipeline.leg.leg_report import report_end
from shared.ports import EventListener
from shared.store.store import Store

TOLD_AGAIN_AFTER = timedelta(seconds=60)
"""By then the host has sent the event that was told first, or has died with it: events leave every five seconds."""
AT_MOST = 100
"""So many ends are told again with one tick; the rest comes with the next ones."""


async def tell_ends_again(store: Store, events: EventListener, now: datetime) -> None:
    """Tell each end that is old enough again, once; raises `Unavailable`.

    The end is taken out of the note before it is told, so that two ticks at the same time do not both tell it.
    A run that is gone meanwhile, or cannot be read, is left out.
    """
    due = [each for each in await store.recent_ends.all() if now - each.at >= TOLD_AGAIN_AFTER][:AT_MOST]
    runs = {each: await _run(each.export_id, each.run_id, store) for each in due}
    for end in await store.recent_ends.take(due):
        run = runs[end]
        if run is not None and run.status.is_ended:
            await report_end(run, store, events, again=True)


async def _run(export_id: str, run_id: str, store: Store) -> Run | None:
    try:
        return await store.runs.get(export_id, run_id)
    except ConfigurationError:
        return None
