"""Asks everybody whom the app needs whether they answer, all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.control.check_keys import expiry_note
from shared.control.poison import poison_note
from shared.domain.errors import ExportError, Unavailable
from shared.domain.sentences import Sentence, say
from shared.pipeline.watching.time_limit import in_time
from shared.ports import Clock, Secrets
from shared.ports.poison import PoisonQueue
from shared.store.store import Store

PROBE_SECONDS = 2.0
"""So long each of them may take to answer."""
LONGEST_PAUSE = timedelta(minutes=10)
"""So long there may be no tick; the alert about missing ticks looks back as long."""

Probe = Callable[[], Awaitable[object]]
"""Asks once whether somebody answers; raises the error that says what is wrong, and what to do.

A sentence that it returns is a note, and a time is when the work was done last.
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about one of those whom the app needs; *problem* is None where all is well.

    *note* tells of something to look at that keeps nothing from working.
    *at* is when the last tick came to its end, for the tick alone.
    """

    name: str
    problem: Sentence | None
    note: Sentence | None = None
    at: datetime | None = None


async def check_health(
    store: Store, probes: Mapping[str, Probe], poison: PoisonQueue, secrets: Secrets, clock: Clock
) -> tuple[Checked, ...]:
    """Return what was found out about all whom the app needs.

    These are its storage, each of *probes* by name, the timer, the poison queue, and the keys in *secrets*.
    """

    async def reach_storage() -> None:
        await store.last_tick.at()

    async def look_for_the_tick() -> datetime:
        last = await store.last_tick.at()
        if last is None:
            raise Unavailable(say("tick_never_came", _NEVER))
        if clock.now() - last > LONGEST_PAUSE:
            raise Unavailable(say("tick_late", _LATE, minutes=round((clock.now() - last) / timedelta(minutes=1))))
        return last

    async def look_for_poison() -> Sentence | None:
        found = await poison.look()
        return poison_note(poison.name, found) if found else None

    asked: dict[str, Probe] = {
        "storage": reach_storage,
        **probes,
        "tick": look_for_the_tick,
        "poison": look_for_poison,
        "keys": lambda: expiry_note(store, secrets, clock),
    }
    checked = await asyncio.gather(*(_found(name, probe, clock) for name, probe in asked.items()))
    return tuple(checked)


async def _found(name: str, probe: Probe, clock: Clock) -> Checked:
    async def ask() -> object:
        return await probe()

    silent = say("probe_silent", _SILENT, name=name, seconds=PROBE_SECONDS)
    try:
        found = await in_time(PROBE_SECONDS, clock, ask(), late=lambda: Unavailable(silent))
    except ExportError as error:
        return Checked(name, error.sentence)
    return Checked(
        name,
        None,
        note=found if isinstance(found, Sentence) else None,
        at=found if isinstance(found, datetime) else None,
    )


_SILENT = (
    "'{name}' did not answer within {seconds:g} seconds; look at its page in the portal, at Azure's status, and "
    "whether the app's network reaches it."
)
_NEVER = (
    "No tick of the timer has come to its end yet; wait a minute after a deployment, then look at the function 'tick' "
    "and at the setting TICK_SCHEDULE."
)
_LATE = (
    "The last tick of the timer came to its end {minutes} minutes ago; look at the function 'tick' and its errors in "
    "the log."
)
