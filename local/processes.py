"""Runs child processes and always stops them: at the end of the block, and also when this process dies."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

GRACE = 15.0
"""Seconds between SIGTERM and SIGKILL for a child; a functions host with running work needs about ten."""

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_KEPT_LINES = 500
_LONGEST_LINE = 1 << 20


class LocalProblem(Exception):
    """Something on this laptop prevents the command from working; the message says what to do."""


class Child:
    """A running command, made by `child`. Standard output and standard error are read as one stream."""

    def __init__(
        self,
        name: str,
        process: asyncio.subprocess.Process,
        forward: Callable[[str], None] | None,
        grace: float,
    ) -> None:
        self.name = name
        self.pid = 0
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = process
        self._forward = forward
        self._grace = grace
        self._changed = asyncio.Condition()
        self._silent = False
        self._reading = asyncio.create_task(self._read())

    @property
    def exit_code(self) -> int | None:
        """Return the exit code (128 + N after signal N), or None while the command runs."""
        return self._process.returncode

    async def wait_for_line(self, pattern: str, *, seconds: float = 30.0) -> re.Match[str]:
        """Return the match of the first line in which *pattern* is found; earlier lines count as well.

        Raises `LocalProblem` when the command ends, or *seconds* pass, without such a line.
        """
        searched = re.compile(pattern)
        try:
            async with asyncio.timeout(seconds), self._changed:
                while True:
                    for line in self.lines:
                        if match := searched.search(line):
                            return match
                    if self._silent:
                        raise LocalProblem(f"{self.name} ended before it was ready. {self.last_output()}".rstrip())
                    await self._changed.wait()
        except TimeoutError:
            raise LocalProblem(
                f"{self.name} was not ready within {seconds:g} seconds. {self.last_output()}".rstrip()
            ) from None

    async def started(self) -> None:
        """Wait until the command runs; raises `LocalProblem` when the command cannot be started."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.pid or self._silent)
        if not self.pid:
            raise LocalProblem(f"{self.name} cannot be started. {self.last_output()}".rstrip())

    async def wait(self) -> int:
        """Wait until the command has ended without a request, and return its exit code."""
        await asyncio.wait([self._reading])
        return await self._process.wait()

    async def stop(self) -> None:
        """Stop the command with SIGTERM, and with SIGKILL after the grace time; return when its process is gone."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(self._grace + 4):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()
        await self._reading

    def last_output(self) -> str:
        """Return a sentence with the last line that the command printed, for an error message."""
        said = [line for line in self.lines if line.strip()]
        return f"It said: {said[-1].strip()}" if said else ""

    def _kill(self) -> None:
        for group in filter(None, (self.pid, self._process.pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)

    async def _read(self) -> None:
        if (first := await self._next_line()).strip().isdigit():
            self.pid = int(first)
        else:
            self.lines.append(first)
        await self._tell()
        while line := await self._next_line():
            self.lines.append(line.rstrip("\r\n"))
            if self._forward:
                self._forward(self.lines[-1])
            await self._tell()
        self._silent = True
        await self._tell()

    async def _next_line(self) -> str:
        """Return the next line with its line end, an empty text at the end; skip a line that is too long."""
        output = self._process.stdout
        while output:
            try:
                line = await output.readline()
            except ValueError:
                continue
            return line.decode(errors="replace")
        return ""

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def child(  # noqa: PLR0913 - the options of a process, each by name
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    forward: Callable[[str], None] | None = None,
    grace: float = GRACE,
) -> AsyncIterator[Child]:
    """Run *command* while the block runs, in *folder* or in the current folder; *forward* gets each line of output.

    The command has its own session, so Ctrl-C reaches this process only.
    The command is stopped at the end of the block, and when this process dies for any reason.
    Raises `LocalProblem` when the command cannot be started.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_SUPERVISOR),
        str(grace),
        *command,
        env=dict(os.environ if environment is None else environment),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=_LONGEST_LINE,
    )
    running = Child(name, process, forward, grace)
    try:
        await running.started()
        yield running
    finally:
        await running.stop()
