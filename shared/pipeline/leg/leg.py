"""The steps of one leg; each leaves the run in a state from which the next leg can go on."""

import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain.errors import (
    ConfigurationError,
    Conflict,
    ExportError,
    Fatal,
    LeaseLost,
    NoProgress,
    Retryable,
    SourceChanged,
    StopAsked,
)
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Ending, Run, RunStatus, Source, Waiting
from shared.pipeline.export.export_segment import Tools, export_segment
from shared.pipeline.plan.live_flows import is_first_into_list, remember_list
from shared.pipeline.plan.plan_run import known_account, make_plan
from shared.pipeline.resources import Workplace
from shared.pipeline.settle.settle_run import end_unsettled, settle_run
from shared.pipeline.watching.lease_hold import Hold, holding
from shared.pipeline.watching.progress import (
    PREVIOUS_RUN_ACTIVE,
    come_forward,
    pause_after,
    put_off,
    taken_up,
    waiting_since,
)
from shared.pipeline.watching.time_limit import within
from shared.pipeline.watching.wanted import check_cancelled, check_wanted, read_configuration, remember_account
from shared.pipeline.watching.watch import OVERTIME_SECONDS
from shared.ports import Lease
from shared.store.new_run import start_unasked
from shared.store.run_saver import RunSaver
from shared.store.runs import Marker, Runs, WakeUp
from shared.store.turns import ACCOUNT_BUSY, Turns, turns_of

logger = logging.getLogger(__name__)

WAIT_FOR_OTHERS = timedelta(minutes=1)
"""How long a run waits for another one before it looks again; the one that lets go wakes it sooner."""
LAST_MINUTES_SECONDS = OVERTIME_SECONDS + 120.0
"""What a leg still does so long after its time was used up is cut off, whatever it is: it must not be killed."""
MAX_STARTS = 5
"""So many legs in a row may die without progress."""
TIME_BUDGET = "time_budget"
SOURCE_CHANGED = "source_changed"
IMPORTING = "klaviyo_is_importing"


