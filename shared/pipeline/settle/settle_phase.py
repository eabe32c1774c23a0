"""The third phase: learns what became of the import jobs, and completes the rejections and the tally."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from shared.domain.errors import ExportError, Retryable
from shared.domain.runs.ending import ending_of
from shared.domain.runs.progress import IMPORTING
from shared.domain.sentences import Sentence, say
from shared.pipeline.phase import Done, Outcome, PhaseContext, Wait
from shared.pipeline.settle.account_of_run import account_of_run
from shared.pipeline.settle.complete_run import complete
from shared.pipeline.settle.job_sweep import JobSweep, sweep_of
from shared.pipeline.settle.settle_without_waiting import settle_without_waiting
from shared.pipeline.settle.unless_asked import unless_asked
from shared.pipeline.watching.watch import show_life
from shared.ports import Sink
from shared.store.runs import StopNote

UNSETTLED = "not settled in time"
SWEEP_WAITS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0)
"""Seconds before each sweep of one leg: about 30 in all."""
SETTLE_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10))
"""How long a run waits after its first, second, … leg that found jobs at work."""
LAST_TRIES = timedelta(hours=1)
"""How long after the limit a run still tries to settle while Klaviyo or the storage does not answer."""


async def settle(context: PhaseContext) -> Outcome:
    """Sweep the run's jobs; complete the run, or wait for the jobs that are at work until the limit.

    When somebody asks the run not to wait for its jobs, it ends at once.
    Raises `Retryable` until `LAST_TRIES` after the limit, and `Fatal`.
    """
    runs, clock = context.resources.store.runs, context.resources.clock
    look = partial(runs.stop_settling_note, context.run)
    note = await look()
    outcome = note or await unless_asked(_settle(context), look, clock)
    if isinstance(outcome, StopNote):
        return await settle_without_waiting(context, outcome)
    return outcome


async def _settle(context: PhaseContext) -> Outcome:
    clock, limit = context.resources.clock, context.resources.limits.settle_limit
    settled_for = clock.now() - (context.run.settling_since or clock.now())
    try:
        sink = await account_of_run(context)
        sweep = await sweep_of(context.run, context.resources.store.parts)
        if sink is not None:
            await _sweep_jobs(sweep, sink, context)
        if not sweep.is_done and settled_for < limit:
            pause = SETTLE_PAUSES[min(context.run.pauses, len(SETTLE_PAUSES) - 1)]
            return Wait(IMPORTING, pause, context.run.pauses + 1, _still_open(sweep))
        sweep.give_up(UNSETTLED)
        return await complete(context, sweep, sink)
    except Retryable as error:
        if settled_for < limit + LAST_TRIES:
            raise
        return await settle_without_answers(context, error)


def _still_open(sweep: JobSweep) -> Sentence:
    text = "{open:,} of Klaviyo's import jobs of this run {open:has|have} not ended yet."
    return say("jobs_open", text, open=len(sweep.pending) + len(sweep.lookalikes))


async def settle_without_answers(context: PhaseContext, error: ExportError) -> Done:
    """Complete the run without knowing what became of its jobs, because of *error*.

    A run that already has an ending keeps that ending. The ending is saved first: a leg that dies or pauses after that
    leaves it to the next one.
    """
    ending = context.run.ending or ending_of(error)
    await context.saver.save(lambda run: replace(run, ending=ending))
    sweep = await sweep_of(context.run, context.resources.store.parts)
    sweep.give_up(UNSETTLED)
    return await complete(context, sweep, None)


async def _sweep_jobs(sweep: JobSweep, sink: Sink, context: PhaseContext) -> None:
    """Sweep the run's jobs for about half a minute, or until all have ended."""
    for wait in SWEEP_WAITS:
        await context.resources.clock.sleep(wait)
        if not sweep.is_done or sweep.has_unanswered:
            await sweep.look_through(sink)
        await _show(sweep, context)
        if sweep.is_done:
            return
    await sweep.look_up(sink)  # last, as Klaviyo may take a while to show a job that it has just made
    await _show(sweep, context)


async def _show(sweep: JobSweep, context: PhaseContext) -> None:
    """Save how many of the jobs have ended, where that number has changed."""
    saver, clock = context.saver, context.resources.clock
    jobs = replace(saver.run.jobs, ended=len(sweep.settled))
    if saver.run.jobs != jobs:
        await saver.save(lambda run: replace(run, jobs=jobs, heartbeat_at=clock.now()))
    await show_life(saver, clock)
