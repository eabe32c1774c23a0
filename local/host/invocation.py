"""Invokes a function for any trigger, and keeps the running invocations until they end."""

import asyncio
import inspect
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Protocol

import azure.functions as func

from local.host.functions import RETURN, HostedFunction, Http, Queue

logger = logging.getLogger(__name__)

AFTER_CANCELLING = 3.0
"""Seconds that a cancelled invocation gets to clean up."""


class FunctionFailed(Exception):
    """A function raised, took too long or could not send its outputs; the log has the reason."""


class Sender(Protocol):
    """The target of output bindings."""

    async def send(self, queue: Queue, body: bytes) -> None:
        """Put a message on *queue*."""
        ...


class Output(func.Out[Any]):
    """An output binding: keeps the value that a function sets until the function returns."""

    def __init__(self) -> None:
        self._value: Any = None

    def set(self, val: Any) -> None:
        """Keep *val* for sending."""
        self._value = val

    def get(self) -> Any:
        """Return the value that was set."""
        return self._value


class Invoker:
    """Calls functions within a time limit (seconds, None for no limit) and sends their outputs."""

    def __init__(self, sender: Sender, time_limit: float | None) -> None:
        self._sender = sender
        self._time_limit = time_limit

    async def invoke(self, function: HostedFunction, value: Any) -> Any:
        """Call *function* with *value* from its trigger and return its result.

        The outputs are sent after the function has returned; a function that fails sends none.
        Raises `FunctionFailed` when anything went wrong.
        """
        logger.info("Executing '%s'.", function.name)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._time_limit) as limit:
                result = await self._call(function, value)
        except Exception as error:
            if limit.expired():
                logger.error("Function '%s' took longer than functionTimeout allows.", function.name)  # noqa: TRY400 - the place of the interruption is random
            else:
                logger.exception("Function '%s' failed.", function.name)
            raise FunctionFailed(f"Function '{function.name}' failed.") from error
        logger.info("Executed '%s' in %d ms.", function.name, (time.perf_counter() - started) * 1000)
        return result

    async def _call(self, function: HostedFunction, value: Any) -> Any:
        outputs = {name: Output() for name in function.outputs if name != RETURN}
        result = await _await(function.call, {function.argument: value, **outputs})
        if result is not None and RETURN not in function.outputs and not isinstance(function.trigger, Http):
            raise TypeError(f"Function '{function.name}' returned a value, but no binding takes one.")
        values = {name: output.get() for name, output in outputs.items()}
        if RETURN in function.outputs:
            values[RETURN] = result
        for name, queue in function.outputs.items():
            for body in _bodies(values[name]):
                await self._sender.send(queue, body)
        return result


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
        """Wait until all tasks have ended; cancel those that still run after *seconds*."""
        if not self._tasks:
            return
        logger.info("Waiting up to %g seconds for %d running invocations.", seconds, len(self._tasks))
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            logger.warning("%d invocations did not end in time and were cancelled.", len(late))
            await asyncio.wait(late, timeout=AFTER_CANCELLING)

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, FunctionFailed):
            logger.error("The host itself failed.", exc_info=error)


async def _await(call: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    if inspect.iscoroutinefunction(call):
        return await call(**arguments)
    return await asyncio.to_thread(call, **arguments)


def _bodies(value: Any) -> list[bytes]:
    """Return the messages of an output's value, by the rules of Azure's Python worker."""
    if value is None:
        return []
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_body(item) for item in value]
    return [_body(value)]


def _body(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, func.QueueMessage):
        return bytes(value.get_body())
    raise TypeError(f"A queue output takes text, QueueMessage or a list of them, not {type(value).__name__}.")