class Leg:
    """One leg of a run whose lease is held; mutable. *follow_ups* are the runs to wake when it is over."""

    def __init__(self, saver: RunSaver, runs: Runs, place: Workplace) -> None:
        self.follow_ups: list[WakeUp] = []
        self._saver = saver
        self._runs = runs
        self._place = place
        self._deadline = place.clock.monotonic() + place.settings.budget_seconds
        self._waited = saver.run.waiting
        self._in_line: Turns | None = None

    async def work(self) -> None:
        """Take the run step by step until it has ended or waits."""
        deaths, now = self._run.starts, self._place.clock.now()
        await self._save(lambda run: taken_up(run, now))
        steps: dict[RunStatus, Callable[[], Coroutine[Any, Any, None]]] = {
            RunStatus.QUEUED: self._plan,
            RunStatus.EXPORTING: self._export,
            RunStatus.SETTLING: self._settle,
        }
        if deaths >= MAX_STARTS:
            await self._stop(_died(self._run))
        while (step := steps.get(self._run.status)) and not self._run.waiting:
            await self._guarded(step)
            if self.follow_ups and self._run.status is RunStatus.SETTLING and not self._run.waiting:
                await self._wait(IMPORTING, timedelta(0), pauses=0)  # the account is free: its next run goes first
        if self._run.waiting and self._run.waiting.next_try <= self._place.clock.now():
            self.follow_ups.append(self._wake_up)

    async def look_again(self) -> None:
        """Wake the run when its account is free and its turn has come; to be called once its lease was let go of.

        Whoever let go of the account while this leg noted that it waits sent a wake-up that met the run's lease.
        """
        if self._in_line is not None:
            with suppress(Retryable):
                is_free = await self._place.leases.is_free(self._in_line.lease_name)
                if is_free and await self._in_line.first() == self._wake_up:
                    self.follow_ups.append(self._wake_up)

    @property
    def _wake_up(self) -> WakeUp:
        return WakeUp(self._run.export_id, self._run.id)

    @property
    def _run(self) -> Run:
        return self._saver.run

    async def _save(self, change: Callable[[Run], Run]) -> None:
        await self._saver.save(change)

    async def _guarded(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do *step*, as far as time allows; what it raises becomes a pause, or the ending that the run settles for."""
        left = self._deadline + LAST_MINUTES_SECONDS - self._place.clock.monotonic()
        try:
            await within(left, self._place.clock, step(), what="The leg")
        except Retryable as error:
            await self._pause(error)
        except LeaseLost as error:  # the account's: the run's own would have ended the leg
            await self._pause(Retryable(str(error)))
        except (StopAsked, SourceChanged, Fatal) as error:
            await self._stop(error)
        except Conflict:
            raise
        except Exception as error:
            # Not foreseen, so it is left to the queue to try again; the run keeps what it was called.
            failure = type(error).__name__
            await self._save(lambda run: replace(run, failure=failure))
            raise

    async def _plan(self) -> None:
        await check_cancelled(self._runs, self._run)
        if await self._waits_for_older():
            return
        place = self._place
        export, connection = await read_configuration(
            place.documents, self._run.export_id, requested_at=self._run.created_at
        )
        if self._run.trigger == "schedule" and not export.enabled:
            raise StopAsked(f"Export '{export.id}' was disabled.")
        sink = place.sinks(connection.secret_name, connection.account_id)
        is_first = await is_first_into_list(place.documents, export)
        plan, warnings = await make_plan(
            export, connection, is_first=is_first, segments=place.segments, sink=sink, clock=place.clock
        )
        await remember_account(place.documents, connection, plan.account_id)
        plan = await self._runs.insert_plan(self._run, replace(plan, limit=self._run.limit))
        source, now = Source(len(plan.blobs), sum(blob.size for blob in plan.blobs)), place.clock.now()
        await self._save(
            lambda run: replace(come_forward(run, now), status=RunStatus.EXPORTING, source=source, warnings=warnings)
        )

    async def _export(self) -> None:
        plan = await self._planned()
        await check_wanted(self._runs, self._run, plan)
        turns = turns_of(plan, self._runs)
        asked_at = self._place.clock.monotonic()
        lease = await self._take_turn(turns)
        if lease is None:
            self._in_line = turns
            await self._wait(ACCOUNT_BUSY, WAIT_FOR_OTHERS, pauses=self._run.pauses)
            return
        what = f"account {plan.account_id or plan.secret_name}"
        try:
            async with holding(lease, self._place.clock, since=asked_at, what=what) as hold:
                await turns.leave_line(self._run)
                await self._export_over(plan, hold)
        except Exception:
            await self._wake_next(turns)
            raise
        await self._wake_next(turns)

    async def _export_over(self, plan: Plan, hold: Hold) -> None:
        """Export while nobody else exports over the account."""
        place = self._place
        tools = Tools(
            documents=place.documents,
            segments=place.segments,
            sink=place.sinks(plan.secret_name, plan.account_id),
            clock=place.clock,
            deadline=self._deadline,
            requests_in_flight=place.settings.requests_in_flight,
            fence=hold.check,
        )
        if self._run.legs > 1:
            # Cheap calls, before the long way back to the checkpoint: does Klaviyo answer, and is it still the account?
            await known_account(tools.sink, plan.account_id, plan.secret_name)
            await tools.sink.list_details(plan.list_id)
        if await export_segment(self._saver, plan, tools):
            await self._begin_to_settle(None)
        else:
            await self._wait(TIME_BUDGET, timedelta(0), pauses=self._run.pauses)

    async def _take_turn(self, turns: Turns) -> Lease | None:
        """Return the account's lease when it is free and nobody has waited for longer."""
        await turns.stand_in_line(self._run)
        is_first = await turns.first() == self._wake_up
        return await self._place.leases.take(turns.lease_name) if is_first else None

    async def _wake_next(self, turns: Turns) -> None:
        """Let the run be woken that waits longest for the account; the tick does it, too, a little later.

        This one is none of them, also when it could not leave the line: it would wake itself out of every pause.
        """
        with suppress(Retryable):
            if (following := await turns.first(besides=self._run)) is not None:
                self.follow_ups.append(following)

    async def _settle(self) -> None:
        place = self._place
        try:
            plan = await self._planned()
            sink = place.sinks(plan.secret_name, plan.account_id) if self._run.parts else None
            if sink and plan.account_id and self._run.legs > 1:  # else its jobs would seem to have vanished
                await known_account(sink, plan.account_id, plan.secret_name)
        except Fatal as error:
            await end_unsettled(self._saver, error, place.documents, place.clock)
            return
        pause = await settle_run(self._saver, sink, place.documents, place.clock, limit=place.settings.settle_limit)
        if pause is not None:
            await self._wait(IMPORTING, pause, pauses=self._run.pauses + 1)

    async def _waits_for_older(self) -> bool:
        """Wait, and return True, while another run of the export that is older or has begun has not ended.

        Old data must not overtake new.
        """
        mine = (self._run.created_at, self._run.id)
        others = [run for run in await self._runs.unended(self._run.export_id) if run.id != self._run.id]
        if all((run.created_at, run.id) > mine and run.status is RunStatus.QUEUED for run in others):
            return False
        await self._wait(PREVIOUS_RUN_ACTIVE, WAIT_FOR_OTHERS, pauses=self._run.pauses)
        return True

    async def _planned(self) -> Plan:
        plan = await self._runs.plan(self._run)
        if plan is None:
            raise ConfigurationError(f"The plan of run '{self._run.id}' is gone; start a new run.")
        return plan

    async def _stop(self, error: ExportError) -> None:
        """Let the run end because of *error*, once what was sent is settled; when settling fails, at once."""
        if self._run.status is RunStatus.SETTLING:
            await end_unsettled(self._saver, error, self._place.documents, self._place.clock)
            return
        status = RunStatus.CANCELLED if isinstance(error, StopAsked) else RunStatus.FAILED
        if isinstance(error, SourceChanged) and self._run.trigger != SOURCE_CHANGED:
            await self._start_again()
        await self._begin_to_settle(Ending(status, error.reason, str(error)))

    async def _start_again(self) -> None:
        """Request one fresh run, which is woken when this one has ended.

        Its id is derived from this one's, so that a leg that does it once more makes no second one.
        """
        run, clock = self._run, self._place.clock
        marker = Marker(run.export_id, f"{run.id}-again", SOURCE_CHANGED, clock.now(), limit=run.limit)
        await start_unasked(marker, self._runs, clock)

    async def _begin_to_settle(self, ending: Ending | None) -> None:
        await remember_list(self._runs, self._run, self._place.clock)
        now = self._place.clock.now()
        await self._save(
            lambda run: replace(come_forward(run, now), status=RunStatus.SETTLING, settling_since=now, ending=ending)
        )

    async def _pause(self, error: Retryable) -> None:
        logger.warning("Run %s of export %s pauses: %s", self._run.id, self._run.export_id, error)
        try:
            pause = pause_after(self._run, error, self._place.clock.now())
        except NoProgress as problem:
            await self._stop(problem)
        else:
            await self._wait(error.reason, pause, pauses=self._run.pauses + 1, detail=str(error))

    async def _wait(self, reason: str, pause: timedelta, *, pauses: int, detail: str = "") -> None:
        """Let the run wait; a clean pause takes the start of this leg back."""
        now = self._place.clock.now()
        waiting = Waiting(reason, waiting_since(self._waited, reason, now), now + pause, detail)
        await self._save(lambda run: put_off(run, waiting, pauses=pauses))


def _died(run: Run) -> NoProgress:
    cause = f"the last one with {run.failure}" if run.failure else "each without a word, as when memory runs out"
    return NoProgress(f"{MAX_STARTS} legs in a row died without progress, {cause}. Look at the app's logs.")
