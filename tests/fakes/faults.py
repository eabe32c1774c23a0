"""Things that go wrong on purpose: calls of a fake that fail before or after they took effect."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shared.domain.errors import Unavailable

Action = Callable[[], Awaitable[None]]


@dataclass
class _Fault:
    call: str
    pattern: str
    after: bool
    skip: int
    times: int
    error: BaseException | None
    action: Action | None


class Faults:
    """What will go wrong in a fake, and what was called; mutable.

    *call* is the name of the port's method or ``*``, *path* a pattern as of a shell.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        """How often each method was called."""
        self.log: list[tuple[str, str]] = []
        """Every call in order: method and path."""
        self._planned: list[_Fault] = []

    def fail(
        self,
        call: str,
        path: str = "*",
        *,
        error: BaseException | None = None,
        after: bool = False,
        skip: int = 0,
        times: int = 1,
    ) -> None:
        """Let the next *times* matching calls, after *skip* good ones, raise *error* (by default `Unavailable`).

        With *after* the call takes effect first: its answer is lost.
        """
        error = error or Unavailable(f"The test lets '{call}' fail.")
        self._planned.append(_Fault(call, path, after, skip, times, error, None))

    def when(self, call: str, path: str, action: Action, *, after: bool = False, skip: int = 0) -> None:
        """Await *action* once, before (or *after*) the matching call that comes next after *skip* others."""
        self._planned.append(_Fault(call, path, after, skip, 1, None, action))

    def count(self, call: str, path: str = "*") -> int:
        """Return how many calls matched."""
        return sum(_matches(call, path, *made) for made in self.log)

    async def before(self, call: str, path: str) -> None:
        """Note a call, and let it fail if that was planned."""
        self.calls[call] += 1
        self.log.append((call, path))
        await self._strike(call, path, after=False)

    async def after(self, call: str, path: str) -> None:
        """Lose the answer of a call if that was planned."""
        await self._strike(call, path, after=True)

    async def _strike(self, call: str, path: str, *, after: bool) -> None:
        for fault in list(self._planned):
            if fault.after is not after or not _matches(fault.call, fault.pattern, call, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if not fault.times:
                self._planned.remove(fault)
            if fault.action:
                await fault.action()
            if fault.error:
                raise fault.error


def _matches(wanted_call: str, pattern: str, call: str, path: str) -> bool:
    return wanted_call in ("*", call) and fnmatchcase(path, pattern)
