"""Learns what became of the jobs of a run, and ends the run with its rejections and its tally complete."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import orjson

from shared.domain.errors import ExportError, Fatal, Retryable
from shared.domain.runs.omissions import tell_of_left_out
from shared.domain.runs.receipt import ImportFault, Receipt
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Ending, Jobs, Run, RunStatus
from shared.pipeline.settle.job_sweep import COMPLETE, Settled, Settling, receipts_of
from shared.pipeline.watching.watch import show_life
from shared.ports import Clock, Documents, Sink
from shared.store.run_saver import RunSaver
from shared.store.runs import lines_of_parts, rejections_path, unconfirmed_path

UNSETTLED = "not settled in time"
SWEEP_WAITS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0)
"""Seconds before each sweep of one leg: about 30 in all."""
SETTLE_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10))
"""How long a run waits after its first, second, … leg that found jobs still at work."""
LAST_TRIES = timedelta(hours=1)
"""So much longer than its limit a run goes on to settle while there is no answer to be had."""


async def settle_run(
    saver: RunSaver, sink: Sink | None, documents: Documents, clock: Clock, *, limit: timedelta
) -> timedelta | None:
    """Sweep the run's jobs and end the run, or return how long to wait for those that are at work until *limit*.

    *sink* is None where the run has no job. Raises `Retryable` while there is hope.
    """
    settled_for = clock.now() - (saver.run.settling_since or clock.now())
    try:
        settling = await receipts_of(saver.run, documents)
        if sink is not None:
            await _sweep_jobs(settling, saver, sink, clock)
        if not settling.is_done and settled_for < limit:
            return SETTLE_PAUSES[min(saver.run.pauses, len(SETTLE_PAUSES) - 1)]
        settling.give_up(UNSETTLED)
        await end_run(saver, settling, sink, documents, clock)
    except Fatal as error:
        await end_unsettled(saver, error, documents, clock)
    except Retryable as error:
        if settled_for < limit + LAST_TRIES:
            raise
        await end_unsettled(saver, error, documents, clock)
    return None


async def end_unsettled(saver: RunSaver, error: ExportError, documents: Documents, clock: Clock) -> None:
    """End the run without knowing what became of its jobs, because of *error*."""
    ending = saver.run.ending or Ending(RunStatus.FAILED, error.reason, str(error))
    await saver.save(lambda run: replace(run, ending=ending))
    settling = await receipts_of(saver.run, documents)
    settling.give_up(UNSETTLED)
    await end_run(saver, settling, None, documents, clock)


async def _sweep_jobs(settling: Settling, saver: RunSaver, sink: Sink, clock: Clock) -> None:
    """Sweep the run's jobs for about half a minute, or until all have ended; the run shows how many have."""
    for wait in SWEEP_WAITS:
        await clock.sleep(wait)
        if not settling.is_done or settling.has_unanswered:
            await settling.sweep(sink)
        await _show(settling, saver, clock)
        if settling.is_done:
            return
    await settling.look_up(sink)  # only now: what was just made may not be shown at once
    await _show(settling, saver, clock)


async def _show(settling: Settling, saver: RunSaver, clock: Clock) -> None:
    """Let the run show how many of its jobs have ended, where that has changed."""
    jobs = Jobs(saver.run.jobs.submitted, len(settling.settled))
    if saver.run.jobs != jobs:
        await saver.save(lambda run: replace(run, jobs=jobs, heartbeat_at=clock.now()))
    await show_life(saver, clock)


