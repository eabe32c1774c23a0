"""Looks at segments for new data: a few at the same time, for a bounded time, each segment once."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from shared.domain.errors import Fatal, Retryable
from shared.domain.sources.find_source import SourceIncomplete
from shared.domain.sources.new_data.segment_look import (
    SegmentLook,
    not_seen,
    seen,
    seen_nothing_complete,
    seen_problem,
)
from shared.domain.sources.new_data.segment_state import find_state
from shared.domain.sources.source_rules import SourceRules
from shared.pipeline.reading.segment_files import Answers
from shared.ports import Clock, Segments

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
"""So long after a look at a segment the next one is due."""
MOST_FAILURES = 3
"""After so many looks that the storage did not answer, the others are left to the next tick."""


def due(segments: Iterable[str], looks: Mapping[str, SegmentLook], now: datetime) -> list[str]:
    """Return those of *segments* that are to be looked at *now*: new ones first, then those not seen the longest."""
    waiting = [each for each in dict.fromkeys(segments) if each not in looks or looks[each].at + LOOK_EVERY <= now]
    return sorted(waiting, key=lambda each: looks[each].at.timestamp() if each in looks else 0.0)


class Looking:
    """Looks at segments; mutable. *looks* has the looks that came to their end, by the name of the segment."""

    def __init__(self, before: Mapping[str, SegmentLook], segments: Segments, rules: SourceRules, clock: Clock) -> None:
        self.looks: dict[str, SegmentLook] = {}
        self._before = before
        self._rules = rules
        self._clock = clock
        self._answers = Answers(segments)
        self._begun: set[str] = set()
        self._failures = 0

    def seen(self) -> dict[str, SegmentLook]:
        """Return what was seen of each segment; segments that were not reached are left out.

        A look that has not come to its end counts as one that failed, and the segment waits for its next turn, so that
        it does not keep others from theirs for ever.
        """
        now = self._clock.now()
        return self.looks | {name: not_seen(self._before.get(name), now) for name in self._begun - self.looks.keys()}

    async def at(self, segment: str) -> None:
        """Look at *segment*."""
        if self._failures >= MOST_FAILURES:
            return
        self._begun.add(segment)
        before, now = self._before.get(segment), self._clock.now()
        try:
            state = await self._answers.to(find_state(segment, self._rules))
        except SourceIncomplete as error:
            self.looks[segment] = seen_nothing_complete(before, error.sentence, now)
        except Fatal as error:
            self.looks[segment] = seen_problem(error.public, now)
        except Retryable as error:
            logger.warning("A look for new data is left to a later tick: %s", error)
            self._failures += 1
        else:
            self.looks[segment] = seen(before, state, now, self._rules.quiet)
