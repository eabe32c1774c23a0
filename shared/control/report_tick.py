"""Tells the listeners of events how a tick went, and which runs are stuck."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.events import RunStuck, TickCompleted, seconds_between
from shared.domain.runs.progress import standing_since
from shared.domain.runs.run import Run
from shared.ports import EventListener

STUCK = timedelta(minutes=15)
"""A run that should be worked on and is silent for so long: the tick has woken it several times in vain."""


def report_tick(active: Sequence[Run], woken: int, events: EventListener, now: datetime) -> None:
    """Tell how many runs are *active*, how many wake-ups the tick sends (*woken*), and which of the runs are stuck."""
    waits = [seconds_between(since, now) for run in active if (since := standing_since(run))]
    for run in active:
        silent_since = run.waiting.next_try if run.waiting else run.heartbeat_at or run.created_at
        if now - silent_since >= STUCK:
            events.tell(RunStuck(run.export_id, run.id, seconds_between(silent_since, now)))
    events.tell(TickCompleted(len(active), woken, max(waits, default=0.0)))
