"""The gates: one document for each export, through which every request for a run goes.

A gate lists the requests of an export that have not ended, in order: one at work, and at most ten that wait.
The place in this list decides which run goes first. No clock and no memory of a process decides that.
Each change is written over the version that was read, so of many requests at once each has its own place.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.config.stored_documents import damage_at, read_stored, stored
from shared.domain.control_errors import RunActive
from shared.domain.errors import ConfigurationError, Conflict, Damaged, Unavailable
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.ports import Documents, write_over
from shared.store.paths import MARKERS, export_of_gate, gate_path, is_gate, marker_path
from shared.store.run_markers import Marker, Markers
from shared.store.runs import Runs

logger = logging.getLogger(__name__)

MAX_WAITING = 10
"""So many runs of one export may wait behind the one at work; more would only export the same rows again."""
TRIES = 100
"""How often a change is tried when others change the gate at the same time; each lost try is a change by somebody."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The requests of one export that have not ended, in order."""

    requests: tuple[Marker, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the document of the gate."""
        return {"schema": 1, **stored(self)}


@dataclass(frozen=True, slots=True)
class Unended:
    """The requests that have not ended: those that have a marker, and those that were *cut_off* before they got one."""

    marked: list[Marker]
    cut_off: list[Marker]


class Gates:
    """The gate of each export.

    Every method raises `Unavailable` when the storage does not answer, and `Damaged` for a damaged gate.
    A request without a place, as a release before the gates left it, is given one as soon as somebody looks.
    """

    def __init__(self, documents: Documents, runs: Runs, markers: Markers) -> None:
        self._documents = documents
        self._runs = runs
        self._markers = markers

    async def check_free(self, export_id: str, *, may_wait: bool) -> None:
        """Raise `RunActive` when the gate would let no new request in; `Damaged` as `enter` does."""
        marked = await self._markers.oldest_first(export_id)
        requests, _ = await self._read(gate_path(export_id))
        await self._before_a_new_one(await self._with_strays(requests, marked), may_wait=may_wait)

    async def enter(self, request: Marker, *, may_wait: bool) -> None:
        """Give *request* the last place, unless it has a place already.

        Raises `RunActive` when another run is at work and *request* may not wait, or when ten wait already.
        Raises `Damaged` when the document of the run at work is damaged, so that nobody knows whether it has ended.
        """
        marked = await self._markers.oldest_first(request.export_id)

        async def let_in(requests: list[Marker]) -> list[Marker]:
            if _has(requests, request.run_id):
                return requests
            others = [each for each in await self._with_strays(requests, marked) if each.run_id != request.run_id]
            return [*await self._before_a_new_one(others, may_wait=may_wait), request]

        await self._change(request.export_id, let_in)

    async def waits_for(self, run: Run) -> Run | None:
        """Return the run that *run* must wait for: one before it has not ended, or one behind it has begun.

        Raises `Damaged` where the document of such a run is damaged.
        """
        requests = await self._with(run)
        is_before = True
        for request in requests:
            if request.run_id == run.id:
                is_before = False
                continue
            other = await self._runs.get(run.export_id, request.run_id) or request.new_run()
            if not other.status.is_ended and (is_before or other.status is not RunStatus.QUEUED):
                return other
        return None

    async def leave(self, left: WakeUp) -> WakeUp | None:
        """Take the request of the run *left* out; return the wake-up of the first run that is left of its export."""

        async def without(requests: list[Marker]) -> list[Marker]:
            return [each for each in requests if each.run_id != left.run_id]

        others = await self._change(left.export_id, without)
        if not others:
            others = await without(await self._markers.oldest_first(left.export_id))
        return others[0].wake_up if others else None

    async def requests(self, export_id: str) -> list[Marker]:
        """Return the requests of the export, in order; a run that has just ended may still be among them.

        A damaged gate is passed over, because the markers tell of the same requests.
        """
        requests = await self.placed(export_id)
        marked = await self._markers.oldest_first(export_id)
        return [*requests, *(each for each in marked if not _has(requests, each.run_id))]

    async def placed(self, export_id: str) -> list[Marker]:
        """Return the requests that have a place at the gate, in order, with one read; a damaged gate is passed over."""
        return await self._read_or_pass_over(gate_path(export_id))

    async def exports(self) -> frozenset[str]:
        """Return the ids of the exports that have a gate, with one list; runs of all others have ended."""
        names = [name async for name in self._documents.names(MARKERS)]
        return frozenset(export_of_gate(name) for name in names if is_gate(name))

    async def unended(self) -> Unended:
        """Return the requests of all exports, oldest first; a damaged gate or marker is passed over."""
        names = [name async for name in self._documents.names(MARKERS)]
        cut_off = []
        for path in filter(is_gate, names):
            requests = await self._read_or_pass_over(path)
            cut_off += [each for each in requests if marker_path(each.export_id, each.run_id) not in names]
        return Unended(await self._markers.read([name for name in names if not is_gate(name)]), cut_off)

    async def _before_a_new_one(self, requests: Sequence[Marker], *, may_wait: bool) -> list[Marker]:
        """Return the requests that a new one would have before it; raises `RunActive` when there is no place for it.

        Requests that have ended are left out where that must be known: at the front, and in a full gate everywhere.
        """
        before = list(requests)
        while before and await self._has_ended(before[0]):
            before.pop(0)
        if before and not may_wait:
            raise _is_at_work(before[0])
        if len(before) > MAX_WAITING:
            before = [before[0], *[each for each in before[1:] if not await self._has_ended(each)]]
        if len(before) > MAX_WAITING:
            raise _is_full(before)
        return before

    async def _with(self, run: Run) -> list[Marker]:
        """Return the requests of the export of *run*, among which *run* has a place."""
        requests, _ = await self._read(gate_path(run.export_id))
        if _has(requests, run.id):
            return requests
        marked = await self._markers.oldest_first(run.export_id)

        async def with_strays(requests: list[Marker]) -> list[Marker]:
            known = await self._with_strays(requests, marked)
            return known if _has(known, run.id) else [*known, Marker.of(run)]

        return await self._change(run.export_id, with_strays)

    async def _with_strays(self, requests: list[Marker], marked: Sequence[Marker]) -> list[Marker]:
        """Return *requests*, and behind them those of *marked* that have no place although they have not ended."""
        strays = [each for each in marked if not _has(requests, each.run_id) and not await self._has_ended(each)]
        return [*requests, *strays]

    async def _has_ended(self, request: Marker) -> bool:
        """Tell whether the run of *request* has ended; one whose document is yet to be made has not."""
        run = await self._runs.get(request.export_id, request.run_id)
        return run is not None and run.status.is_ended

    async def _change(self, export_id: str, change: Callable[[list[Marker]], Awaitable[list[Marker]]]) -> list[Marker]:
        """Apply *change* to the requests at a gate, over the version that *change* was given; return the requests."""
        path = gate_path(export_id)
        for _ in range(TRIES):
            before, etag = await self._read(path)
            after = await change(before)
            if after == before or await self._write(path, after, etag):
                return after
        text = "Many requests for runs of export '{export}' come at the same time; try again."
        raise Unavailable(say("gate_busy", text, export=export_id))

    async def _read(self, path: str) -> tuple[list[Marker], str | None]:
        document = await self._documents.get(path)
        if document is None:
            return [], None
        with damage_at(path):
            requests = list(read_stored(Gate, document.value).requests)
            if any(gate_path(each.export_id) != path for each in requests):
                raise Damaged("it has requests of another export")
            return requests, document.etag

    async def _read_or_pass_over(self, path: str) -> list[Marker]:
        try:
            requests, _ = await self._read(path)
        except ConfigurationError as error:
            logger.warning("A gate is passed over: %s", error)
            return []
        return requests

    async def _write(self, path: str, requests: list[Marker], etag: str | None) -> bool:
        """Write *requests* over the version *etag*; return False when somebody else was faster."""
        if requests or etag is None:
            return await write_over(self._documents, path, Gate(tuple(requests)).document(), etag)
        try:
            await self._documents.delete(path, etag=etag)
        except Conflict:
            return False
        return True


def _has(requests: Sequence[Marker], run_id: str) -> bool:
    return any(each.run_id == run_id for each in requests)


def _is_at_work(request: Marker) -> RunActive:
    text = (
        "Run '{run}' of export '{export}' has not ended yet: wait for it, cancel it, or let the new one wait "
        "behind it with ?queue=true."
    )
    return RunActive(say("run_active", text, run=request.run_id, export=request.export_id), request.run_id)


def _is_full(requests: Sequence[Marker]) -> RunActive:
    first, waiting = requests[0], len(requests) - 1
    text = (
        "Run '{run}' of export '{export}' has not ended, and {waiting} runs wait behind it already: "
        "cancel one of them, or ask again later."
    )
    return RunActive(
        say("too_many_waiting", text, run=first.run_id, waiting=waiting, export=first.export_id), first.run_id
    )
