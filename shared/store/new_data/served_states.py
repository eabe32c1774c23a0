"""Which states each export was served, so that no state starts a run twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import damage_at, read_stored, stored
from shared.domain.errors import Unavailable
from shared.domain.sentences import say
from shared.ports import Documents, write_over
from shared.store.paths import served_path

KEPT = 50
"""So many states of an export are remembered: one of them may come back when another one is deleted."""
TRIES = 100
"""How often a change is tried when others change the document at the same time; a lost try is a change by somebody."""


@dataclass(frozen=True, slots=True)
class ServedState:
    """A state, and the run that serves it; *run_id* is empty for one that was there before the export began to wait."""

    state: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """The states that an export was served, the oldest first.

    *wanted* is the state whose run is about to be made: the id is fixed before the run is, so nobody makes another one.
    *begun_at* is when the export began to wait for new data, until somebody has looked what was there at that time.
    """

    states: tuple[ServedState, ...] = ()
    wanted: ServedState | None = None
    begun_at: Moment | None = None
    etag: str | None = field(default=None, compare=False)

    def has(self, state: str) -> bool:
        """Tell whether *state* was served."""
        return any(each.state == state for each in self.states)

    def with_state(self, state: str, run_id: str = "") -> "Served":
        """Return the states with *state*; the first run that has served it stays its run."""
        wanted = None if self.wanted and self.wanted.state == state else self.wanted
        states = self.states if self.has(state) else (*self.states, ServedState(state, run_id))[-KEPT:]
        return replace(self, states=states, wanted=wanted, begun_at=None)

    def document(self) -> dict[str, Any]:
        """Return ``served/{export}.json``."""
        return {"schema": 1, **{name: value for name, value in stored(self).items() if name != "etag"}}


class ServedStates:
    """The document of each export; every method raises `Unavailable`, and `Damaged` for a damaged document.

    Each change is written only over the version that was read.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def of(self, export_id: str) -> Served:
        """Return what the export was served."""
        path = served_path(export_id)
        document = await self._documents.get(path)
        if document is None:
            return Served()
        with damage_at(path):
            return replace(read_stored(Served, document.value), etag=document.etag)

    async def begin(self, export_id: str, at: datetime | None) -> None:
        """Let the export wait for what is new after *at*; with None, what is there is new as well."""
        await self._change(export_id, lambda served: replace(served, begun_at=at, wanted=None))

    async def want(self, export_id: str, wanted: ServedState, *, over: Served) -> bool:
        """Fix the id of the run for a state; return False when somebody else was faster than *over*."""
        return await self._write(export_id, replace(over, wanted=wanted, begun_at=None), over.etag)

    async def serve(self, export_id: str, state: str, run_id: str = "") -> None:
        """Note that *state* is served."""
        await self._change(export_id, lambda served: served.with_state(state, run_id))

    async def take_back(self, export_id: str, run_id: str) -> None:
        """Note that the run *run_id* serves nothing."""

        def without(served: Served) -> Served:
            return replace(served, states=tuple(each for each in served.states if each.run_id != run_id))

        await self._change(export_id, without)

    async def remove(self, export_id: str) -> None:
        """Remove the document, whether it is there or not."""
        await self._documents.delete(served_path(export_id))

    async def _change(self, export_id: str, change: Callable[[Served], Served]) -> None:
        for _ in range(TRIES):
            before = await self.of(export_id)
            after = change(before)
            if after == before or await self._write(export_id, after, before.etag):
                return
        text = "What export '{export}' was served is being changed by many at the same time; try again."
        raise Unavailable(say("served_states_busy", text, export=export_id))

    async def _write(self, export_id: str, served: Served, etag: str | None) -> bool:
        return await write_over(self._documents, served_path(export_id), served.document(), etag)
