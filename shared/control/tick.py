"""The timer's half-minute: starts the exports that are due, and wakes the runs whose time has come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.control.missed_slots import MOST_COUNTED, record_missed_slots
from shared.control.new_data.start_on_new_data import NewData, start_on_new_data
from shared.control.poison import report_poison
from shared.control.report_tick import report_tick
from shared.control.tell_ends import tell_ends_again
from shared.control.turns_that_came import HAVE_TURNS, TurnsThatCame
from shared.domain.config.export import Export
from shared.domain.config.schedule import Schedule, slot_run_id
from shared.domain.control_errors import RunActive
from shared.domain.errors import ConfigurationError, Conflict, ExportError
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.ports import Clock, EventListener, Leases
from shared.ports.poison import PoisonQueue
from shared.store.new_run import BEHIND_ANOTHER, make_run, request_run, skip_run, write_run
from shared.store.order.gates import Unended
from shared.store.paths import run_lease
from shared.store.run_markers import Marker
from shared.store.store import Store

logger = logging.getLogger(__name__)

ON_ITS_WAY = timedelta(seconds=45)
"""So long a wake-up may take to start a leg: the queue is looked into every 15 seconds. Then the run is woken again."""
MAX_FAILURES = 3
"""After so many calls that storage did not answer, the tick sends what it has and leaves the rest to the next tick."""
CLEARING_SECONDS = 20.0
"""How long the messages of a tick wait at most while old runs are cleared away."""


@dataclass(frozen=True, slots=True)
class TickSettings:
    """How the timer decides.

    A slot that was missed is served up to *max_lateness* later. *refresh* is the schedule of the app, which exports
    may follow. Runs are cleared away when they ended longer than *keep* ago; None keeps them.
    """

    max_lateness: timedelta
    refresh: Schedule | None = None
    keep: timedelta | None = None


async def tick(  # noqa: PLR0913 - what a tick looks at, each by name
    store: Store,
    leases: Leases,
    clock: Clock,
    events: EventListener,
    settings: TickSettings,
    *,
    poison: PoisonQueue | None = None,
    new_data: NewData | None = None,
) -> list[WakeUp]:
    """Return the messages to send now; the tick may run twice at the same time without harm.

    Without *poison* nobody looks into the poison queue, and without *new_data* nobody looks for new data.
    """
    wake_ups = await _Tick(store, leases, clock, events, settings, new_data).run()
    if poison is not None:
        await report_poison(poison, events, clock)
    return wake_ups


class _Tick:
    """One tick; mutable. *active* are the runs that have not ended, *in_turn* those that wait for their turn."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a tick looks at, each by name
        self,
        store: Store,
        leases: Leases,
        clock: Clock,
        events: EventListener,
        settings: TickSettings,
        new_data: NewData | None,
    ) -> None:
        self._store = store
        self._leases = leases
        self._clock = clock
        self._events = events
        self._settings = settings
        self._new_data = new_data
        self._waiting_for_data = list[Export]()
        self._active: list[Run] = []
        self._in_turn: list[tuple[Run, Marker]] = []
        self._turns = TurnsThatCame(store, leases)
        self._wake_ups: dict[WakeUp, None] = {}
        self._failures: list[ExportError] = []

    async def run(self) -> list[WakeUp]:
        for export_id in await self._store.exports.ids():
            await self._gather(partial(self._start_if_due, export_id), f"export '{export_id}'")
        unended = Unended([], [])
        with self._noting_failure():
            unended = await self._store.gates.unended()
        for request in unended.cut_off:
            await self._gather(partial(self._complete, request), f"run '{request.run_id}'")
        for marker in unended.marked:
            await self._gather(partial(self._wake_if_due, marker), f"run '{marker.run_id}'")
        for run, marker in self._in_turn:
            await self._gather(partial(self._wake_in_turn, run, marker), f"run '{run.id}'")
        await self._gather(self._look_for_new_data, "the exports that wait for new data")
        with self._noting_failure():
            await tell_ends_again(self._store, self._events, self._clock.now())
        if self._failures and not self._wake_ups:
            raise self._failures[0]
        await self._tend_history()
        with self._noting_failure():
            await self._store.last_tick.note(self._clock.now())
        report_tick(self._active, len(self._wake_ups), self._events, self._clock.now())
        return list(self._wake_ups)

    async def _gather(self, work: Callable[[], Awaitable[WakeUp | None]], what: str) -> None:
        """Do *work*, and keep the wake-up that it returns for the end of the tick.

        A broken document is logged and does not stop the others. Nor does a storage that does not answer: what was
        gathered is sent. After `MAX_FAILURES` of them, the rest is left to the next tick.
        """
        if len(self._failures) >= MAX_FAILURES:
            return
        try:
            with self._noting_failure():
                if (wake_up := await work()) is not None:
                    self._wake_ups[wake_up] = None
        except ConfigurationError as error:
            logger.warning("The tick passes over %s: %s", what, error)
        except Exception:
            logger.exception("The tick passes over %s; look at its documents.", what)

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """Note that the storage did not answer in this block."""
        try:
            yield
        except ConfigurationError:
            raise
        except ExportError as error:
            logger.warning("A part of the tick is left to the next one: %s", error)
            self._failures.append(error)

    async def _start_if_due(self, export_id: str) -> WakeUp | None:
        """Make the run of the latest slot that is due and not served; return its wake-up."""
        export = await self._store.exports.get(export_id)
        if export is None:
            return None
        if export.id != export_id:
            text = "The id in the document of export '{export}' is '{found}'; an export lies under its own id."
            raise ConfigurationError(say("export_of_another_id", text, export=export_id, found=export.id))
        if export.waits_for_data:
            self._waiting_for_data.append(export)
        schedule = export.timetable(self._settings.refresh)
        if schedule is None:
            await self._store.slots.forget(export_id)
            return None
        now = self._clock.now()
        served = await self._store.slots.served(export_id, schedule, now)
        slot = schedule.latest_slot(served.slot, now) if served else None
        if served is None or slot is None:
            return None
        wake_up = await self._start(export_id, slot)
        try:
            await self._store.slots.serve(export_id, schedule, slot, over=served)
        except Conflict:
            logger.info("Another tick served the slot of export %s.", export_id)
            return wake_up
        missed = schedule.slots_between(served.slot, slot, most=MOST_COUNTED)
        if wake_up is None and slot < now - self._settings.max_lateness:
            missed.append(slot)
        with self._noting_failure():
            await record_missed_slots(export_id, missed, self._store, self._events, now)
        return wake_up

    async def _look_for_new_data(self) -> None:
        """Start the exports that wait for new data."""
        if self._new_data is not None:
            started = await start_on_new_data(self._waiting_for_data, self._new_data, self._store, self._clock)
            self._wake_ups |= dict.fromkeys(started)

    async def _start(self, export_id: str, slot: datetime) -> WakeUp | None:
        now = self._clock.now()
        if now - slot > self._settings.max_lateness:
            logger.warning(
                "The slot %s of export %s was missed for too long and is left out.", utc_text(slot), export_id
            )
            return None
        request = Marker(export_id, slot_run_id(export_id, slot), "schedule", now)
        try:
            run = await request_run(request, self._store)
        except RunActive:
            await skip_run(export_id, request.run_id, BEHIND_ANOTHER, store=self._store, events=self._events, now=now)
            return None
        return None if run.status.is_ended else run.wake_up

    async def _complete(self, request: Marker) -> WakeUp | None:
        """Make the run of a *request* that was cut off behind the gate, or take out one whose run has ended."""
        run = await self._store.runs.get(request.export_id, request.run_id)
        if run is None:
            await make_run(request, self._store)
        elif run.status.is_ended:  # the marker is gone, so the end was told
            return await self._store.gates.leave(request.wake_up)
        else:
            await write_run(request, self._store)
        return await self._wake_if_due(request)

    async def _wake_if_due(self, marker: Marker) -> WakeUp | None:
        """Return the wake-up of the marker's run when its time has come."""
        runs, now = self._store.runs, self._clock.now()
        try:
            run = await runs.get(marker.export_id, marker.run_id)
        except ConfigurationError:
            self._active.append(marker.new_run())  # the request is all that is known about the run
            raise
        if run is None:
            run = marker.new_run()
            await runs.insert(run)  # the request was cut off between the marker and the run
        if not run.status.is_ended:  # else the leg died before it told the end, and another leg shall do that
            self._active.append(run)
        if _is_on_its_way(run, marker, now) or not await self._is_due(run, now):
            if run.waiting and run.waiting.reason in HAVE_TURNS:
                self._in_turn.append((run, marker))
            return None
        if run.heartbeat_at is None:  # no leg has seen the run, so whoever made it may have been cut off
            await runs.index.insert(run.export_id, run.id)
        await self._store.markers.note_woken(marker, now)
        return marker.wake_up

    async def _wake_in_turn(self, run: Run, marker: Marker) -> WakeUp | None:
        """Return the wake-up of a *run* that waits for its turn, where the turn came before the time of its next try.

        The wake-up that said so was lost; a run that was woken so short a time ago is left alone.
        """
        now = self._clock.now()
        is_woken = marker.woken_at is not None and now - marker.woken_at < ON_ITS_WAY
        if is_woken or not await self._turns.has_come(run, self._active):
            return None
        await self._store.markers.note_woken(marker, now)
        return marker.wake_up

    async def _is_due(self, run: Run, now: datetime) -> bool:
        """Tell whether *run* must be woken: its waiting is over, or no leg works on it although one should.

        A leg holds the lease of its run. Nobody has the lease half a minute after the leg has died. Until then a
        wake-up would only find the lease taken.
        """
        if run.waiting and now < run.waiting.next_try:
            return False
        return await self._leases.is_free(run_lease(run.export_id, run.id))

    async def _tend_history(self) -> None:
        """Clear away old runs and mend the index of runs.

        An error or a slow storage does not hold up the messages of this tick.
        """
        now, keep = self._clock.now(), self._settings.keep
        try:
            async with asyncio.timeout(CLEARING_SECONDS):
                if keep is not None:
                    await self._store.history.clear(now, keep=keep)
                if missing := await self._store.index_repair.go_on(now):
                    logger.info("Put %d runs into the index.", missing)
        except (ExportError, TimeoutError) as error:
            logger.info("Old runs are cleared away another time: %s", error or "it took too long.")
        except Exception:
            logger.exception("Old runs could not be cleared away.")


def _is_on_its_way(run: Run, marker: Marker, now: datetime) -> bool:
    """Tell whether a wake-up of *run* may have left so short a time ago that its leg is still to begin."""
    left_at = [marker.woken_at, None if run.legs else run.created_at]
    due_since = run.waiting.next_try if run.waiting else run.created_at
    return any(each is not None and each >= due_since and now - each < ON_ITS_WAY for each in left_at)
