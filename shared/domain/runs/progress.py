"""The progress of a run: how its starts and pauses are counted, and when the run has stood still for too long."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.errors import LONGEST_ASKED_SECONDS, NoProgress, Retryable
from shared.domain.runs.life.run_life import Sample, with_sample
from shared.domain.runs.run import Run, RunStatus, Waiting
from shared.domain.sentences import say

ACCOUNT_BUSY = "account_busy"
"""The run waits, because another run exports over the same Klaviyo account."""
PREVIOUS_RUN_ACTIVE = "previous_run_active"
"""The run waits for an older run of its export."""
SOURCE_INCOMPLETE = "source_incomplete"
"""The run waits until the writer of a segment has finished."""
SLOTS_MISSED = "slots_missed"
"""Slots of the schedule passed without a run, because no tick came."""
TIME_BUDGET = "time_budget"
"""The leg has used its time; the next leg goes on at once."""
IMPORTING = "klaviyo_is_importing"
"""The run waits for Klaviyo's import jobs."""
FOR_OTHERS = (ACCOUNT_BUSY, PREVIOUS_RUN_ACTIVE, SOURCE_INCOMPLETE)
"""The reasons that mean waiting for another run or for a writer; such a wait is no standstill of the run itself."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long the first, second, … pause in a row lasts; a longer wait that Klaviyo or Azure asks for is kept."""
MAX_STANDSTILL = timedelta(days=1)
MAX_SILENCE = timedelta(minutes=1)
"""A leg shows life every half minute; one that is silent for so long has died, or its storage does not answer."""


def taken_up(run: Run, now: datetime) -> Run:
    """Return *run* at the beginning of a leg; the start counts until a pause takes it back or there is progress."""
    return replace(
        run,
        legs=run.legs + 1,
        starts=run.starts + 1,
        waiting=None,
        held=None,
        heartbeat_at=now,
        started_at=run.started_at or now,
        progress_at=_last_progress(run, now),
    )


def come_forward(run: Run, now: datetime) -> Run:
    """Return *run* after progress: earlier pauses and starts count no more; the start of this leg does."""
    return replace(run, progress_at=now, pauses=0, starts=1, failure=None, held=None)


def beating(run: Run, now: datetime, *, requests: int = 0, throttled: int = 0) -> Run:
    """Return *run* with a sign of life, and a sample: so many more requests have left since the last one."""
    requests, throttled = run.requests + requests, run.throttled + throttled
    sample = Sample(now, run.checkpoint.row, run.jobs.ended, requests, throttled)
    samples = with_sample(run.samples, sample)
    return replace(run, heartbeat_at=now, requests=requests, throttled=throttled, samples=samples)


def silent_since(run: Run, now: datetime) -> datetime | None:
    """Return since when *run* shows no sign of life although a leg should work on it, None while all is well."""
    if run.status.is_ended or run.waiting:
        return None
    last = run.heartbeat_at or run.created_at
    return last if now - last >= MAX_SILENCE else None


def put_off(run: Run, waiting: Waiting, *, pauses: int) -> Run:
    """Return *run* after a clean pause, which takes the start of the leg back."""
    return replace(run, waiting=waiting, held=None, pauses=pauses, starts=max(0, run.starts - 1))


def waiting_since(before: Waiting | None, reason: str, now: datetime) -> datetime:
    """Return when the present wait of a run, for *reason*, began; *before* is how the run waited until now.

    A wait for another run, or for a writer, goes on over several legs. Any other wait begins *now*.
    """
    return before.since if before and before.reason == reason and reason in FOR_OTHERS else now


def standing_since(run: Run) -> datetime | None:
    """Return since when *run* stands still, or None while a leg works on it.

    A run that waits for another run or for a writer stands since it began to wait, any other since its last progress.
    A run that no leg has taken up yet stands since its request.
    """
    if run.waiting is None:
        return None if run.legs else run.created_at
    return run.waiting.since if run.waiting.reason in FOR_OTHERS else run.progress_at or run.created_at


def pause_after(run: Run, error: Retryable, now: datetime) -> timedelta:
    """Return how long *run* pauses after *error*; raises `NoProgress`, with the cause, after a day without progress."""
    if run.status is not RunStatus.SETTLING and now - (run.progress_at or run.created_at) >= MAX_STANDSTILL:
        text = "There was no progress for a day. {cause}"
        raise NoProgress(
            say("no_progress_for_a_day", text, cause=str(error)),
            public=say("no_progress_for_a_day", text, cause=str(error.public)),
        )
    asked = timedelta(seconds=min(error.after or 0, LONGEST_ASKED_SECONDS))
    return max(asked, PAUSES[min(run.pauses, len(PAUSES) - 1)])


def _last_progress(run: Run, now: datetime) -> datetime | None:
    """Return when *run* made progress last; the time in which the run waited for others does not count."""
    if run.waiting and run.waiting.reason in FOR_OTHERS and run.heartbeat_at:
        return (run.progress_at or run.created_at) + (now - run.heartbeat_at)
    return run.progress_at
