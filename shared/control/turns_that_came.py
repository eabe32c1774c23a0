"""Finds runs that wait for others and whose turn has come, although nobody has woken them.

The leg that lets go of an account wakes the next run in line, and a run that ends wakes the next one of its export.
Such a wake-up is lost where the process dies before it is sent, or where the storage does not answer at that moment.
"""

from collections.abc import Sequence

from shared.domain.runs.progress import ACCOUNT_BUSY, PREVIOUS_RUN_ACTIVE
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.ports import Leases
from shared.store.paths import run_lease
from shared.store.store import Store

HAVE_TURNS = (ACCOUNT_BUSY, PREVIOUS_RUN_ACTIVE)
"""The reasons for which a run waits for its turn."""


class TurnsThatCame:
    """The turns of the runs that wait, as one tick finds them; mutable.

    Whoever is first in the line before a free account has its turn; the lines are looked at once.
    """

    def __init__(self, store: Store, leases: Leases) -> None:
        self._store = store
        self._leases = leases
        self._first: set[WakeUp] | None = None

    async def has_come(self, run: Run, active: Sequence[Run]) -> bool:
        """Tell whether nobody is before *run* any more, and no leg has it; *active* are the runs that have not ended.

        Raises `Retryable`, and `Damaged` where nobody knows whether the run before it has ended.
        """
        if run.waiting is None or not await self._is_next(run, run.waiting.reason, active):
            return False
        return await self._leases.is_free(run_lease(run.export_id, run.id))

    async def _is_next(self, run: Run, reason: str, active: Sequence[Run]) -> bool:
        if reason == ACCOUNT_BUSY:
            if self._first is None:
                self._first = await self._first_in_line()
            return run.wake_up in self._first
        is_older = any(each.export_id == run.export_id and each.created_at < run.created_at for each in active)
        return not is_older and await self._store.gates.waits_for(run) is None

    async def _first_in_line(self) -> set[WakeUp]:
        first = set[WakeUp]()
        for line in await self._store.lines():
            if await self._leases.is_free(line.lease_name) and (wake_up := await line.first()) is not None:
                first.add(wake_up)
        return first
