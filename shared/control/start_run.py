"""Requests a run for somebody who presses a button: none beside one that is active, none twice under one key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from shared.domain.errors import Damaged, ExportError
from shared.domain.runs.run import Run
from shared.ports import Clock
from shared.store.idempotency import ALL, IdempotencyKeys
from shared.store.new_run import start_run
from shared.store.runs import Marker, Runs

MAX_WAITING = 10
"""So many runs of one export may stand in line; more of them would only export the same rows again."""
AT_ONCE = 8


class RunActive(ExportError):
    """A run of the export has not ended yet."""

    reason = "run_active"

    def __init__(self, message: str, run: Run) -> None:
        super().__init__(message)
        self.run = run


class Unreadable(RunActive):
    """What is stored of the export's runs is damaged, so nobody knows whether one of them is active."""

    reason = "document_damaged"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: *limit* tries the first rows only, *may_queue* lets the run wait for an active one.

    *key* is the caller's own name for this request, and *request* all that belongs to it.
    """

    by: str
    limit: int | None = None
    may_queue: bool = False
    key: str | None = None
    request: bytes = b""


Note = Callable[[str, str], Awaitable[None]]
"""Tells the audit trail which run (export id, run id) is about to be started."""


Check = Callable[[], None]
"""Raises when a new run could only fail; a request that is sent again has its old answer all the same."""


class RunDesk:
    """Where runs are requested; a run that is there already, as of a request that is sent again, is not noted again."""

    def __init__(self, runs: Runs, clock: Clock, note: Note) -> None:
        self._runs = runs
        self._clock = clock
        self._note = note
        self._keys = IdempotencyKeys(runs.documents, clock)

    async def request_run(self, export_id: str, run_id: str, wish: Wish, *, check: Check) -> Run:
        """Request the run *run_id*, or find the one that was requested under the same key; returns it as it stands.

        Raises `RunActive`, `KeyReused`, `Retryable`, and what *check* raises where a new run is asked for.
        """
        decided = await self._keys.find(export_id, wish.key, wish.request) if wish.key else None
        if decided is None:
            check()
            await self._check_free(export_id, wish)
            decided = {"run_id": run_id}
            if wish.key:
                decided = await self._keys.claim(export_id, wish.key, wish.request, decided)
        if "run_id" not in decided:
            raise Damaged(f"What was decided for this Idempotency-Key of export '{export_id}' is lost; take a new one.")
        return await self._start(export_id, decided["run_id"], wish)

    async def request_all(self, run_ids: Mapping[str, str], wish: Wish) -> tuple[list[Run], list[RunActive]]:
        """Request a run for each export in *run_ids*; returns them, and the active runs that were in the way."""
        decided = await self._keys.find(ALL, wish.key, wish.request) if wish.key else None
        if decided is None:
            decided = dict(run_ids)
            if wish.key:
                decided = await self._keys.claim(ALL, wish.key, wish.request, decided)
        gate = asyncio.Semaphore(AT_ONCE)

        async def request(export_id: str, run_id: str) -> Run | RunActive:
            async with gate:
                try:
                    if await self._runs.get(export_id, run_id) is None:
                        await self._check_free(export_id, wish)
                    return await self._start(export_id, run_id, wish)
                except RunActive as error:
                    return error
                except Damaged as error:
                    return Unreadable(str(error), Run(run_id, export_id, "http", self._clock.now()))

        found = await asyncio.gather(*(request(export_id, run_id) for export_id, run_id in decided.items()))
        started = [each for each in found if isinstance(each, Run)]
        return started, [each for each in found if isinstance(each, RunActive)]

    async def _check_free(self, export_id: str, wish: Wish) -> None:
        active = await self._runs.unended(export_id)
        if not active:
            return
        if not wish.may_queue:
            raise RunActive(
                f"Run '{active[0].id}' of export '{export_id}' has not ended yet: wait for it, cancel it, or let the "
                "new one wait behind it with ?queue=true.",
                active[0],
            )
        if len(active) > MAX_WAITING:
            raise RunActive(
                f"{len(active) - 1} runs of export '{export_id}' wait behind the active one already: "
                "cancel one of them, or ask again later.",
                active[0],
            )

    async def _start(self, export_id: str, run_id: str, wish: Wish) -> Run:
        if (run := await self._runs.get(export_id, run_id)) is not None:
            return run
        await self._note(export_id, run_id)
        marker = Marker(export_id, run_id, "http", self._clock.now(), requested_by=wish.by, limit=wish.limit)
        return (await start_run(marker, self._runs)).new_run()
