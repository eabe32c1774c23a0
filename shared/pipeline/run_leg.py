"""One leg of a run: takes it from where it stands as far as it gets, and says when it goes on."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.connection import Connection
from shared.domain.errors import (
    ConfigurationError,
    Conflict,
    ExportError,
    Fatal,
    Retryable,
    SourceChanged,
    StopAsked,
)
from shared.domain.export import Export
from shared.domain.plan import Plan
from shared.domain.run import Ending, Run, RunStatus, Source, Waiting
from shared.pipeline.export_segment import Tools, export_segment
from shared.pipeline.plan_run import make_plan
from shared.pipeline.runs import Runs, RunSaver, WakeUp
from shared.pipeline.settle_run import UNSETTLED, end_run, receipts_of, sweep_jobs
from shared.pipeline.start_run import start_run
from shared.ports import Clock, Documents, Segments, Sinks

logger = logging.getLogger(__name__)

ALIVE = timedelta(seconds=90)
"""A run with a heartbeat younger than this is being worked on by another leg."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long a run waits after its first, second, … pause without progress, unless the other side asks for more."""
SETTLE_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10))
"""How long a run waits after its first, second, … leg that found jobs still at work."""
LAST_TRIES = timedelta(hours=1)
"""So much longer than its limit a run goes on to settle while there is no answer to be had."""
WAIT_FOR_OLDER = timedelta(minutes=1)
"""How long a run waits for an older one before it looks again; the one that ends wakes it sooner."""
TIME_BUDGET = "time_budget"
SOURCE_CHANGED = "source_changed"

Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LegSettings:
    """The time a leg may take and how much it does at once."""

    budget_seconds: float
    requests_in_flight: int
    settle_limit: timedelta


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything outside that a leg needs."""

    documents: Documents
    segments: Segments
    sinks: Sinks
    clock: Clock
    settings: LegSettings
    new_run_id: Callable[[datetime], str]


async def run_leg(wake_up: WakeUp, place: Workplace) -> list[WakeUp]:
    """Work on the run until it has ended or must wait; returns the messages to send.

    Raises `Retryable` only when the storage of documents does not answer: then the queue brings the message again.
    """
    runs = Runs(place.documents)
    saver = await runs.open(wake_up.export_id, wake_up.run_id)
    if saver is None or _is_busy(saver.run, place.clock.now()):
        logger.info("Run %s of export %s: nothing to do.", wake_up.run_id, wake_up.export_id)
        return []
    if saver.run.status.is_ended:
        return await _leave(saver.run, runs)
    try:
        return await _Leg(saver, runs, place).work()
    except Conflict:
        logger.warning("Run %s of export %s was taken over by another leg.", wake_up.run_id, wake_up.export_id)
        return []


def _is_busy(run: Run, now: datetime) -> bool:
    working = run.legs > 0 and not run.waiting and not run.status.is_ended
    return working and run.heartbeat_at is not None and now - run.heartbeat_at < ALIVE


async def _leave(run: Run, runs: Runs) -> list[WakeUp]:
    """Forget that *run* was active; return the wake-up of the run of the same export that waited for it."""
    await runs.remove_marker(run)
    return [marker.wake_up for marker in (await runs.markers(run.export_id))[:1]]


class _Leg:
    """The steps of one leg; each leaves the run in a state from which the next leg can go on."""

    def __init__(self, saver: RunSaver, runs: Runs, place: Workplace) -> None:
        self._saver = saver
        self._runs = runs
        self._place = place
        self._deadline = place.clock.monotonic() + place.settings.budget_seconds

    async def work(self) -> list[WakeUp]:
        """Take the run step by step until it has ended or waits; returns the messages to send."""
        now = self._place.clock.now()
        await self._save(
            lambda run: replace(
                run, legs=run.legs + 1, waiting=None, heartbeat_at=now, started_at=run.started_at or now
            )
        )
        steps: dict[RunStatus, Step] = {
            RunStatus.QUEUED: self._plan,
            RunStatus.EXPORTING: self._export,
            RunStatus.SETTLING: self._settle,
        }
        while (step := steps.get(self._run.status)) and not self._run.waiting:
            await self._guarded(step)
        if self._run.status.is_ended:
            logger.info("Run %s of export %s ended: %s.", self._run.id, self._run.export_id, self._run.status.value)
            return await _leave(self._run, self._runs)
        goes_on = self._run.waiting is not None and self._run.waiting.reason == TIME_BUDGET
        return [WakeUp(self._run.export_id, self._run.id)] if goes_on else []

    @property
    def _run(self) -> Run:
        return self._saver.run

    async def _save(self, change: Callable[[Run], Run]) -> None:
        await self._saver.save(change)

    async def _guarded(self, step: Step) -> None:
        """Do *step*; what it raises becomes a pause, or the ending that the run settles for."""
        try:
            await step()
        except Retryable as error:
            await self._pause(error)
        except (StopAsked, SourceChanged, Fatal) as error:
            await self._stop(error)

    async def _plan(self) -> None:
        await self._check_cancelled()
        if await self._waits_for_older():
            return
        export, connection = await self._configuration()
        sink = self._place.sinks(connection.secret_name)
        plan, warnings = await make_plan(
            export, connection, segments=self._place.segments, sink=sink, clock=self._place.clock
        )
        plan = await self._runs.insert_plan(self._run, plan)
        source = Source(len(plan.blobs), sum(blob.size for blob in plan.blobs))
        await self._save(lambda run: replace(run, status=RunStatus.EXPORTING, source=source, warnings=warnings))

    async def _export(self) -> None:
        await self._check_cancelled()
        await self._configuration()  # the consent may have been withdrawn since the last leg
        plan = await self._planned()
        tools = self._tools(plan)
        if self._run.checkpoint.row:
            await tools.sink.list_name(plan.list_id)  # one cheap call, before the long way back to the checkpoint
        if await export_segment(self._saver, plan, tools):
            await self._begin_to_settle(None)
        else:
            await self._wait(TIME_BUDGET, timedelta(0), pauses=self._run.pauses)

    async def _settle(self) -> None:
        place, run = self._place, self._run
        if not run.jobs.submitted:
            settling = await receipts_of(run, place.documents)
            await end_run(self._saver, settling, None, place.documents, place.clock)
            return
        settled_for = place.clock.now() - (run.settling_since or place.clock.now())
        try:
            sink = place.sinks((await self._planned()).secret_name)
            settling = await sweep_jobs(self._saver, sink, place.documents, place.clock)
            if settling.pending and settled_for < place.settings.settle_limit:
                pauses = self._run.pauses
                await self._wait("klaviyo_is_importing", _pause_after(SETTLE_PAUSES, pauses), pauses=pauses + 1)
                return
            settling.give_up(UNSETTLED)
            await end_run(self._saver, settling, sink, place.documents, place.clock)
        except Fatal as error:
            await self._end_unsettled(error)
        except Retryable as error:
            if settled_for < place.settings.settle_limit + LAST_TRIES:
                raise
            await self._end_unsettled(error)

    async def _end_unsettled(self, error: ExportError) -> None:
        """End the run without knowing what became of its jobs, because Klaviyo will not say."""
        ending = self._run.ending or Ending(RunStatus.FAILED, error.reason, str(error))
        await self._save(lambda run: replace(run, ending=ending))
        settling = await receipts_of(self._run, self._place.documents)
        settling.give_up(UNSETTLED)
        await end_run(self._saver, settling, None, self._place.documents, self._place.clock)

    async def _waits_for_older(self) -> bool:
        """Wait, and return True, when an older run of the export has not ended: old data must not overtake new."""
        oldest = next(iter(await self._runs.unended(self._run.export_id)), None)
        if oldest is None or (oldest.created_at, oldest.run_id) >= (self._run.created_at, self._run.id):
            return False
        await self._wait("previous_run_active", WAIT_FOR_OLDER, pauses=self._run.pauses)
        return True

    async def _check_cancelled(self) -> None:
        if by := await self._runs.cancelled_by(self._run):
            raise StopAsked(f"{by} cancelled the run.")

    async def _configuration(self) -> tuple[Export, Connection]:
        """Return the export and its connection, to whose use somebody has consented."""
        export_document = await self._place.documents.get(f"exports/{self._run.export_id}.json")
        if export_document is None:
            raise ConfigurationError(f"Export '{self._run.export_id}' does not exist any more.")
        export = Export.from_document(export_document.value)
        connection_document = await self._place.documents.get(f"connections/{export.connection_id}.json")
        if connection_document is None:
            raise ConfigurationError(
                f"Export '{export.id}' uses connection '{export.connection_id}', which does not exist; "
                "create the connection or give the export another one."
            )
        connection = Connection.from_document(connection_document.value)
        connection.check_consent()
        return export, connection

    async def _planned(self) -> Plan:
        plan = await self._runs.plan(self._run)
        if plan is None:
            raise ConfigurationError(f"The plan of run '{self._run.id}' is gone; start a new run.")
        return plan

    def _tools(self, plan: Plan) -> Tools:
        place = self._place
        return Tools(
            documents=place.documents,
            segments=place.segments,
            sink=place.sinks(plan.secret_name),
            clock=place.clock,
            deadline=self._deadline,
            requests_in_flight=place.settings.requests_in_flight,
        )

    async def _stop(self, error: ExportError) -> None:
        status = RunStatus.CANCELLED if isinstance(error, StopAsked) else RunStatus.FAILED
        if isinstance(error, SourceChanged) and self._run.trigger != SOURCE_CHANGED:
            await self._start_again()
        await self._begin_to_settle(Ending(status, error.reason, str(error)))

    async def _start_again(self) -> None:
        """Request one fresh run, which is woken when this one has ended.

        Its id is derived from this one's, so that a leg that does it once more makes no second one.
        """
        run_id = f"{self._run.id}-again"
        await start_run(self._run.export_id, run_id, trigger=SOURCE_CHANGED, runs=self._runs, clock=self._place.clock)

    async def _begin_to_settle(self, ending: Ending | None) -> None:
        now = self._place.clock.now()
        await self._save(
            lambda run: replace(run, status=RunStatus.SETTLING, settling_since=now, ending=ending, pauses=0)
        )

    async def _pause(self, error: Retryable) -> None:
        logger.warning("Run %s of export %s pauses: %s", self._run.id, self._run.export_id, error)
        asked = timedelta(seconds=error.after or 0)
        pauses = self._run.pauses
        await self._wait(error.reason, max(asked, _pause_after(PAUSES, pauses)), pauses=pauses + 1)

    async def _wait(self, reason: str, pause: timedelta, *, pauses: int) -> None:
        now = self._place.clock.now()
        waiting = Waiting(reason, now, now + pause)
        await self._save(lambda run: replace(run, waiting=waiting, pauses=pauses))


def _pause_after(pauses: tuple[timedelta, ...], number: int) -> timedelta:
    return pauses[min(number, len(pauses) - 1)]
