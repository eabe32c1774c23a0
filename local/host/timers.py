"""Timer triggers: calls a function at the times of its schedule, in UTC, one call at a time, on one instance."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from local.host.functions import HostedFunction, Timer
from local.host.invocation import Invoker, Work
from local.host.worker.calls import TimerAsked
from shared.ports import Clock

TRY_AGAIN_SECONDS = 15.0
"""How often an instance looks whether another one has let go of the timer."""
SHORTEST_MONITORED = timedelta(minutes=1)
"""The host remembers no calls of a timer that fires more often."""

logger = logging.getLogger(__name__)


class TimerRecord(Protocol):
    """What the instances of an app know together about a timer."""

    async def take(self) -> bool:
        """Take the timer for this instance; return False while another instance has it."""
        ...

    async def keep(self) -> None:
        """Keep the timer; return when this instance has lost it."""
        ...

    async def release(self) -> None:
        """Let another instance take the timer at once."""
        ...

    async def due(self) -> datetime | None:
        """Return when the next call was to come by what was noted last; None where nothing was."""
        ...

    async def note(self, last: datetime | None, due: datetime) -> None:
        """Note the *last* call, and when the next one is *due*."""
        ...


class Alone:
    """The record of a host without a storage: there is no other instance, and nothing is remembered."""

    async def take(self) -> bool:
        """Take the timer; see `TimerRecord`."""
        return True

    async def keep(self) -> None:
        """Keep the timer for ever; see `TimerRecord`."""
        await asyncio.Event().wait()

    async def release(self) -> None:
        """Do nothing; see `TimerRecord`."""

    async def due(self) -> datetime | None:
        """Return None; see `TimerRecord`."""
        return None

    async def note(self, last: datetime | None, due: datetime) -> None:
        """Do nothing; see `TimerRecord`."""


class TimerListener:
    """Calls one function at the times of its schedule; skips a time that comes while the function still runs.

    Times that passed while no instance had the timer are made up for by one late call.
    """

    def __init__(  # noqa: PLR0913 - what a listener is made of, each by name
        self,
        function: HostedFunction,
        timer: Timer,
        *,
        invoker: Invoker,
        work: Work,
        clock: Clock,
        record: TimerRecord | None = None,
        early: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._function = function
        self._timer = timer
        self._invoker = invoker
        self._work = work
        self._clock = clock
        self._record = record or Alone()
        self._early = early

    async def run(self) -> None:
        """Wait and call until cancelled; the shared `Work` keeps the tasks of calls that have started."""
        while True:
            while not await self._record.take():
                await self._clock.sleep(TRY_AGAIN_SECONDS)
            tasks = asyncio.create_task(self._record.keep()), asyncio.create_task(self._call_at_times())
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
                await self._record.release()
            for task in tasks:
                if not task.cancelled() and (error := task.exception()):
                    raise error
            logger.warning("Another instance may have taken the timer of function '%s'.", self._function.name)

    async def _call_at_times(self) -> None:
        last = self._clock.now()
        if self._timer.at_start:
            await self._call()
        elif (missed := await self._record.due()) and self._is_monitored(missed) and missed <= last:
            await self._call(past_due=True)
            last = max(last, missed)
        while due := self._timer.schedule.after(max(last, self._clock.now())):
            if self._is_monitored(due):
                await self._record.note(last, due)
            early = timedelta(seconds=self._early())
            while (wait := (due - early - self._clock.now()).total_seconds()) > 0:
                await self._clock.sleep(wait)
            await self._call()
            last = due
        logger.warning("The schedule of function '%s' has no further time.", self._function.name)
        await asyncio.Event().wait()

    def _is_monitored(self, due: datetime) -> bool:
        following = self._timer.schedule.after(due)
        return self._timer.is_monitored and (following is None or following - due >= SHORTEST_MONITORED)

    async def _call(self, *, past_due: bool = False) -> None:
        # When the wait is cancelled, the call goes on.
        await asyncio.wait([self._work.start(self._invoker.invoke(self._function, TimerAsked(past_due)))])
