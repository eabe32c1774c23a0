"""Starts one export on new data: the run of a state has one id, whoever makes it, and however often."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.config.export import Export
from shared.domain.config.schedule import NEW_DATA
from shared.domain.control_errors import RunActive
from shared.domain.identifiers import new_run_id
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sources.new_data.digests import digest_for_run, state_of
from shared.domain.sources.new_data.segment_look import SegmentLook
from shared.ports import Clock
from shared.store.new_data.served_states import Served, ServedState
from shared.store.new_run import request_run
from shared.store.run_markers import Marker
from shared.store.store import Store


class Starter:
    """Starts exports by the *looks* at their segments."""

    def __init__(self, looks: Mapping[str, SegmentLook], store: Store, clock: Clock) -> None:
        self._looks = looks
        self._store = store
        self._clock = clock

    def state(self, export: Export) -> str | None:
        """Return the state of the segments of *export*, None where a run could not read all of them now."""
        looks = self._looks_at(export)
        is_complete = all(look.is_complete for look in looks.values()) and len(looks) == len({*export.segments})
        return state_of(look.digest for look in looks.values()) if is_complete else None

    async def start(self, export: Export) -> WakeUp | None:
        """Make the run of the state of *export*, unless that was served; return its wake-up.

        Raises `ConfigurationError` for a damaged document of the export, `Retryable`.
        """
        state, store = self.state(export), self._store
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

    def _looks_at(self, export: Export) -> dict[str, SegmentLook]:
        return {name: self._looks[name] for name in export.segments if name in self._looks}
