"""Invokes a function for any trigger, and keeps the running invocations until they end."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, Protocol

from local.host.functions import HostedFunction, Queue
from local.host.worker.calls import Asked, HttpAnswered, Raised, Worker, WorkerLost

logger = logging.getLogger(__name__)


class FunctionFailed(Exception):
    """A function raised, took too long or could not send its outputs, or its worker died; the log has the reason."""


class Sender(Protocol):
    """The target of output bindings."""

    async def send(self, queue: Queue, body: bytes) -> None:
        """Put a message on *queue*."""
        ...


class Invoker:
    """Calls functions within a time limit (seconds, None for no limit) and sends their outputs."""

    def __init__(self, worker: Worker, sender: Sender, time_limit: float | None) -> None:
        self._worker = worker
        self._sender = sender
        self._time_limit = time_limit

    async def invoke(self, function: HostedFunction, asked: Asked) -> HttpAnswered | None:
        """Call *function* with *asked* from its trigger and return its answer.

        The outputs are sent after the function has returned; a function that fails sends none.
        A function that takes too long costs the worker its life, with everything that runs there.
        Raises `FunctionFailed` when anything went wrong.
        """
        logger.info("Executing '%s'.", function.name)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._time_limit) as limit:
                answer = await self._call(function, asked)
        except Exception as error:
            if limit.expired():
                logger.error("Function '%s' took longer than functionTimeout allows.", function.name)  # noqa: TRY400 - the place of the interruption is random
                await self._worker.kill()
            elif isinstance(error, (WorkerLost, _FunctionRaised)):
                logger.error("Function '%s' failed.%s", function.name, error)  # noqa: TRY400 - it has its own traceback
            else:
                logger.exception("Function '%s' failed.", function.name)
            raise FunctionFailed(f"Function '{function.name}' failed.") from error
        logger.info("Executed '%s' in %d ms.", function.name, (time.perf_counter() - started) * 1000)
        return answer

    async def _call(self, function: HostedFunction, asked: Asked) -> HttpAnswered | None:
        done = await self._worker.call(function.name, asked)
        if isinstance(done, Raised):
            raise _FunctionRaised(f"\n{done.traceback.rstrip()}")
        for name, queue in function.outputs.items():
            for body in done.outputs[name]:
                await self._sender.send(queue, body)
        return done.answer


class Work:
    """The running tasks of a host; a host that stops waits a while for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Start *coroutine* as a task; a failure of the task is logged and not raised."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait until all tasks have ended; give up those that still run after *seconds*."""
        if not self._tasks:
            return
        logger.info("Waiting up to %g seconds for %d running invocations.", seconds, len(self._tasks))
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            logger.warning("%d invocations did not end in time; the worker is killed with them.", len(late))
            await asyncio.wait(late)

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, FunctionFailed):
            logger.error("The host itself failed.", exc_info=error)


class _FunctionRaised(Exception):
    """The function itself has raised; the message is the traceback."""
