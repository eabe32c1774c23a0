"""Functions hosts that the test can kill at any moment and start again."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from enum import StrEnum

from local.processes import Child, LocalProblem, child

LEG = "export_segment"
LONGEST_HANG = 240.0
"""Seconds in which a host must have ended a worker that hangs: the time limit of a call, and until one comes."""
STANDSTILL = 45.0
"""Seconds for which a worker stands still by default: longer than its leases hold."""
AT_WORK_SECONDS = 0.4
"""A call that has run this long is a leg at work.

A shorter call may be a leg that found its run ended or leased by another leg.
"""


class Death(StrEnum):
    """How a host, or only its worker, ends."""

    KILLED = "killed"
    STOPPED = "stopped"
    WORKER_KILLED = "worker killed"
    WORKER_HUNG = "worker hung"
    WORKER_STOOD_STILL = "worker stood still"


class KillableHost:
    """A functions host in a process of its own. Mutable.

    The class counts the legs at work from the lines that the host logs. *note* gets the name of the host and each of
    these lines. *words* are further options of the host. A worker that stands still does so for *standstill* seconds.
    """

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        *,
        note: Callable[[str, str], None] = lambda _host, _line: None,
        words: Sequence[str] = (),
        standstill: float = STANDSTILL,
    ) -> None:
        self.name = name
        self.url = ""
        self.failed = 0
        self._begun: list[float] = []
        self._settings = dict(settings)
        self._note = note
        self._words = tuple(words)
        self._standstill = standstill
        self._stack = AsyncExitStack()
        self._process: Child | None = None
        self._worker = 0
        self._has_worker = asyncio.Event()

    @property
    def tells(self) -> bool:
        """Tell whether the host lets its worker know that it stops."""
        return "told" in self._words

    @property
    def legs(self) -> int:
        """Return how many legs are at work."""
        return sum(time.monotonic() - begun >= AT_WORK_SECONDS for begun in self._begun)

    async def start(self) -> None:
        """Start the host and wait until it is ready; raises `LocalProblem`."""
        self._begun.clear()
        words = (sys.executable, "-m", "local", "host", "--port", "0", *self._words)
        environment = {**os.environ, **self._settings}
        running = child(f"Functions host {self.name}", words, environment=environment, forward=self._hear, grace=1.0)
        self._process = await self._stack.enter_async_context(running)
        self.url = (await self._process.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]

    def kill(self) -> int:
        """Send SIGKILL to the host and its child processes; return how many legs were at work.

        Raises `LocalProblem` when the host had ended before.
        """
        legs = self.legs
        try:
            if self._process:
                os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError as error:
            raise LocalProblem(f"Functions host {self.name} has ended by itself.") from error
        return legs

    async def end(self, how: Death) -> int:
        """Let the host or its worker die and begin anew; return how many legs were at work.

        The host starts another worker by itself: at once for one that was killed, and for one that hangs when a call
        has taken longer than `functionTimeout`. A worker that stood still goes on, although others have its runs by
        then. Raises `LocalProblem`.
        """
        legs = self.legs
        match how:
            case Death.KILLED:
                self.kill()
            case Death.STOPPED if self._process:
                with suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGTERM)
                await self._process.wait()  # the host kills its worker after ten seconds
            case Death.WORKER_KILLED:
                await self._end_worker(signal.SIGKILL)
            case Death.WORKER_HUNG:
                await self._end_worker(signal.SIGSTOP)
            case Death.WORKER_STOOD_STILL:
                await self._let_stand_still()
        if how in (Death.KILLED, Death.STOPPED):
            await self.wait_until_gone()
            await self.start()
        return legs

    async def wait_until_gone(self) -> None:
        """Ask the host to stop, and wait until its process is gone."""
        await self._stack.aclose()
        self._process = None

    async def _end_worker(self, number: signal.Signals) -> None:
        self._has_worker.clear()
        try:
            os.kill(self._worker, number)
            async with asyncio.timeout(LONGEST_HANG):
                await self._has_worker.wait()
        except (ProcessLookupError, TimeoutError) as error:
            raise LocalProblem(f"Functions host {self.name} has not started another worker.") from error

    async def _let_stand_still(self) -> None:
        with suppress(ProcessLookupError):  # a call took too long meanwhile, and the host has ended the worker
            os.kill(worker := self._worker, signal.SIGSTOP)
            await asyncio.sleep(self._standstill)
            os.kill(worker, signal.SIGCONT)

    def _hear(self, line: str) -> None:
        self._note(self.name, line)
        if worker := re.search(r"Worker process (\d+) (runs|has taken)", line):
            self._worker = int(worker[1])
            self._has_worker.set()
        if f"Executing '{LEG}'" in line:
            self._begun.append(time.monotonic())
        elif re.search(rf"Executed '{LEG}'|Function '{LEG}' (failed|took)", line):
            self.failed += "Executed" not in line
            if self._begun:
                self._begun.pop(self._age_rank(line))

    def _age_rank(self, line: str) -> int:
        """Return the index of the call that has ended.

        The log line has the duration of the call but no id, so the call with the nearest age is taken.
        """
        took = re.search(r"in (\d+) ms", line)
        begun = time.monotonic() - (int(took[1]) / 1000 if took else 0.0)
        return min(range(len(self._begun)), key=lambda place: abs(self._begun[place] - begun))
