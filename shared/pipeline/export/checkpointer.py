"""Saves how far a leg has come: first a part, which is never changed, then the run document, which makes it count."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shared.domain.batches.batch import Batch
from shared.domain.runs.checkpoint import Advance, CheckpointTracker
from shared.domain.runs.progress import come_forward
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.run import Reasons, Run
from shared.domain.runs.run_notes import left_out_by_reason, with_notes
from shared.pipeline.watching.watch import beat
from shared.ports import Clock
from shared.store.run_parts import Parts
from shared.store.run_saver import RunSaver


class Checkpointer:
    """Writes the batches that *tracker* has moved over, one save at a time; mutable.

    Batches that are acknowledged during a save are written by the next one.
    After one failed save every further save fails too: a later checkpoint would pass over receipts that were never
    written.
    """

    def __init__(self, saver: RunSaver, tracker: CheckpointTracker, parts: Parts, clock: Clock) -> None:
        self._saver = saver
        self._tracker = tracker
        self._parts = parts
        self._clock = clock
        self._failure: Exception | None = None
        self._turn = asyncio.Lock()
        self._bytes_read = 0
        self._marks: dict[int, int] = {}
        self._broken_off: list[Receipt] = []

    def note_bytes_read(self, size: int) -> None:
        """Count stored bytes of the source whose rows are all in batches by now."""
        self._bytes_read += size

    def marking(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield *batches*; once the checkpoint has passed one, the bytes counted when it was cut lie behind."""
        for batch in batches:
            self._marks[batch.number] = self._bytes_read
            yield batch

    async def save(self) -> int:
        """Save the checkpoint; return how many batches it moved over."""
        async with self._turn:
            if self._failure:
                raise self._failure
            advance = self._tracker.take_advance()
            try:
                if advance.batches:
                    await self._commit(advance)
            except Exception as error:
                self._failure = error
                raise
            return advance.batches

    def note_taken(self, receipts: Iterable[Receipt]) -> None:
        """Note what Klaviyo took, or may have taken, of a batch whose send broke off; `save_strays` writes that."""
        self._broken_off += receipts

    async def save_strays(self, *, isolation_requests: int) -> None:
        """Save the strays: receipts of rows after the checkpoint, which the tally does not count.

        Example: batch 3 failed half-way, and batch 4 was taken. The checkpoint stays after batch 2; the receipts of
        the first half of batch 3 and of batch 4 are strays. Settling waits for their jobs as well. Their rows count
        only when a later leg sends them again.
        *isolation_requests* is the number of extra requests of the whole run by now, with those for such batches.
        """
        async with self._turn:
            strays = [*self._tracker.strays(), *self._broken_off]
            is_news = strays or isolation_requests > self._saver.run.isolation_requests
            if self._failure or not is_news:
                return
            part = self._next_part() if strays else None
            if part:
                await self._parts.write(self._saver.run, part, strays=strays)
            await self._saver.save(
                lambda run: replace(with_part(run, part, strays), isolation_requests=isolation_requests)
            )

    async def _commit(self, advance: Advance) -> None:
        part = None
        if advance.receipts or advance.rejections:
            part = self._next_part()
            await self._parts.write(self._saver.run, part, receipts=advance.receipts, rejections=advance.rejections)
        behind = max((self._marks.pop(n) for n in [*self._marks] if n <= advance.checkpoint.batches), default=0)
        now = self._clock.now()
        life = beat(now)
        await self._saver.save(lambda run: life(_moved(come_forward(run, now), advance, part, behind)))

    def _next_part(self) -> int:
        return next_part(self._saver.run)


def next_part(run: Run) -> int:
    """Return the number of the next part of the leg at work."""
    return run.parts.get(str(run.legs), 0) + 1


def with_part(run: Run, part: int | None, receipts: Sequence[Receipt] = ()) -> Run:
    """Return *run* with *part*, one more part of its leg, in which *receipts* stand; without a part *run* as it is."""
    if part is None:
        return run
    jobs = sum(receipt.job_id is not None for receipt in receipts)
    parts = {**run.parts, str(run.legs): part}
    return replace(run, parts=parts, jobs=replace(run.jobs, submitted=run.jobs.submitted + jobs))


def _moved(run: Run, advance: Advance, part: int | None, behind: int) -> Run:
    left_out = Counter(run.left_out) + advance.notes.left_out()
    notes = with_notes(run.notes, advance.notes)
    rejected = Counter(run.reasons.rejected) + Counter(each.reason for each in advance.rejections)
    return replace(
        with_part(run, part, advance.receipts),
        checkpoint=advance.checkpoint,
        tally=advance.tally,
        isolation_requests=run.isolation_requests + advance.isolation_requests,
        reasons=Reasons(rejected, left_out_by_reason(notes, left_out)),
        left_out=left_out,
        notes=notes,
        source=replace(run.source, bytes_read=max(run.source.bytes_read, behind)),
    )
