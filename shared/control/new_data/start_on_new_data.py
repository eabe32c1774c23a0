"""Starts the exports that wait for new data, once for each state of their segments."""

import logging
from collections import ChainMap, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.control.new_data.look_at_segments import LOOK_EVERY, Looking, due
from shared.control.new_data.starter import Starter
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Retryable
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sources.new_data.segment_look import SegmentLook
from shared.domain.sources.source_rules import SourceRules
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.watching.time_limit import in_time
from shared.ports import Clock, Segments
from shared.store.new_data.looks import Looks
from shared.store.store import Store

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=1)
"""So long a tick has the right to look; a tick that dies meanwhile keeps the others from looking no longer."""
LOOK_SECONDS = 20.0
"""So long the looks and starts of one tick may take. What is left is first in line with the next tick."""
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
    waiting = due((segment for export in exports for segment in export.segments), looks.segments, now)
    if not waiting or (taken := await store.looks.take(looks, now, for_=TAKEN_FOR)) is None:
        return []
    looking = _Round(exports, waiting, taken, where, store, clock)
    try:
        await in_time(LOOK_SECONDS, clock, few_at_once(looking.look, waiting), late=TimeoutError)
    except TimeoutError:
        logger.warning("The looks for new data took too long; what is left comes with the next tick.")
    try:
        await store.looks.write(taken, looking.result())
    except Retryable as error:  # what was started is woken all the same
        logger.warning("The looks for new data are not noted, and are made again: %s", error)
    return looking.wake_ups


class _Round:
    """The looks and the starts of one tick; mutable."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with, each by name
        self,
        exports: Sequence[Export],
        waiting: Sequence[str],
        taken: Looks,
        where: NewData,
        store: Store,
        clock: Clock,
    ) -> None:
        self.wake_ups: list[WakeUp] = []
        self._before = taken.segments
        self._looking = Looking(taken.segments, where.segments, where.rules, clock)
        self._starter = Starter(ChainMap(self._looking.looks, dict(taken.segments)), store, clock)
        to_see = {*waiting}
        self._unseen = {export.id: to_see & {*export.segments} for export in exports}
        """The segments of each export that are still to be looked at."""
        self._exports: dict[str, list[Export]] = defaultdict(list)
        for export in exports:
            for segment in dict.fromkeys(export.segments):
                self._exports[segment].append(export)
        self._done: set[str] = set()
        self._failures = 0

    async def look(self, segment: str) -> None:
        """Look at *segment*, and start the exports all of whose segments have been looked at."""
        await self._looking.at(segment)
        if segment not in self._looking.looks:
            return
        ready = []
        for export in self._exports[segment]:
            self._unseen[export.id].discard(segment)
            if not self._unseen[export.id]:
                ready.append(export)
        await few_at_once(self._start, ready)

    def result(self) -> Mapping[str, SegmentLook]:
        """Return the looks at all segments for which exports wait.

        The segments of an export that could be started and was not reached are due again.
        """
        seen = self._looking.seen()
        known = {name: look for name, look in {**self._before, **seen}.items() if name in self._exports}
        for name in seen.keys() & self._exports.keys():
            if any(export.id not in self._done and self._starter.state(export) for export in self._exports[name]):
                known[name] = replace(known[name], at=known[name].at - LOOK_EVERY)
        return known

    async def _start(self, export: Export) -> None:
        if self._failures >= MOST_FAILURES:
            return
        try:
            if (wake_up := await self._starter.start(export)) is not None:
                self.wake_ups.append(wake_up)
        except ConfigurationError as error:
            logger.warning("The tick passes over export '%s': %s", export.id, error)
        except Retryable as error:
            logger.warning("Export '%s' is left to the next tick: %s", export.id, error)
            self._failures += 1
            return
        self._done.add(export.id)
