"""Sends a few batches at a time, and moves the checkpoint when they are taken."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Self

from shared.domain.batches.batch import Batch
from shared.domain.errors import Conflict, ExportError, Fatal, LeaseLost, StopAsked
from shared.domain.runs.checkpoint import CheckpointTracker
from shared.domain.runs.receipt import Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.sentences import say
from shared.pipeline.export.checkpointer import Checkpointer

Send = Callable[[Batch, ReceiptCollector, Callable[[], None]], Awaitable[Sent]]
"""Sends a batch; tells the collector of each receipt as it comes, and the last argument as the first request leaves."""
READY = 2
"""So many batches wait for their turn at most: enough to fill Klaviyo's limit from, and little memory."""


class RowsNotIsolated(Fatal):
    """Klaviyo refused rows that could not be found one by one within the limit on extra requests."""

    reason = "not_isolated"


class Window:
    """The batches that were put in and that the saved checkpoint has not passed yet, at most *size*; mutable.

    `READY` of them at most wait for their request to leave. So the window only fills where Klaviyo answers slowly.

    A batch gives its place back when the checkpoint has passed it, not when its send ends. Example: batch 7 of 30 is
    stalled. With places that end with a send, batches 8 to 30 would be sent and would wait for batch 7 in memory.
    Leaving the window waits for the batches in flight and raises the first failure. When the leg is cancelled, its
    sends are cancelled too.
    """

    def __init__(self, send: Send, tracker: CheckpointTracker, checkpointer: Checkpointer, *, size: int) -> None:
        self._send = send
        self._tracker = tracker
        self._checkpointer = checkpointer
        self._free = size
        self._ready: set[int] = set()
        self._changed = asyncio.Event()
        self._failure: Exception | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    async def put(self, batch: Batch) -> None:
        """Send *batch* as soon as a place is free; raises the first failure of the batches before."""
        while (self._free == 0 or len(self._ready) >= READY) and not self._failure:
            self._changed.clear()
            await self._changed.wait()
        self.check()
        self._free -= 1
        self._ready.add(batch.number)
        task = asyncio.create_task(self._deliver(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def check(self) -> None:
        """Raise the first failure, if there is one: rows that are read after a failure would never be sent."""
        if self._failure:
            raise self._failure

    def check_wanted(self) -> None:
        """Raise `StopAsked` when somebody wants the run to end; then the sends in flight make no further request."""
        if isinstance(self._failure, StopAsked):
            raise StopAsked(self._failure.sentence)

    def stop(self, error: Exception) -> None:
        """Let no further batch in: `put` and leaving the window raise *error*.

        The sends in flight end by themselves. When *error* says that another leg has taken over, these sends are
        cancelled: their outcomes could not be saved.
        """
        self._failure = self._failure or error
        if isinstance(error, Conflict | LeaseLost):
            self._stop_siblings()
        self._changed.set()

    def cut_off(self) -> None:
        """Cancel the sends in flight; whether Klaviyo took those batches is not known then."""
        for task in self._sending:
            task.cancel()

    async def rest(self) -> None:
        """Wait until no batch is in flight, and the checkpoints behind them are saved."""
        await asyncio.gather(*self._tasks, return_exceptions=True)  # some may have been stopped

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None or isinstance(error, Exception):
                await self.rest()
        finally:
            await self._cancel()
        if error is None:
            self.check()

    async def _deliver(self, batch: Batch) -> None:
        number = batch.number
        try:
            self.check()
            sent = await self._send_noting(batch) if len(batch) else Sent()
            self._tracker.acknowledge(batch, sent)
            isolated = sent.isolated
            del batch, sent  # they would fill the memory while this task waits to save
            passed = await self._checkpointer.save()
            self._free += passed
            if not isolated:
                raise RowsNotIsolated(say("rows_not_isolated", _NOT_ISOLATED))
        except Exception as error:  # noqa: BLE001 - kept, and raised by `put` or by leaving the window
            self.stop(error)
        self._leaves(number)

    def _leaves(self, number: int) -> None:
        """Let another batch in where there is a place: batch *number* waits for its turn no more."""
        self._ready.discard(number)
        self._changed.set()

    async def _send_noting(self, batch: Batch) -> Sent:
        """Send *batch*; when the send breaks off, note what Klaviyo took of the batch, or may have taken.

        A leg that has lost the run to another leg saves none of these notes.
        """
        task, collector = asyncio.current_task(), ReceiptCollector()
        self._sending |= {task} if task else set()
        try:
            return await self._send(batch, collector, partial(self._leaves, batch.number))
        except (ExportError, asyncio.CancelledError):
            self._checkpointer.note_taken(collector.receipts)
            raise
        finally:
            self._sending -= {task}

    def _stop_siblings(self) -> None:
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


_NOT_ISOLATED = (
    "Klaviyo refused more rows than could be found one by one; the rest of their batch is rejected as 'not_isolated'. "
    "Look at the rejections of the run for what Klaviyo said, and mend the segment."
)
