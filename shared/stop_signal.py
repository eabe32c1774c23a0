"""Hears the signal with which a host may tell a process that it is about to end."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable

logger = logging.getLogger(__name__)

LIVES_ON_SECONDS = 8.0
"""So long the process lives after the signal: legs need five seconds, and the host some time to send their messages."""


def hear_stop(loop: asyncio.AbstractEventLoop, tell: Callable[[], None], *, lives_on: float = LIVES_ON_SECONDS) -> None:
    """Call *tell* when SIGTERM comes, and let the process end by the signal *lives_on* seconds later.

    *loop* runs in the main thread, which alone hears signals. Without this the process would end at once, so nobody
    waits for it longer than that. Whoever listened to the signal before gets it in the end.
    """
    before = signal.getsignal(signal.SIGTERM)

    def end() -> None:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)
        os.kill(os.getpid(), signal.SIGTERM)

    def hear() -> None:
        logger.warning("The host stops this process; its legs end, and other processes go on with their runs.")
        tell()
        loop.call_later(lives_on, end)

    loop.add_signal_handler(signal.SIGTERM, hear)
