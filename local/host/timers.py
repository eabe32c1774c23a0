"""Timer triggers: called at the times of their schedule, in UTC, one call at a time."""

import asyncio
import logging

import azure.functions as func

from local.host.functions import HostedFunction, Timer
from local.host.invocation import Invoker, Work
from shared.ports import Clock

logger = logging.getLogger(__name__)


class TimerCall(func.TimerRequest):
    """What a timer's function is told; a host that remembers no last call is never past due."""

    @property
    def past_due(self) -> bool:
        """Return whether the call comes late."""
        return False


class TimerListener:
    """Calls one function at the times of its schedule; a time that passes while it still runs is left out."""

    def __init__(self, function: HostedFunction, timer: Timer, *, invoker: Invoker, work: Work, clock: Clock) -> None:
        self._function = function
        self._timer = timer
        self._invoker = invoker
        self._work = work
        self._clock = clock

    async def run(self) -> None:
        """Wait and call until cancelled; a call that has begun is the shared `Work`'s."""
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
        # Cancelling the wait leaves the call alone.
        await asyncio.wait([self._work.start(self._invoker.invoke(self._function, TimerCall()))])
