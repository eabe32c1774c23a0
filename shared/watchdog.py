"""Ends a process whose event loop is held: no tick, no leg and no answer can come from it, and nobody else notices."""

import asyncio
import faulthandler
import logging
import threading
import time

logger = logging.getLogger(__name__)

STACKS_AFTER_SECONDS = 60.0
"""Longer than anything that the app does in one step, and than a storage account or a machine that stumbles."""
ENDS_AFTER_SECONDS = 90.0
_TURNS = 60
"""How often the loop is seen to turn, at best, in the time after which the stacks are written."""
_STANDARD_ERROR = 2
"""The file itself: the host's Python may have put something else in the place of `sys.stderr`."""


def watch_over(
    loop: asyncio.AbstractEventLoop,
    *,
    stacks_after: float = STACKS_AFTER_SECONDS,
    ends_after: float = ENDS_AFTER_SECONDS,
) -> None:
    """Watch over *loop*, which runs, until it is closed.

    When it has not turned for *stacks_after* seconds, the stack of each thread goes to standard error.
    After *ends_after* seconds they go there once more, and the process ends with 1. Azure then starts a new one.
    A process has one watchdog.
    """
    watchdog = _Watchdog(loop, stacks_after, ends_after)
    watchdog.turn()
    threading.Thread(target=watchdog.watch, name="watchdog", daemon=True).start()


class _Watchdog:
    """Looks when a loop last turned; mutable. `turn` is called by the loop, `watch` runs in a thread of its own.

    A step that never lets go of Python's global lock, such as a regular expression, holds that thread, too.
    So the end is left to `faulthandler`, whose own thread needs no lock: each turn of the loop puts it off.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, stacks_after: float, ends_after: float) -> None:
        self._loop = loop
        self._stacks_after = stacks_after
        self._ends_after = ends_after
        self._every = stacks_after / _TURNS
        self._turned_at = time.monotonic()

    def turn(self) -> None:
        """Note that the loop turns, and turn again in a while."""
        faulthandler.dump_traceback_later(self._ends_after, exit=True, file=_STANDARD_ERROR)
        self._turned_at = time.monotonic()
        self._loop.call_later(self._every, self.turn)

    def watch(self) -> None:
        """Look again and again until the loop is closed; write the stacks once each time that it is held."""
        told_of = 0.0
        while not self._loop.is_closed():
            time.sleep(self._every)
            turned_at = self._turned_at
            if turned_at != told_of and time.monotonic() - turned_at >= self._stacks_after:
                told_of = turned_at
                self._tell()
        faulthandler.cancel_dump_traceback_later()

    def _tell(self) -> None:
        """Write the stacks first: whoever holds the loop may hold the log, too."""
        faulthandler.dump_traceback(file=_STANDARD_ERROR, all_threads=True)
        logger.critical(
            "The event loop was held for %g seconds; the stacks are in standard error. At %g seconds the process ends.",
            self._stacks_after,
            self._ends_after,
        )
