"""The newest runs of many exports, found in one walk through the index."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from shared.domain.identifiers import moment_of_run
from shared.store.index.run_index import RunIds

MOST_DAYS = 8
"""The walk goes through the days of a week and one more: one list a day. An export that ran before has its own list."""
MOST_ENTRIES = 20_000
"""The walk goes through so many entries at most: four lists, where each day has many runs."""
_DAY = len("yyyymmdd")


class RecentRuns:
    """The newest runs of each export, as the index tells; mutable.

    The walk through *entries*, newest first, goes no further than to a run of the export that is asked for.
    The next question goes on from there, so all questions together walk once.
    """

    def __init__(self, entries: AsyncIterator[RunIds]) -> None:
        self._entries = entries
        self._days: set[str] = set()
        self._left = MOST_ENTRIES
        self._met: dict[str, list[str]] = defaultdict(list)
        self._one_walks = asyncio.Lock()

    async def of(self, export_id: str) -> Sequence[str]:
        """Return the newest runs of the export that were met so far, newest first; none where the walk met none."""
        async with self._one_walks:
            while export_id not in self._met and self._left and (ids := await anext(self._entries, None)):
                self._note(*ids)
        return self._met.get(export_id, ())

    def _note(self, export_id: str, run_id: str) -> None:
        self._met[export_id].append(run_id)
        self._days.add(moment_of_run(run_id)[:_DAY])
        self._left = self._left - 1 if len(self._days) <= MOST_DAYS else 0
