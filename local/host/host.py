"""The host: runs every trigger of an app in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import azure.functions as func
from aiohttp import web

from local.clock import SystemClock
from local.host.functions import HostedFunction, Queue, Timer, read_functions
from local.host.http.keys import Keys
from local.host.http.server import HttpFront, start_server
from local.host.invocation import Invoker, Work
from local.host.queues import Polling, QueueListener
from local.host.settings import HostSettings
from local.host.storage_queues import StorageQueues
from local.host.timers import TimerListener
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock of a host, and two times in seconds.

    *longest_pause* is the longest time between two looks at an idle queue.
    The pause is shorter than in host.json, because a person waits at a laptop.
    *grace* is the time that running invocations get when the host stops.
    """

    clock: Clock = field(default_factory=SystemClock)
    longest_pause: float = 1.0
    grace: float = 5.0


@dataclass(frozen=True, slots=True)
class Host:
    """A running host."""

    url: str
    functions: list[HostedFunction]
    listening: "tuple[asyncio.Task[None], ...]"

    async def serve(self) -> None:
        """Wait until cancelled; raise the error of a listener that ends, which is a fault of this host."""
        await asyncio.gather(asyncio.Event().wait(), *self.listening)


@asynccontextmanager
async def running_host(  # noqa: PLR0913, PLR0917 - what a host is made of, each by name
    app: func.FunctionApp,
    settings: HostSettings,
    storage: str,
    port: int = 0,
    timing: Timing | None = None,
    keys: Keys | None = None,
) -> AsyncIterator[Host]:
    """Run the functions of *app* while the block runs, on *storage* (a connection string) and *port* (0: a free one).

    Without *keys* every function and every admin address is open, as under ``func start``.
    At the end the host takes no more work, waits a while for running invocations, and cancels the rest.
    An app can run in one host only.
    Raises `LocalProblem` when the host cannot start.
    """
    timing = timing or Timing()
    functions = read_functions(app, settings)
    queues, work = StorageQueues(settings, storage), Work()
    invoker = Invoker(queues, settings.function_timeout)
    pause = min(timing.longest_pause, settings.queues.max_polling_interval)
    polling = Polling(queues, invoker, work, settings.queues, timing.clock, pause)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(queues.close)
        listeners = await _listeners(functions, polling)
        front = HttpFront(functions, invoker, work, settings, keys)
        server, url = await start_server(front.answer, port, grace=timing.grace)
        listening = tuple(asyncio.create_task(listener.run()) for listener in listeners)
        stack.push_async_callback(_stop, listening, server, work, timing.grace)
        yield Host(url, functions, listening)


async def _listeners(functions: list[HostedFunction], polling: Polling) -> list[QueueListener | TimerListener]:
    listeners: list[QueueListener | TimerListener] = []
    for function in functions:
        if isinstance(function.trigger, Queue):
            listener = QueueListener(function, function.trigger, polling)
            await listener.prepare()
            listeners.append(listener)
        elif isinstance(function.trigger, Timer):
            timer = TimerListener(
                function, function.trigger, invoker=polling.invoker, work=polling.work, clock=polling.clock
            )
            listeners.append(timer)
        for output in function.outputs.values():
            await polling.queues.client(output)
    return listeners


async def _stop(
    listening: "tuple[asyncio.Task[None], ...]", server: web.ServerRunner, work: Work, grace: float
) -> None:
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await asyncio.gather(server.cleanup(), work.drain(grace))
