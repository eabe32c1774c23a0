"""The worker as a process of its own, which can die or hang alone; the host starts a new one in its place."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from local.host.worker.calls import Asked, Described, Done, Raised, WorkerLost
from local.host.worker.frames import read_frame, write_frame
from local.processes import LocalProblem

READY_SECONDS = 60.0
MOST_RESTARTS = 3
"""After so many workers that ended before they were ready, the host gives up."""

logger = logging.getLogger(__name__)

_REPOSITORY = Path(__file__).parents[3]


class WorkerProcess:
    """Runs the app of *folder*, or of the current folder, in a process of the same group. Mutable.

    *settings* are settings of the app beside those of this process's environment.
    """

    def __init__(self, folder: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = settings or {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._calls: dict[int, asyncio.Future[Done | Raised]] = {}
        self._number = 0
        self._is_ready = asyncio.Event()
        self._is_stopping = False
        self._watching: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Return the id of the process, 0 before there is one."""
        return self._process.pid if self._process else 0

    async def start(self) -> Sequence[Described]:
        """Start the process and return the functions of its app; see `Worker`."""
        reader, functions = await self._begin()
        self._watching = asyncio.create_task(self._watch(reader))
        return functions

    async def call(self, name: str, asked: Asked) -> Done | Raised:
        """Call a function; wait for a worker if the last one has just died; see `Worker`."""
        await self._is_ready.wait()
        if self._is_stopping or not self._writer:
            raise WorkerLost
        number = self._number = self._number + 1
        answered = self._calls[number] = asyncio.get_running_loop().create_future()
        write_frame(self._writer, (number, name, asked))
        try:
            done: Done | Raised = await answered
            return done
        finally:
            self._calls.pop(number, None)

    async def kill(self) -> None:
        """Kill the process; see `Worker`."""
        self._send(signal.SIGKILL)

    async def tell(self) -> None:
        """Send SIGTERM; see `Worker`. A process that does not listen for it dies of it."""
        self._send(signal.SIGTERM)

    async def stop(self) -> None:
        """Kill the process and start no other; see `Worker`."""
        self._is_stopping = True
        self._is_ready.set()
        self._send(signal.SIGKILL)
        if self._watching:
            await asyncio.wait([self._watching])

    def _send(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _end(self) -> None:
        self._send(signal.SIGKILL)
        if self._writer:
            self._writer.close()
        if self._process:
            await self._process.wait()

    async def _begin(self) -> tuple[asyncio.StreamReader, Sequence[Described]]:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "local.host.worker",
                str(theirs.fileno()),
                cwd=self._folder,
                env={**os.environ, **self._settings, "PYTHONPATH": os.pathsep.join(_where_modules_are())},
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        if self._is_stopping:
            self._send(signal.SIGKILL)  # `stop` came before there was a process to kill
        reader, self._writer = await asyncio.open_connection(sock=ours)
        try:
            async with asyncio.timeout(READY_SECONDS):
                told = await read_frame(reader)
        except (EOFError, TimeoutError) as error:
            await self._end()
            raise LocalProblem("The worker ended before it was ready; the lines above say why.") from error
        if isinstance(told, str):
            await self._end()
            raise LocalProblem(told)
        self._is_ready.set()
        return reader, told

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        """Hand on answers; when the worker has died, tell all its calls, and begin another one."""
        while True:
            await self._hand_on(reader)
            if self._writer:
                self._writer.close()
            if self._process:
                await self._process.wait()
            if self._is_stopping:
                return
            logger.warning("The worker has died; the host starts another one.")
            begun = await self._begin_again()
            if begun is None:
                return
            reader = begun

    async def _hand_on(self, reader: asyncio.StreamReader) -> None:
        with suppress(EOFError):
            while True:
                number, answer = await read_frame(reader)
                if (answered := self._calls.get(number)) and not answered.done():
                    answered.set_result(answer)
        if not self._is_stopping:
            self._is_ready.clear()
        for answered in self._calls.values():
            if not answered.done():
                answered.set_exception(WorkerLost())

    async def _begin_again(self) -> asyncio.StreamReader | None:
        """Begin another process, and return what it says; None where `stop` comes meanwhile."""
        for attempt in range(MOST_RESTARTS):
            try:
                reader, _ = await self._begin()
                logger.info("Worker process %d has taken its place.", self.pid)
            except LocalProblem:
                if self._is_stopping:
                    return None
                if attempt == MOST_RESTARTS - 1:
                    raise
            else:
                return reader
        raise AssertionError


def _where_modules_are() -> Iterator[str]:
    yield str(_REPOSITORY)
    if given := os.environ.get("PYTHONPATH"):
        yield given
