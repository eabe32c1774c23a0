"""Records the slots of a schedule that passed without a run because no tick came."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.config.schedule import slot_run_id
from shared.domain.runs.progress import SLOTS_MISSED
from shared.domain.runs.run import Ending, RunStatus
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.ports import EventListener
from shared.store.new_run import skip_run
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
    text = _ONE if len(slots) == 1 else text
    told = say(code, text, count=len(slots), first=utc_text(slots[0]), last=utc_text(slots[-1]))
    ending = Ending(RunStatus.SKIPPED, SLOTS_MISSED, told.detail, told.code, told.params, told)
    await skip_run(export_id, slot_run_id(export_id, slots[-1]), ending, store=store, events=events, now=now)


_ONE = "The app stood still while this export was due, so one of its times passed without a run: {first}."
_MISSED = (
    "The app stood still while this export was due, so {count:,} of its times passed without a run, from {first} to "
    "{last}."
)
_MANY = (
    "The app stood still while this export was due, so {count:,} or more of its times passed without a run, from "
    "{first} to {last}."
)
