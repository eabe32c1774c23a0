"""Records the slots of a schedule that passed without a run because no tick came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.config.schedule import slot_run_id
from shared.domain.events import RunEnded
from shared.domain.runs.progress import SLOTS_MISSED
from shared.domain.runs.run import Ending, Run, RunStatus
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.ports import EventListener
from shared.store.store import Store

MOST_COUNTED = 500
"""So many slots are counted at most: a year of minutes would hold the event loop."""


async def record_missed_slots(
    export_id: str, slots: Sequence[datetime], store: Store, events: EventListener, now: datetime
) -> None:
    """Put one ``skipped`` entry into the history of the export, which names how many slots, and the first and last.

    *slots* are in order, oldest first. The first one may have its run: a tick that died had no time to note the slot.
    """
    if slots and await store.runs.get(export_id, slot_run_id(export_id, slots[0])):
        slots = slots[1:]
    if not slots:
        return
    code, text = ("slots_missed_many", _MANY) if len(slots) >= MOST_COUNTED else ("slots_missed", _MISSED)
    told = say(code, text, count=len(slots), first=utc_text(slots[0]), last=utc_text(slots[-1]))
    run = Run(id=slot_run_id(export_id, slots[-1]), export_id=export_id, trigger="schedule", created_at=now)
    ending = Ending(RunStatus.SKIPPED, SLOTS_MISSED, told.detail, told.code, told.params, told)
    skipped = replace(run, status=RunStatus.SKIPPED, ended_at=now, ending=ending)
    if await store.runs.insert(skipped):
        events.tell(RunEnded.of(skipped))


_MISSED = (
    "The app stood still while this export was due, so {count:,} of its times passed without a run, from {first} to "
    "{last}."
)
_MANY = (
    "The app stood still while this export was due, so {count:,} or more of its times passed without a run, from "
    "{first} to {last}."
)
