"""One leg: it walks through the phases of a run, and leaves the run in a state from which the next leg goes on."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from shared.domain.control_errors import RunActive
from shared.domain.errors import (
    AccountLeaseLost,
    ConfigurationError,
    Conflict,
    ExportError,
    Fatal,
    HostStops,
    NoProgress,
    Retryable,
    RunLeaseLost,
    SourceChanged,
    StopAsked,
)
from shared.domain.runs.ending import ended, ending_of, with_sentences
from shared.domain.runs.plan import Plan
from shared.domain.runs.progress import (
    ACCOUNT_BUSY,
    IMPORTING,
    PREVIOUS_RUN_ACTIVE,
    TIME_BUDGET,
    come_forward,
    pause_after,
    put_off,
    taken_up,
    waiting_since,
)
from shared.domain.runs.run import Run, RunStatus, Waiting
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.pipeline.leg.account_turn import ANOTHER_EXPORTS, AccountTurn
from shared.pipeline.leg.phases import PHASES, Phase
from shared.pipeline.phase import Outcome, PhaseContext, Wait
from shared.pipeline.resources import Resources
from shared.pipeline.watching.lease_hold import holding
from shared.pipeline.watching.still_wanted import Decided
from shared.pipeline.watching.time_limit import within
from shared.pipeline.watching.watch import OVERTIME_SECONDS, Watch, beat, watching
from shared.ports import LEASE_SECONDS
from shared.store.new_run import request_run
from shared.store.run_markers import Marker
from shared.store.run_saver import RunSaver

logger = logging.getLogger(__name__)

WAIT_FOR_OTHERS = timedelta(minutes=1)
"""How long a run waits before it asks for the account again; the leg that releases the account wakes it sooner."""
LAST_MINUTES_SECONDS = OVERTIME_SECONDS + 120.0
"""How long after its deadline a leg is cut off, whatever the leg does: the host must not kill the leg."""
MAX_STARTS = 5
"""So many legs in a row may die without progress."""
SOURCE_CHANGED = "source_changed"


class Leg:
    """One leg of a run whose lease is held; mutable.

    The leg adds to *wake_ups* the runs that are to be woken when it is over, however it ends.
    """

    def __init__(self, saver: RunSaver, resources: Resources, wake_ups: list[WakeUp]) -> None:
        self._wake_ups = wake_ups
        self._saver = saver
        self._resources = resources
        self._clock = resources.clock
        self._deadline = resources.clock.monotonic() + resources.limits.budget_seconds
        self._waited = saver.run.waiting
        self._deaths = saver.run.starts
        self._in_line: AccountTurn | None = None
        self._has_had: AccountTurn | None = None

    async def work(self) -> None:
        """Walk through the phases until the run has ended or waits."""
        now = self._clock.now()
        await self._saver.save(lambda run: taken_up(run, now))
        if self._deaths >= MAX_STARTS:
            await self._stop(PHASES[self._run.status], _died(self._run))
        while (phase := PHASES.get(self._run.status)) and not self._run.waiting:
            if self._wake_ups and not phase.needs_account:
                # The account is free again. This leg ends, so that the wake-up of the run in line leaves at once.
                await self._wait(Wait(IMPORTING, timedelta(0), pauses=0))
                break
            await self._guarded(phase)
        if self._run.waiting and self._run.waiting.next_try <= self._clock.now():
            self._wake_ups.append(self._run.wake_up)

    async def look_again(self) -> None:
        """Wake the run if what it waits for has come; to be called after the release of the run's lease.

        A wake-up may have come while this leg still held the run's lease: from the leg that released the account, from
        the older run that ended, or from a person who does not want to wait for the import jobs.
        """
        if self._in_line is not None and await self._in_line.is_ours_now():
            self._wake_ups.append(self._run.wake_up)
        if self._waits_for(PREVIOUS_RUN_ACTIVE) and await self._resources.store.gates.waits_for(self._run) is None:
            self._wake_ups.append(self._run.wake_up)
        is_settling = self._run.status is RunStatus.SETTLING and self._run.waiting
        if is_settling and await self._resources.store.runs.stop_settling_note(self._run):
            self._wake_ups.append(self._run.wake_up)

    async def wake_next(self) -> None:
        """Wake the run that is next in line for the account, where this leg has had the account and let it go."""
        turn, self._has_had = self._has_had, None
        if turn is not None and (following := await turn.next_in_line()) is not None:
            self._wake_ups.append(following)

    @property
    def _run(self) -> Run:
        return self._saver.run

    def _waits_for(self, reason: str) -> bool:
        return self._run.waiting is not None and self._run.waiting.reason == reason

    async def _guarded(self, phase: Phase) -> None:
        """Do *phase* as far as time allows; what the phase raises becomes a pause, or the end of the run."""
        try:
            await self._in_time(phase)
        except Retryable as error:
            await self._pause(phase, error)
        except AccountLeaseLost as error:
            await self._pause(phase, Retryable(error.sentence, public=error.public))
        except HostStops:
            logger.warning("Run %s of export %s: the leg ends, as its host stops.", self._run.id, self._run.export_id)
            await self._wait(Wait(TIME_BUDGET, timedelta(0), self._run.pauses))
        except (Conflict, RunLeaseLost):
            raise
        except Exception as error:
            # Nobody foresaw this error, so the queue tries again; the run keeps the name of the error.
            failure = type(error).__name__
            await self._saver.save(lambda run: replace(run, failure=failure))
            raise

    async def _in_time(self, phase: Phase) -> None:
        """Do *phase* as far as time allows; whatever comes of it, the account has its next run then."""
        left = self._deadline + LAST_MINUTES_SECONDS - self._clock.monotonic()
        try:
            await within(left, self._clock, self._do(phase), what="The leg")
        except Exception:
            await self.wake_next()
            raise
        await self.wake_next()

    async def _do(self, phase: Phase) -> None:
        """Do *phase*; an error that no later try can mend, and a wish to stop, end the run."""
        try:
            await self._work_on(phase)
        except (StopAsked, SourceChanged, Fatal) as error:
            await self._stop(phase, error)

    async def _work_on(self, phase: Phase) -> None:
        store = self._resources.store
        plan = None if self._run.status is RunStatus.QUEUED else await store.runs.plan(self._run)
        context = self._context(phase, plan)
        await context.watch.look()
        async with watching(context.watch):
            if phase.needs_account:
                await self._over_account(phase, context)
            else:
                await self._take(phase, await phase.work(context))

    def _context(self, phase: Phase, plan: Plan | None = None) -> PhaseContext:
        late = OVERTIME_SECONDS if phase.needs_account else 0.0
        watch = Watch(
            self._saver,
            self._resources.store,
            self._clock,
            stop=self._resources.stop,
            until=max(self._deadline + late, self._clock.monotonic() + OVERTIME_SECONDS),
            can_be_stopped=phase.can_be_stopped,
            decided=Decided.of(plan) if plan else None,
        )
        return PhaseContext(self._saver, self._resources, self._deadline, watch, plan, waited=self._waited)

    async def _over_account(self, phase: Phase, context: PhaseContext) -> None:
        """Do *phase* while no other run exports over the account, or wait for the account."""
        turn = AccountTurn(self._run, context.planned(), self._resources)
        lease = await turn.take(patience=LEASE_SECONDS if self._deaths else 0.0)
        if lease is None:
            self._in_line = turn
            told = await turn.for_whom()
            await self._wait(Wait(ACCOUNT_BUSY, WAIT_FOR_OTHERS, self._run.pauses, told, ANOTHER_EXPORTS))
            return
        self._has_had = turn
        async with holding(lease, self._clock, since=turn.asked_at, what=turn.what, loss=turn.loss) as hold:
            async with turn.taken():
                outcome = await phase.work(replace(context, account_fence=hold.check))
            await self._take(phase, outcome)

    async def _take(self, phase: Phase, outcome: Outcome) -> None:
        """Save what came of *phase*: the run waits, goes on to the next phase, or has ended."""
        if isinstance(outcome, Wait):
            await self._wait(outcome)
        else:
            await self._go_on(phase.next, outcome.change)

    async def _go_on(self, status: RunStatus | None, change: Callable[[Run], Run]) -> None:
        now = self._clock.now()
        life = beat(now)
        if status is None:
            await self._saver.save(lambda run: ended(life(change(run)), now))
        elif status is RunStatus.SETTLING:
            await self._remember_list()
            await self._saver.save(
                lambda run: replace(come_forward(life(change(run)), now), status=status, settling_since=now)
            )
        else:
            await self._saver.save(lambda run: replace(come_forward(life(change(run)), now), status=status))

    async def _remember_list(self) -> None:
        """Note that the export has sent to its list, before the run settles.

        Later the export of the run may be gone, and another one may have its id.
        """
        store, run = self._resources.store, self._run
        with suppress(ConfigurationError):  # the plan is damaged, and the run ends for just that
            if run.jobs.submitted and (plan := await store.runs.plan(run)) is not None:
                await store.known_lists.remember(run, plan, self._clock.now())

    async def _stop(self, phase: Phase, error: ExportError) -> None:
        """End the run because of *error*: *phase* completes the run if it can, else what was sent is settled first."""
        if phase.break_off is not None:
            await self._go_on(None, (await phase.break_off(self._context(phase), error)).change)
            return
        following = None
        if isinstance(error, SourceChanged) and self._run.trigger != SOURCE_CHANGED:
            following = await self._start_again()
        ending = ending_of(error)
        await self._go_on(RunStatus.SETTLING, lambda run: replace(run, ending=ending, next_run_id=following))

    async def _start_again(self) -> str:
        """Request one fresh run, which is woken when this run has ended; return the id of the run that follows.

        The id of the fresh run comes from this run's id, so that doing this twice makes one run. Where ten runs wait
        already, the first of them follows: it reads the changed files as well.
        """
        run, store = self._run, self._resources.store
        request = Marker(run.export_id, f"{run.id}-again", SOURCE_CHANGED, self._clock.now(), limit=run.limit)
        try:
            await request_run(request, store, may_wait=True)
        except RunActive:
            waiting = [each.run_id for each in await store.gates.requests(run.export_id) if each.run_id != run.id]
            return waiting[0]
        return request.run_id

    async def _pause(self, phase: Phase, error: Retryable) -> None:
        logger.warning("Run %s of export %s pauses: %s", self._run.id, self._run.export_id, error)
        try:
            pause = pause_after(self._run, error, self._clock.now())
        except NoProgress as problem:
            await self._stop(phase, problem)
        else:
            await self._wait(Wait(error.reason, pause, self._run.pauses + 1), error)

    async def _wait(self, wait: Wait, error: Retryable | None = None) -> None:
        """Save that the run waits, perhaps because of *error*; a clean pause takes the start of this leg back."""
        now = self._clock.now()
        waiting = Waiting(wait.reason, waiting_since(self._waited, wait.reason, now), now + wait.pause)
        if error is not None:
            waiting = with_sentences(waiting, error)
        elif wait.told is not None:
            told = wait.told
            waiting = replace(waiting, detail=told.detail, code=told.code, params=told.params, public=wait.public)
        life = beat(now)
        await self._saver.save(lambda run: put_off(life(run), waiting, pauses=wait.pauses))


def _died(run: Run) -> NoProgress:
    if run.failure:
        text = "{legs} legs in a row died without progress, the last one with {failure}. Look at the app's logs."
        return NoProgress(say("legs_died", text, legs=MAX_STARTS, failure=run.failure))
    text = (
        "{legs} legs in a row died without progress, each without a word, as when memory runs out. "
        "Look at the app's logs."
    )
    return NoProgress(say("legs_died_silently", text, legs=MAX_STARTS))
