"""Timer triggers: calls a function at the times of its schedule, in UTC, one call at a time."""

import asyncio
import logging

import azure.functions as func

from local.host.functions import HostedFunction, Timer
from local.host.invocation import Invoker, Work
from shared.ports import Clock

logger = logging.getLogger(__name__)


class TimerCall(func.TimerRequest):
    """The argument of a timer's function; never past due, because this host remembers no earlier call."""

    @property
    def past_due(self) -> bool:
        """Return whether the call is late."""
        return False


class TimerListener:
    """Calls one function at the times of its schedule; skips a time that comes while the function still runs."""

    def __init__(self, function: HostedFunction, timer: Timer, *, invoker: Invoker, work: Work, clock: Clock) -> None:
        self._function = function
        self._timer = timer
        self._invoker = invoker
        self._work = work
        self._clock = clock

    async def run(self) -> None:
        """Wait and call until cancelled; the shared `Work` keeps the tasks of calls that have started."""
        if self._timer.at_start:
            await self._call()
        last = self._clock.now()
        while due := self._timer.schedule.after(max(last, self._clock.now())):
            while (wait := (due - self._clock.now()).total_seconds()) > 0:
                await self._clock.sleep(wait)
            await self._call()
            last = due
        logger.warning("The schedule of function '%s' has no further time.", self._function.name)
        await asyncio.Event().wait()

    async def _call(self) -> None:
        # When the wait is cancelled, the call goes on.
        await asyncio.wait([self._work.start(self._invoker.invoke(self._function, TimerCall()))])
