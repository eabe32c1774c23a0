"""Sends a few batches at a time and keeps the checkpoint behind them."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from shared.domain.batches.batch import Batch
from shared.domain.errors import Conflict, ExportError, Fatal, LeaseLost, StopAsked
from shared.domain.runs.checkpoint import CheckpointTracker
from shared.domain.runs.receipt import Sent
from shared.pipeline.export.checkpointer import Checkpointer
from shared.ports import SendingCut

Send = Callable[[Batch], Awaitable[Sent]]


class RowsNotIsolated(Fatal):
    """Klaviyo refused rows that could not be told apart within the bound on extra requests."""

    reason = "not_isolated"


class Window:
    """At most *size* batches between being let in and being behind the saved checkpoint; mutable.

    A slot is given back when the checkpoint passes, not when a send ends: otherwise a stalled batch would let all
    that come after it pile up in memory.
    Leaving the window waits for what is in flight and raises the first failure; a cancelled leg cancels its sends.
    """

    def __init__(self, send: Send, tracker: CheckpointTracker, checkpointer: Checkpointer, *, size: int) -> None:
        self._send = send
        self._tracker = tracker
        self._checkpointer = checkpointer
        self._free = size
        self._changed = asyncio.Event()
        self._failure: Exception | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._is_cut_off = False

    async def put(self, batch: Batch) -> None:
        """Send *batch* as soon as a slot is free; raises the first failure of those before it."""
        while self._free == 0 and not self._failure:
            self._changed.clear()
            await self._changed.wait()
        self.check()
        self._free -= 1
        task = asyncio.create_task(self._deliver(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def check(self) -> None:
        """Raise the first failure, if there is one: what is read after it would never be sent."""
        if self._failure:
            raise self._failure

    def check_wanted(self) -> None:
        """Raise `StopAsked` when somebody wants the run to end; then what is in flight asks for nothing more."""
        if isinstance(self._failure, StopAsked):
            raise StopAsked(str(self._failure))

    def stop(self, error: Exception) -> None:
        """Let no further batch in: whoever puts one, or leaves, gets *error*.

        What is in flight ends by itself, unless another leg has taken over: then it counts for nothing.
        """
        self._failure = self._failure or error
        if isinstance(error, Conflict | LeaseLost):
            self._stop_siblings()
        self._changed.set()

    def cut_off(self) -> None:
        """Stop what is in flight; whether Klaviyo took it is not known then."""
        self._is_cut_off = True
        for task in self._sending:
            task.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None or isinstance(error, Exception):
                await asyncio.gather(*self._tasks, return_exceptions=True)  # some may have been stopped
        finally:
            await self._cancel()
        if error is None:
            self.check()

    async def _deliver(self, batch: Batch) -> None:
        try:
            self.check()
            sent = await self._send_knowing(batch) if len(batch) else Sent()
            self._tracker.acknowledge(batch, sent)
            isolated = sent.isolated
            del batch, sent  # waiting for a turn to save, they would only take up memory
            passed = await self._checkpointer.save()
            self._free += passed
            if not isolated:
                raise RowsNotIsolated(_NOT_ISOLATED)
        except Exception as error:  # noqa: BLE001 - kept, and raised where the batches come from
            self.stop(error)
        self._changed.set()

    async def _send_knowing(self, batch: Batch) -> Sent:
        """Send *batch*; what Klaviyo took, or may have taken, before that broke off is noted."""
        task = asyncio.current_task()
        self._sending |= {task} if task else set()
        try:
            return await self._send(batch)
        except ExportError as error:
            self._checkpointer.note_taken(error.taken)
            raise
        except SendingCut as cut:
            if self._is_cut_off:
                self._checkpointer.note_taken(cut.taken)
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
