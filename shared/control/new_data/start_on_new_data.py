"""Starts the exports that wait for new data, once for each state of their segments."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.control.new_data.look_at_segments import LOOK_EVERY, Looking, due
from shared.domain.config.export import Export
from shared.domain.config.schedule import NEW_DATA
from shared.domain.control_errors import RunActive
from shared.domain.errors import ConfigurationError, Retryable
from shared.domain.identifiers import new_run_id
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sources.new_data.digests import digest_for_run, state_of
from shared.domain.sources.new_data.segment_look import SegmentLook
from shared.domain.sources.source_rules import SourceRules
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.watching.time_limit import in_time
from shared.ports import Clock, Segments
from shared.store.new_data.served_states import Served, ServedState
from shared.store.new_run import request_run
from shared.store.run_markers import Marker
from shared.store.store import Store

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=1)
"""So long a tick has the right to look; a tick that dies meanwhile keeps the others from looking no longer."""
START_SECONDS = 20.0
"""So long the starts of one tick may take. The segments of what is left are looked at again by the next tick."""
MOST_FAILURES = 3
"""After so many starts that the storage did not answer, the others are left to the next tick."""


@dataclass(frozen=True, slots=True)
class NewData:
    """Where new data is looked for, and by which rules."""

    segments: Segments
    rules: SourceRules


async def start_on_new_data(exports: Sequence[Export], where: NewData, store: Store, clock: Clock) -> list[WakeUp]:
    """Look at the segments of *exports* as far as they are due; return the wake-ups of the runs that were made.

    Two ticks at the same time do not both look; and if they did, each state would have one run all the same.
    Raises `Unavailable` when the documents cannot be read or written.
    """
    if not exports:
        return []
    now, looks = clock.now(), await store.looks.all()
    names = {segment for export in exports for segment in export.segments}
    waiting = due([segment for export in exports for segment in export.segments], looks.segments, now)
    if not waiting or (taken := await store.looks.take(looks, now, for_=TAKEN_FOR)) is None:
        return []
    looking = Looking(taken.segments, where.segments, where.rules, clock)
    await looking.at(waiting)
    known = {name: look for name, look in {**taken.segments, **looking.looks}.items() if name in names}
    starting = _Starting(known, store, clock)
    await starting.start([export for export in exports if not looking.looks.keys().isdisjoint(export.segments)])
    for name in {name for export in starting.left.values() for name in export.segments}:
        known[name] = replace(known[name], at=known[name].at - LOOK_EVERY)  # due again
    try:
        await store.looks.write(taken, known)
    except Retryable as error:  # what was started is woken all the same
        logger.warning("The looks for new data are not noted, and are made again: %s", error)
    return starting.wake_ups


class _Starting:
    """Starts exports by the *looks* at their segments; mutable. *left* are the exports that were not reached, by id."""

    def __init__(self, looks: Mapping[str, SegmentLook], store: Store, clock: Clock) -> None:
        self.wake_ups: list[WakeUp] = []
        self.left: dict[str, Export] = {}
        self._looks = looks
        self._store = store
        self._clock = clock
        self._failures = 0

    async def start(self, exports: Sequence[Export]) -> None:
        """Start those of *exports* whose segments are in a state that was not served, as far as the time goes."""
        self.left = {export.id: export for export in exports if self._state(export) is not None}
        try:
            await in_time(START_SECONDS, self._clock, self._all(tuple(self.left.values())), late=TimeoutError)
        except TimeoutError:
            logger.warning("Some exports that wait for new data are left to the next tick, which goes on with them.")

    async def _all(self, exports: Sequence[Export]) -> None:
        await few_at_once(self._one, exports)

    async def _one(self, export: Export) -> None:
        if self._failures >= MOST_FAILURES:
            return
        try:
            wake_up = await self._start(export)
        except ConfigurationError as error:
            logger.warning("The tick passes over export '%s': %s", export.id, error)
            wake_up = None
        except Retryable as error:
            logger.warning("Export '%s' is left to the next tick: %s", export.id, error)
            self._failures += 1
            return
        del self.left[export.id]
        if wake_up is not None:
            self.wake_ups.append(wake_up)

    def _looks_at(self, export: Export) -> dict[str, SegmentLook]:
        return {name: self._looks[name] for name in export.segments if name in self._looks}

    def _state(self, export: Export) -> str | None:
        """Return the state of the segments of *export*, None where a run could not read all of them now."""
        looks = self._looks_at(export)
        is_complete = all(look.is_complete for look in looks.values()) and len(looks) == len({*export.segments})
        return state_of(look.digest for look in looks.values()) if is_complete else None

    async def _start(self, export: Export) -> WakeUp | None:
        state, store = self._state(export), self._store
        served = await store.served.of(export.id)
        if state is None or served.has(state) or await self._is_older_than_the_last(export):
            return None
        if served.begun_at is not None and self._was_there(export, served.begun_at):
            await store.served.serve(export.id, state)
            return None
        wanted = served.wanted if served.wanted and served.wanted.state == state else None
        if wanted is None and (wanted := await self._want(export.id, state, served)) is None:
            return None
        try:
            run = await request_run(Marker(export.id, wanted.run_id, NEW_DATA, self._clock.now()), store)
        except RunActive:
            return None  # the state waits: the run at work may be reading it, or else the next look starts it
        await store.served.serve(export.id, state, run.id)
        return None if run.status.is_ended else run.wake_up

    async def _want(self, export_id: str, state: str, served: Served) -> ServedState | None:
        """Fix the id of the run for *state*; return None when another tick is doing that at the same time."""
        wanted = ServedState(state, new_run_id(self._clock.now(), digest_for_run(export_id, state)))
        return wanted if await self._store.served.want(export_id, wanted, over=served) else None

    async def _is_older_than_the_last(self, export: Export) -> bool:
        """Tell whether a run would not read the state, because the last run has read a newer dated folder."""
        last = await self._store.last_sources.moments(export.id)
        looks = self._looks_at(export)
        return any(name in last and look.moment and look.moment < last[name] for name, look in looks.items())

    def _was_there(self, export: Export, begun_at: datetime) -> bool:
        """Tell whether all of the state was there when the export began to wait."""
        return all(look.written and look.written <= begun_at for look in self._looks_at(export).values())
