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
from shared.store.idempotency import ALL_EXPORTS, KeyNote, Refusal
from shared.store.new_run import make_run, request_run
from shared.store.run_markers import Marker
from shared.store.store import Store


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
    """Starts the runs that one request asks for; a run that is there already is not noted in the audit trail again.

    Each run goes through the gate of its export (`Gates`), so of many requests at once only one starts a run.
    """

    def __init__(self, store: Store, clock: Clock, request: RunRequest) -> None:
        self._store = store
        self._clock = clock
        self._request = request

    async def start(self, export_id: str, run_id: str, *, check: Check) -> Run:
        """Start the run *run_id*, or find the run of an earlier request under the same key; return the run.

        Raises `RunActive`, `KeyReused`, `Damaged`, `Retryable`, and for a new run what *check* raises.
        """
        note = await self._found(export_id)
        if note is None:
            check()
            note = await self._decide(export_id, {"run_id": run_id})
        if "run_id" not in note.decided:
            text = "What was decided for this Idempotency-Key of export '{export}' is lost; take a new one."
            raise Damaged(say("idempotency_key_damaged", text, export=export_id))
        request = self._requested(export_id, note.decided["run_id"])
        return await request_run(request, self._store, by=self._request.by, may_wait=self._request.may_queue)

    async def start_all(self, run_ids: Mapping[str, str]) -> tuple[list[Run], dict[str, RunActive | Damaged]]:
        """Start a run of each export in *run_ids* (export id → run id); return the runs, and why others did not start.

        `Damaged` means that nobody knows whether a run of the export is active. Under an idempotency key, the first
        request decides which runs start: each request that is sent again names the same ones.

        Raises `KeyReused`, `Damaged` for what was decided under the key, `Retryable`.
        """
        note = await self._found(ALL_EXPORTS) or await self._decide(ALL_EXPORTS, run_ids)
        refused = note.refused
        if refused is None:
            refused = await self._conclude(note, await self._let_in(note.decided))

        async def make(export_id: str) -> Run:
            request = self._requested(export_id, note.decided[export_id])
            run = await self._store.runs.get(export_id, request.run_id)
            return run or await make_run(request, self._store, by=self._request.by)

        runs = await few_at_once(make, [export_id for export_id in note.decided if export_id not in refused])
        return runs, {export_id: each.error() for export_id, each in refused.items()}

    async def _let_in(self, decided: Mapping[str, str]) -> dict[str, Refusal]:
        """Let the runs through the gates of their exports; return why others were refused."""

        async def let_in(export_id: str) -> Refusal | None:
            request = self._requested(export_id, decided[export_id])
            try:
                if await self._store.runs.get(export_id, request.run_id) is None:
                    await self._store.gates.enter(request, may_wait=self._request.may_queue)
            except (RunActive, Damaged) as error:
                return Refusal.of(error)
            return None

        answers = zip(decided, await few_at_once(let_in, decided), strict=True)
        return {export_id: refusal for export_id, refusal in answers if refusal}

    async def _conclude(self, note: KeyNote, refused: dict[str, Refusal]) -> Mapping[str, Refusal]:
        """Write down who was *refused*, unless an equal request was first; return who is refused now.

        A run that the equal request did not let in gives its place back.
        """
        if not (key := self._request.key):
            return refused
        decided = await self._store.idempotency_keys.conclude(ALL_EXPORTS, key, self._request.body, refused)
        for export_id in decided.keys() - refused.keys():
            await self._store.gates.leave(self._requested(export_id, note.decided[export_id]).wake_up)
        return decided

    async def _found(self, scope: str) -> KeyNote | None:
        key = self._request.key
        return await self._store.idempotency_keys.find(scope, key, self._request.body) if key else None

    async def _decide(self, scope: str, decided: Mapping[str, str]) -> KeyNote:
        key, keys = self._request.key, self._store.idempotency_keys
        if not key:
            return KeyNote("", decided)
        if scope != ALL_EXPORTS:  # else the key would stand for a run that may not start
            try:
                await self._store.gates.check_free(scope, may_wait=self._request.may_queue)
            except RunActive:
                if (note := await self._found(scope)) is None:
                    raise
                return note  # an equal request was faster, and its run is the one in the way
        return await keys.claim(scope, key, self._request.body, decided, self._clock.now())

    def _requested(self, export_id: str, run_id: str) -> Marker:
        by, limit = self._request.by.label, self._request.limit
        return Marker(export_id, run_id, "http", self._clock.now(), requested_by=by, limit=limit)
