"""The host: listens for every trigger of an app, and lets a worker run the functions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from local.clock import SystemClock
from local.host.functions import HostedFunction, Queue, Timer, read_functions
from local.host.http.server import Guard, HttpFront, start_server
from local.host.invocation import Invoker, Work
from local.host.queues import Polling, QueueListener
from local.host.settings import STORAGE, HostSettings
from local.host.storage_queues import StorageQueues, is_by_identity
from local.host.timer_blobs import HostBlobs
from local.host.timers import Alone, TimerListener
from local.host.worker.calls import Worker
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock of a host, and some times in seconds.

    *longest_pause* is the longest time between two looks at an idle queue; host.json may say a shorter one.
    The pause is short by default, because a person waits at a laptop.
    *grace* is the time that running invocations get when the host stops; Azure kills them after 10 seconds.
    *early* returns how much too early a timer fires.
    *tells*: the worker gets SIGTERM when the host stops. Nothing tells whether Azure does that, so the default is no.
    """

    clock: Clock = field(default_factory=SystemClock)
    longest_pause: float = 1.0
    grace: float = 10.0
    early: Callable[[], float] = lambda: 0.0
    tells: bool = False


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
    worker: Worker,
    settings: HostSettings,
    storage: str,
    port: int = 0,
    timing: Timing | None = None,
    guard: Guard | None = None,
) -> AsyncIterator[Host]:
    """Run the functions of *worker* while the block runs, on *storage* (a connection string) and *port* (0: any).

    Without a *guard* every function and every admin address is open, as under ``func start``.
    At the end the host takes no more work, waits a while for running invocations, and kills the worker.
    Raises `LocalProblem` when the host cannot start.
    """
    timing = timing or Timing()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(worker.stop)
        functions = read_functions(await worker.start(), settings)
        queues, work = StorageQueues(settings, storage), Work()
        stack.push_async_callback(queues.close)
        invoker = Invoker(worker, queues, settings.function_timeout)
        pause = min(timing.longest_pause, settings.queues.max_polling_interval)
        polling = Polling(queues, invoker, work, settings.queues, timing.clock, pause)
        for queue in _queues(functions):
            await queues.client(queue)
        blobs = await _blobs(functions, settings, storage, stack)
        listeners = _listeners(functions, polling, blobs, timing.early)
        front = HttpFront(functions, invoker, work, settings, guard)
        server, url = await start_server(front.answer, port, grace=timing.grace)
        listening = tuple(asyncio.create_task(listener.run()) for listener in listeners)
        stack.push_async_callback(_stop, listening, server, work, timing.grace)
        if timing.tells:
            stack.push_async_callback(worker.tell)
        yield Host(url, functions, listening)


def _listeners(
    functions: list[HostedFunction], polling: Polling, blobs: HostBlobs | None, early: Callable[[], float]
) -> list[QueueListener | TimerListener]:
    listeners: list[QueueListener | TimerListener] = []
    for function in functions:
        if isinstance(function.trigger, Queue):
            listeners.append(QueueListener(function, function.trigger, polling))
        elif isinstance(function.trigger, Timer):
            timer = TimerListener(
                function,
                function.trigger,
                invoker=polling.invoker,
                work=polling.work,
                clock=polling.clock,
                record=blobs.timer(function.name, polling.clock) if blobs else Alone(),
                early=early,
            )
            listeners.append(timer)
    return listeners


def _queues(functions: list[HostedFunction]) -> Iterator[Queue]:
    for function in functions:
        if isinstance(function.trigger, Queue):
            yield function.trigger
        yield from function.outputs.values()


async def _blobs(
    functions: list[HostedFunction], settings: HostSettings, storage: str, stack: AsyncExitStack
) -> HostBlobs | None:
    """Open the place of the host's own notes; None where there is no timer, or no storage."""
    has_storage = storage or is_by_identity(settings.values, STORAGE)
    if not has_storage or not any(isinstance(function.trigger, Timer) for function in functions):
        return None
    queues = sorted({function.trigger.name for function in functions if isinstance(function.trigger, Queue)})
    host_id = sha256(f"{Path.cwd()} {queues}".encode()).hexdigest()[:32]
    blobs = HostBlobs(settings, storage, host_id)
    stack.push_async_callback(blobs.close)
    await blobs.open()
    return blobs


async def _stop(
    listening: "tuple[asyncio.Task[None], ...]", server: web.ServerRunner, work: Work, grace: float
) -> None:
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await asyncio.gather(server.cleanup(), work.drain(grace))
