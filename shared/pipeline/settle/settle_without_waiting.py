"""Ends a run that settles within a minute, because somebody does not want to wait for its import jobs."""

from collections.abc import Iterator
from contextlib import suppress

from shared.domain.errors import Fatal, Retryable
from shared.domain.sentences import Sentence, say
from shared.pipeline.phase import Done, PhaseContext
from shared.pipeline.settle.account_of_run import account_of_run
from shared.pipeline.settle.complete_run import complete, rows_of
from shared.pipeline.settle.job_sweep import JobSweep, sweep_of
from shared.pipeline.watching.time_limit import within
from shared.ports import Sink
from shared.store.runs import StopNote

NOT_AWAITED = "not waited for"
"""The status of a job that had not ended, or whose refused rows could not be read at once."""
LAST_SWEEP_SECONDS = 15.0
"""So long the run may look once more which of its jobs have ended."""
LAST_READING_SECONDS = 20.0
"""So long the run may read which rows the jobs have refused that ended."""


async def settle_without_waiting(context: PhaseContext, note: StopNote) -> Done:
    """Complete the run with what Klaviyo can say at once; the rows of all other jobs are unconfirmed."""
    clock = context.resources.clock
    sweep = await sweep_of(context.run, context.resources.store.parts)
    sink = None
    with suppress(Retryable, Fatal):  # whatever is in the way, the run ends now
        sink = await within(LAST_SWEEP_SECONDS, clock, _last_sweep(context, sweep), what="The last sweep")
    sweep.give_up(NOT_AWAITED)
    if sink is not None:
        with suppress(Retryable, Fatal):
            reading = complete(context, sweep, sink, _told(sweep, note))
            return await within(LAST_READING_SECONDS, clock, reading, what="Reading the refused rows")
    sweep.leave_faults_unread(NOT_AWAITED)
    return await complete(context, sweep, None, _told(sweep, note))


async def _last_sweep(context: PhaseContext, sweep: JobSweep) -> Sink | None:
    sink = await account_of_run(context)
    if sink is not None:
        await sweep.look_through(sink)
    return sink


def _told(sweep: JobSweep, note: StopNote) -> Iterator[Sentence]:
    """Yield a sentence about the jobs that the run has not waited for, if there are any."""
    open_jobs = [each for each in sweep.settled if each.status == NOT_AWAITED]
    if open_jobs:
        rows = rows_of(each for each in sweep.counted() if each.status == NOT_AWAITED)
        yield say("settling_stopped", _STOPPED, who=note.by, jobs=len(open_jobs), rows=rows)


_STOPPED = (
    "{who} asked the run not to wait for Klaviyo any longer, so {jobs:,} import {jobs:job|jobs} with {rows:,} "
    "{rows:row|rows} {jobs:is|are} unconfirmed; Klaviyo may still finish {jobs:that job|those jobs}, perhaps after the "
    "jobs of newer runs."
)
