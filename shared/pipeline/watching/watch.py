"""Watches over a leg in each of its phases: it shows life, hears who wants the run to stop, and looks at the time."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.domain.errors import HostStops, Unavailable
from shared.domain.runs.life.run_life import Held
from shared.domain.runs.progress import beating
from shared.domain.runs.run import Run
from shared.domain.sentences import say
from shared.pipeline.watching.still_wanted import Decided, check_wanted
from shared.ports import Clock, first_of
from shared.ports.host_stop import HostStop
from shared.ports.klaviyo_usage import longest_wait, news
from shared.store.run_saver import RunSaver
from shared.store.store import Store

LOOK_EVERY_SECONDS = 5.0
SHOW_EVERY_SECONDS = 1.0
"""How often a leg looks whether it is held by something; the run is saved only where that has changed."""
HEARTBEAT_SECONDS = 30.0
OVERTIME_SECONDS = 300.0
"""How long work under way may go on after the leg's deadline: one batch can take dozens of slow requests."""
GRACE_SECONDS = 10.0
"""How long work under way may go on once the leg must stop; most requests have their answer by then."""
HURRIED_SECONDS = 2.5
"""The same where the host stops: five seconds later the leg has saved how far it has come and let its leases go."""
STILL_READING_SECONDS = 1.0
"""A phase whose work has come to rest and that has not noticed that after so long is held up by what it reads."""


class Stoppable(Protocol):
    """Something that sends, and can be told to end."""

    def stop(self, error: Exception) -> None:
        """Begin nothing new, because of *error*."""
        ...

    def cut_off(self) -> None:
        """End the work that is under way, too."""
        ...

    async def rest(self) -> None:
        """Wait until no work is under way, and what came of it is saved."""
        ...


class Watch:
    """What is watched over in one phase of a leg; mutable.

    *decided* is what people had decided when the run was planned, None where that was not read yet.
    *stop* is told when the host stops. *until* is when the phase is stopped (monotonic seconds). A phase that sends
    looks at its deadline by itself, and has `OVERTIME_SECONDS` more for batches that are under way.
    """

    def __init__(  # noqa: PLR0913 - what the watch looks at, each by name
        self,
        saver: RunSaver,
        store: Store,
        clock: Clock,
        *,
        stop: HostStop,
        until: float,
        can_be_stopped: bool,
        decided: Decided | None = None,
    ) -> None:
        self.decided = decided
        self.reason: Exception | None = None
        """Why the phase must end, None while it may go on."""
        self._stop = stop
        self._saver = saver
        self._store = store
        self._clock = clock
        self._until = until
        self._can_be_stopped = can_be_stopped
        self._work: Stoppable | None = None

    @asynccontextmanager
    async def over(self, work: Stoppable) -> AsyncGenerator[None]:
        """Let *work* come to an end by itself, while the block runs, when the phase must end."""
        self._work = work
        try:
            yield
        finally:
            self._work = None

    async def look(self) -> None:
        """Raise `StopAsked` when somebody wants the run to end, `Unavailable` when the time of the phase is over.

        Raise `HostStops` when the host has said that it stops.
        """
        if self._stop.is_told:
            raise HostStops(_HOST_STOPS)
        if self._can_be_stopped:
            await check_wanted(self._store, self._saver.run, self.decided)
        if self._clock.monotonic() >= self._until:
            raise Unavailable(say("answers_too_slow", _TOO_SLOW))

    async def _show_what_holds(self) -> None:
        """Save what holds the leg, where that has changed."""
        wait = longest_wait(self._clock.now())
        held = Held(wait.reason, wait.since, wait.until) if wait else None
        if held != self._saver.run.held:
            life = beat(self._clock.now())
            await self._saver.save(lambda run: replace(life(run), held=held))

    async def until_stopped(self) -> None:
        """Look every few seconds; return when the phase must be cancelled, with the reason for it in *reason*.

        A phase that sends ends by itself, unless it is held up by what it reads.
        """
        try:
            while True:
                look_at = self._clock.monotonic() + LOOK_EVERY_SECONDS
                while self._clock.monotonic() < look_at and not self._stop.is_told:
                    await self._rest()
                    await self._show_what_holds()
                await self.look()
                await show_life(self._saver, self._clock)
        except Exception as error:  # noqa: BLE001 - the phase raises it
            self.reason = error
        if (work := self._work) is not None:
            work.stop(self.reason)
            await self._clock.sleep(HURRIED_SECONDS if isinstance(self.reason, HostStops) else GRACE_SECONDS)
            work.cut_off()
            await work.rest()
            await self._clock.sleep(STILL_READING_SECONDS)
            if self._work is None:
                await asyncio.Event().wait()  # until the phase has written what came of its work

    async def _rest(self) -> None:
        """Wait for the next thing to show, or until the host says that it stops."""
        await first_of(self._clock.sleep(SHOW_EVERY_SECONDS), self._stop.until_told())


@asynccontextmanager
async def watching(watch: Watch) -> AsyncGenerator[None]:
    """Watch while the block runs; when the phase must end, cancel the block wherever it waits and raise the reason."""
    block = asyncio.current_task()
    if block is None:
        message = "a phase is watched in a task"
        raise RuntimeError(message)
    keeper = _Keeper(watch, block)
    task = asyncio.create_task(keeper.keep())
    try:
        yield
    except (Exception, asyncio.CancelledError) as error:
        if keeper.has_cancelled and block.uncancel() == 0 and watch.reason is not None:
            raise watch.reason from (error if isinstance(error, Exception) else None)
        raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Keeper:
    """Cancels *block* when *watch* says so; mutable."""

    def __init__(self, watch: Watch, block: "asyncio.Task[object]") -> None:
        self.has_cancelled = False
        self._watch = watch
        self._block = block

    async def keep(self) -> None:
        await self._watch.until_stopped()
        self.has_cancelled = True
        self._block.cancel()


def beat(now: datetime) -> Callable[[Run], Run]:
    """Return the change that puts a sign of life, and what was asked of Klaviyo since the last one, into a run."""
    requests, throttled = news()
    return lambda run: beating(run, now, requests=requests, throttled=throttled)


async def show_life(saver: RunSaver, clock: Clock) -> None:
    """Save a heartbeat, unless the last one is younger than `HEARTBEAT_SECONDS`."""
    now, last = clock.now(), saver.run.heartbeat_at
    if last is None or (now - last).total_seconds() >= HEARTBEAT_SECONDS:
        await saver.save(beat(now))


_TOO_SLOW = "The answers were so slow that the time of the leg did not do for what was under way; it is tried again."
_HOST_STOPS = "The host stops the process of the leg."
