"""Processes that can be killed at any step of theirs: nothing of what they would do after that takes place."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.domain.errors import Unavailable
from tests.fakes.faults import Faults

T = TypeVar("T")


class Killed(asyncio.CancelledError):
    """The process is no more; whoever comes to a port of the outside world gets no further."""


@dataclass(frozen=True)
class Step:
    """One call of a process at a port, before it takes effect or *after*."""

    port: str
    call: str
    path: str
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.port}.{self.call} {self.path}"


class Process:
    """Whoever works on one message, with every task of theirs; mutable.

    It dies at step number *dies_at* (from 0), or when it is killed. What it was about to do then does not take effect;
    its leases are not let go of. At step number *fails_at* it gets no answer, and lives on.
    """

    def __init__(self, *, dies_at: int | None = None, fails_at: int | None = None) -> None:
        self.steps: list[Step] = []
        self.is_dead = False
        self._dies_at = dies_at
        self._fails_at = fails_at
        self._death = asyncio.Event()

    async def run(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do *work* and return what it returns; None when the process died of it."""
        context = copy_context()
        context.run(_current.set, self)
        task = asyncio.create_task(work, context=context)
        death = asyncio.create_task(self._death.wait())
        await asyncio.wait({task, death}, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if not self.is_dead:
            return task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return None

    def kill(self) -> None:
        """Let it die where it is."""
        self.is_dead = True
        self._death.set()

    def reach(self, step: Step) -> None:
        """Come to *step*; raises `Killed` where the process dies of it, `Unavailable` where that fails."""
        if not self.is_dead and len(self.steps) == self._dies_at:
            self.kill()
        if self.is_dead:
            raise Killed
        self.steps.append(step)
        if len(self.steps) - 1 == self._fails_at:
            raise Unavailable(f"No answer {step}.")


def current_process() -> Process | None:
    """Return the process that the running task belongs to; None for a test's own doings."""
    return _current.get()


class StepFaults(Faults):
    """Faults of one *port* which let processes die, and tell *observers* of each step that is taken; mutable."""

    def __init__(self, port: str) -> None:
        super().__init__()
        self.observers: list[Callable[[Step], None]] = []
        self._port = port

    def forget(self) -> None:
        """Let nothing more go wrong."""
        self._planned.clear()

    async def before(self, call: str, path: str) -> None:
        step = Step(self._port, call, path, after=False)
        self._reach(step)
        await super().before(call, path)
        if (process := current_process()) and process.is_dead:  # while it waited for what was to go wrong
            raise Killed
        self._tell(step)

    async def after(self, call: str, path: str) -> None:
        step = Step(self._port, call, path, after=True)
        self._tell(step)
        self._reach(step)
        await super().after(call, path)

    def _reach(self, step: Step) -> None:
        if process := current_process():
            process.reach(step)

    def _tell(self, step: Step) -> None:
        for observer in self.observers:
            observer(step)


_current: ContextVar[Process | None] = ContextVar("_current", default=None)
