"""Functions hosts that can be killed at any moment, and begin anew at once."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

from local.processes import Child, LocalProblem, child

LEG = "export_segment"
AT_WORK_SECONDS = 0.4
"""A call of this age is a leg at work, none that found its run ended or in other hands."""


class MortalHost:
    """A functions host as a process; mutable. Its log tells how many legs are at work."""

    def __init__(self, name: str, settings: Mapping[str, str], *, note: Callable[[str, str], None]) -> None:
        self.name = name
        self.url = ""
        self.failed = 0
        self._begun: list[float] = []
        self._settings = dict(settings)
        self._note = note
        self._stack = AsyncExitStack()
        self._process: Child | None = None

    @property
    def legs(self) -> int:
        """Return how many legs are at work."""
        return sum(time.monotonic() - begun >= AT_WORK_SECONDS for begun in self._begun)

    async def start(self) -> None:
        """Start it and wait until it is ready; raises `LocalProblem`."""
        self._begun.clear()
        words = (sys.executable, "-m", "local", "host", "--port", "0")
        environment = {**os.environ, **self._settings}
        running = child(f"Functions host {self.name}", words, environment=environment, forward=self._hear, grace=1.0)
        self._process = await self._stack.enter_async_context(running)
        self.url = (await self._process.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]

    def strike(self) -> int:
        """Kill it with SIGKILL, itself and what it has started; return how many legs die with it.

        Raises `LocalProblem` when it has ended by itself.
        """
        legs = self.legs
        try:
            if self._process:
                os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError as error:
            raise LocalProblem(f"Functions host {self.name} has ended by itself.") from error
        return legs

    async def bury(self) -> None:
        """Wait until it is gone, by itself or because this asks it to go."""
        await self._stack.aclose()
        self._process = None

    def _hear(self, line: str) -> None:
        self._note(self.name, line)
        if f"Executing '{LEG}'" in line:
            self._begun.append(time.monotonic())
        elif re.search(rf"Executed '{LEG}'|Function '{LEG}' (failed|took)", line):
            self.failed += "Executed" not in line
            if self._begun:
                self._begun.pop(self._age_rank(line))

    def _age_rank(self, line: str) -> int:
        """Return which of the calls under way has ended: the one whose age is nearest to what the log says."""
        took = re.search(r"in (\d+) ms", line)
        begun = time.monotonic() - (int(took[1]) / 1000 if took else 0.0)
        return min(range(len(self._begun)), key=lambda place: abs(self._begun[place] - begun))
