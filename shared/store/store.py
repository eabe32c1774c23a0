"""Every document that the app keeps, by what it is about."""

from collections.abc import Callable

from shared.domain.runs.plan import Plan
from shared.ports import Clock, Documents
from shared.store.audit_trail import AuditTrail
from shared.store.configuration import Connections, Exports
from shared.store.history import History
from shared.store.idempotency import IdempotencyKeys
from shared.store.index.index_repair import IndexRepair
from shared.store.known_lists import KnownLists, ListNames
from shared.store.last_sources import LastSources
from shared.store.new_data.looks import SegmentLooks
from shared.store.new_data.served_states import ServedStates
from shared.store.order.account_turns import Turns, lines, turns_of
from shared.store.order.gates import Gates
from shared.store.run_markers import Markers
from shared.store.run_parts import Parts
from shared.store.run_results import Results
from shared.store.runs import Runs
from shared.store.schedule_slots import Slots
from shared.store.ticks.last_tick import LastTick
from shared.store.ticks.recent_ends import RecentEnds


class Store:
    """The documents of the app; *new_id* draws ids for the audit trail."""

    def __init__(self, documents: Documents, clock: Clock, *, new_id: Callable[[], str]) -> None:
        self._documents = documents
        self._clock = clock
        self._new_id = new_id
        self.connections = Connections(documents)
        self.exports = Exports(documents)
        self.runs = Runs(documents)
        self.markers = Markers(documents, self.runs)
        self.gates = Gates(documents, self.runs, self.markers)
        self.parts = Parts(documents)
        self.results = Results(documents)
        self.slots = Slots(documents)
        self.known_lists = KnownLists(documents)
        self.list_names = ListNames(documents)
        self.last_sources = LastSources(documents)
        self.served = ServedStates(documents)
        self.looks = SegmentLooks(documents)
        self.idempotency_keys = IdempotencyKeys(documents)
        self.audit = AuditTrail(documents, clock, new_id)
        self.history = History(documents)
        self.last_tick = LastTick(documents)
        self.recent_ends = RecentEnds(documents)
        self.index_repair = IndexRepair(documents, self.runs.index)

    def through(self, stand_in: Callable[[Documents], Documents]) -> "Store":
        """Return the same store, with a *stand_in* before its documents."""
        return Store(stand_in(self._documents), self._clock, new_id=self._new_id)

    def turns(self, plan: Plan) -> Turns:
        """Return the line of runs that wait for the account of *plan*."""
        return turns_of(plan, self._documents, self.runs)

    async def lines(self) -> list[Turns]:
        """Return the lines before accounts in which somebody stands."""
        return await lines(self._documents, self.runs)

    async def forget_export(self, export_id: str, *, etag: str | None = None) -> None:
        """Remove an export, in version *etag* where one is given, and the notes about it; raises `Conflict`."""
        await self.exports.delete(export_id, etag=etag)
        await self.forget_notes(export_id)

    async def forget_notes(self, export_id: str) -> None:
        """Remove the notes about an export, so that a later export with the same id does not inherit them."""
        await self.slots.remove(export_id)
        await self.known_lists.remove(export_id)
        await self.last_sources.remove(export_id)
        await self.served.remove(export_id)
