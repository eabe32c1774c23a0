"""Saves how far a leg has come: first a part that nobody will change, then the run document that makes it count."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson

from shared.domain.checkpoint import Advance, CheckpointTracker
from shared.domain.receipt import Receipt
from shared.domain.run import Jobs, Run
from shared.pipeline.runs import RunSaver, part_path
from shared.ports import Clock, Documents


class Checkpointer:
    """Writes what *tracker* has moved over, one save at a time; what is acknowledged meanwhile goes with the next.

    After a save that failed, every other one fails too: a later checkpoint would pass over receipts never written.
    """

    def __init__(self, saver: RunSaver, tracker: CheckpointTracker, documents: Documents, clock: Clock) -> None:
        self._saver = saver
        self._tracker = tracker
        self._documents = documents
        self._clock = clock
        self._failure: Exception | None = None
        self._turn = asyncio.Lock()
        self._bytes_read = 0

    def note_bytes_read(self, size: int) -> None:
        """Count stored bytes of the source that were read; the next save shows them."""
        self._bytes_read += size

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

    async def save_strays(self) -> None:
        """Save the receipts of batches that were taken although one before them never will be: they are settled too."""
        async with self._turn:
            if self._failure is None and (strays := self._tracker.strays()):
                run = self._saver.run
                part = run.parts.get(str(run.legs), 0) + 1
                await self._documents.write_lines(part_path(run, run.legs, part), _stray_lines(strays))
                jobs = sum(receipt.job_id is not None for receipt in strays)
                await self._saver.save(
                    lambda run: replace(
                        run,
                        parts={**run.parts, str(run.legs): part},
                        jobs=Jobs(run.jobs.submitted + jobs, run.jobs.ended),
                    )
                )

    async def _commit(self, advance: Advance) -> None:
        run = self._saver.run
        part = run.parts.get(str(run.legs), 0) + 1
        if advance.receipts or advance.rejections:
            await self._documents.write_lines(part_path(run, run.legs, part), _lines(advance))
        else:
            part -= 1
        await self._saver.save(lambda run: self._moved(run, advance, part))

    def _moved(self, run: Run, advance: Advance, part: int) -> Run:
        jobs = sum(receipt.job_id is not None for receipt in advance.receipts)
        return replace(
            run,
            checkpoint=advance.checkpoint,
            tally=advance.tally,
            parts={**run.parts, str(run.legs): part} if part else run.parts,
            jobs=Jobs(run.jobs.submitted + jobs, run.jobs.ended),
            isolation_requests=run.isolation_requests + advance.isolation_requests,
            left_out=dict(Counter(run.left_out) + advance.left_out),
            source=replace(run.source, bytes_read=max(run.source.bytes_read, self._bytes_read)),
            heartbeat_at=self._clock.now(),
            progress_at=self._clock.now(),
            pauses=0,
            starts=1,
        )


async def _lines(advance: Advance) -> AsyncIterator[bytes]:
    for receipt in advance.receipts:
        yield orjson.dumps({"receipt": receipt.document()})
    for rejection in advance.rejections:
        yield orjson.dumps({"rejection": rejection.document()})


async def _stray_lines(strays: list[Receipt]) -> AsyncIterator[bytes]:
    for receipt in strays:
        yield orjson.dumps({"stray": receipt.document()})
