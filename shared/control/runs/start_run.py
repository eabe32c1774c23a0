"""Starts runs for people: no run beside an active one, and one run for all requests under one idempotency key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.domain.control_errors import RunActive
from shared.domain.errors import Damaged
from shared.domain.runs.run import Run
from shared.domain.sentences import say
from shared.pipeline.reading.few_at_once import few_at_once
from shared.ports import Clock
from shared.store.audit_trail import Author
from shared.store.idempotency import ALL_EXPORTS
from shared.store.new_run import make_run
from shared.store.run_markers import Marker
from shared.store.store import Store

MAX_WAITING = 10
"""So many runs of one export may wait behind the active one; more would only export the same rows again."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What somebody asks for.

    *limit* is the number of rows of a run that only tries some. *may_queue* lets the run wait behind an active run.
    *key* is the caller's idempotency key. Two requests under one key must have the same *body*.
    """

    by: Author
    limit: int | None = None
    may_queue: bool = False
    key: str | None = None
    body: bytes = b""


Check = Callable[[], None]
"""Raises when a new run could only fail. A request that is sent again gets its old answer, without this check."""


class RunStarter:
    """Starts the runs that one request asks for; a run that is there already is not noted in the audit trail again."""

    def __init__(self, store: Store, clock: Clock, request: RunRequest) -> None:
        self._store = store
        self._clock = clock
        self._request = request

    async def start(self, export_id: str, run_id: str, *, check: Check) -> Run:
        """Start the run *run_id*, or find the run of an earlier request under the same key; return the run.

        Raises `RunActive`, `KeyReused`, `Damaged`, `Retryable`, and for a new run what *check* raises.
        """
        decided = await self._decided_before(export_id)
        if decided is None:
            check()
            await self._check_free(export_id)
            decided = await self._decide(export_id, {"run_id": run_id})
        if "run_id" not in decided:
            text = "What was decided for this Idempotency-Key of export '{export}' is lost; take a new one."
            raise Damaged(say("idempotency_key_damaged", text, export=export_id))
        return await self._make(export_id, decided["run_id"])

    async def start_all(self, run_ids: Mapping[str, str]) -> tuple[list[Run], dict[str, RunActive | Damaged]]:
        """Start a run of each export in *run_ids* (export id → run id); return the runs, and why others did not start.

        `Damaged` means that nobody knows whether a run of the export is active.

        Raises `KeyReused`, `Damaged` for what was decided under the key, `Retryable`.
        """
        decided = await self._decided_before(ALL_EXPORTS)
        if decided is None:
            decided = await self._decide(ALL_EXPORTS, run_ids)

        async def start(export_id: str) -> Run | RunActive | Damaged:
            try:
                if await self._store.runs.get(export_id, decided[export_id]) is None:
                    await self._check_free(export_id)
                return await self._make(export_id, decided[export_id])
            except (RunActive, Damaged) as error:
                return error

        results = dict(zip(decided, await few_at_once(start, decided), strict=True))
        in_the_way = {export_id: each for export_id, each in results.items() if not isinstance(each, Run)}
        return [each for each in results.values() if isinstance(each, Run)], in_the_way

    async def _decided_before(self, scope: str) -> Mapping[str, str] | None:
        key = self._request.key
        return await self._store.idempotency_keys.find(scope, key, self._request.body) if key else None

    async def _decide(self, scope: str, decided: Mapping[str, str]) -> Mapping[str, str]:
        key, keys = self._request.key, self._store.idempotency_keys
        return await keys.claim(scope, key, self._request.body, decided, self._clock.now()) if key else decided

    async def _check_free(self, export_id: str) -> None:
        active = await self._store.markers.unended(export_id)
        if not active:
            return
        if not self._request.may_queue:
            text = (
                "Run '{run}' of export '{export}' has not ended yet: wait for it, cancel it, or let the new one wait "
                "behind it with ?queue=true."
            )
            raise RunActive(say("run_active", text, run=active[0].id, export=export_id), active[0])
        if len(active) > MAX_WAITING:
            text = (
                "{waiting} runs of export '{export}' wait behind the active one already: "
                "cancel one of them, or ask again later."
            )
            raise RunActive(say("too_many_waiting", text, waiting=len(active) - 1, export=export_id), active[0])

    async def _make(self, export_id: str, run_id: str) -> Run:
        if (run := await self._store.runs.get(export_id, run_id)) is not None:
            return run
        request, subject = self._request, f"exports/{export_id}/runs/{run_id}"
        after = {"trigger": "http", "limit": request.limit}
        await self._store.audit.note(request.by, "run.started", subject, after=after)
        marker = Marker(
            export_id, run_id, "http", self._clock.now(), requested_by=request.by.label, limit=request.limit
        )
        return (await make_run(marker, self._store)).new_run()
