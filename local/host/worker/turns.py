"""Measures how long the event loop of a worker keeps others waiting, where a benchmark asks for it."""

import asyncio
import os
import time
from pathlib import Path

WHERE = "LOOP_WAITS"
"""The setting that names the file for what is measured."""
EVERY_SECONDS = 0.005
LEAST_SECONDS = 0.01


async def note_waits(path: Path) -> None:
    """Write each long wait for a turn into the file at *path*: when, and the seconds of processor time until the turn.

    Processor time of this thread, since on a busy machine other processes make a wait longer as well.
    """
    with path.open("a", buffering=1) as file:
        while True:
            before = time.thread_time()
            await asyncio.sleep(EVERY_SECONDS)
            if (held := time.thread_time() - before) >= LEAST_SECONDS:
                file.write(f"{time.time():.3f} {held:.4f}\n")


def longest_wait(path: Path, *, since: float) -> float:
    """Return the longest wait that was noted *since* then, in seconds of processor time."""
    noted = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    return max((float(held) for at, held in noted if float(at) >= since), default=0.0)


def asked_for() -> Path | None:
    """Return the file where waits shall be noted, None where nobody asks."""
    where = os.environ.get(WHERE)
    return Path(where) if where else None