async def end_run(saver: RunSaver, settling: Settling, sink: Sink | None, documents: Documents, clock: Clock) -> Run:
    """Write the rejections and the unconfirmed jobs of the run, then its last state; returns the run.

    *sink* may be None when no job has ended with failures.
    It may be done again after a crash: both files are written anew, and the tally starts from the checkpoint's.
    """
    run = saver.run
    harvest = _Harvest(settling, sink, documents, show_life=lambda: show_life(saver, clock), fence=saver.fence)
    await documents.write_lines(rejections_path(run), harvest.rejections(run))
    counted = [settled for settled in settling.settled if settled.receipt.job_id not in settling.strays]
    unconfirmed = [settled for settled in counted if settled.status != COMPLETE]
    if unconfirmed:
        await documents.write_lines(unconfirmed_path(run), _unconfirmed(unconfirmed))
    else:
        await documents.delete(unconfirmed_path(run))
    rows = sum(settled.receipt.profiles for settled in unconfirmed)
    tally = run.tally.plus(accepted=-harvest.refused - rows, rejected=harvest.refused, unconfirmed=rows)
    done = RunStatus.PARTIAL if tally.rejected or tally.unconfirmed else RunStatus.SUCCEEDED
    return await saver.save(
        lambda run: replace(
            run,
            status=run.ending.status if run.ending else done,
            ended_at=clock.now(),
            waiting=None,
            tally=tally,
            jobs=Jobs(run.jobs.submitted, len(settling.settled)),
            warnings=tuple(dict.fromkeys((*run.warnings, *tell_of_left_out(run.left_out), *_strays(settling)))),
        )
    )


class _Harvest:
    """Gathers the rejected rows of a run from its parts and from Klaviyo; *refused* counts Klaviyo's late ones.

    *fence* keeps them from being written by a leg that lost its lease while it gathered them.
    """

    def __init__(
        self,
        settling: Settling,
        sink: Sink | None,
        documents: Documents,
        *,
        show_life: Callable[[], Awaitable[None]],
        fence: Callable[[], None],
    ) -> None:
        self._settling = settling
        self._sink = sink
        self._documents = documents
        self._show_life = show_life
        self._fence = fence
        self.refused = 0

    async def rejections(self, run: Run) -> AsyncIterator[bytes]:
        """Yield a line for each rejected row."""
        async for line in lines_of_parts(self._documents, run):
            if line.startswith(_REJECTION):
                yield orjson.dumps(orjson.loads(line)["rejection"])
        for settled in self._settling.settled:
            is_counted = settled.receipt.job_id not in self._settling.strays
            if is_counted and settled.status == COMPLETE and settled.failed:
                await self._show_life()
                async for rejection in self._late_rejections(settled):
                    self.refused += 1
                    yield orjson.dumps(rejection.document())
        self._fence()

    async def _late_rejections(self, settled: Settled) -> AsyncIterator[Rejection]:
        """Yield the rows that a job refused: each profile once, and at most as many as the job had."""
        receipt, named, count = settled.receipt, set[str](), 0
        if self._sink is None:
            return
        async for fault in self._sink.import_faults(str(receipt.job_id)):
            email = str(fault.fields.get("email") or "")
            if count == receipt.profiles or email in named:
                continue
            if email:
                named.add(email)
            count += 1
            yield _late(receipt, fault)
        for _ in range(min(settled.failed, receipt.profiles) - count):
            yield _late(receipt, ImportFault("not_named", _NOT_NAMED, {}))


def _late(receipt: Receipt, fault: ImportFault) -> Rejection:
    blobs = {span.blob for span in receipt.spans}
    return Rejection(
        blob=blobs.pop() if len(blobs) == 1 else None,
        row=None,
        reason=fault.reason,
        detail=fault.detail,
        refused_by="klaviyo",
        fields=fault.fields,
        spans=receipt.spans,
    )


def _strays(settling: Settling) -> list[str]:
    """Return a sentence about what Klaviyo took beyond the checkpoint, if it did."""
    profiles = sum(receipt.profiles for receipt in settling.uncounted)
    if not profiles:
        return []
    return [
        f"Klaviyo took {profiles:,} profiles of rows behind those that this run counts; they are in the list as well."
    ]


async def _unconfirmed(settled: list[Settled]) -> AsyncIterator[bytes]:
    for each in settled:
        yield orjson.dumps({**each.receipt.document(), "status": each.status})


_REJECTION = b'{"rejection"'
_NOT_NAMED = "Klaviyo counts this row as failed but does not name it."
