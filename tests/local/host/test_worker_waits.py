"""How long the loop of a worker lets others wait is noted in processor time."""

import asyncio
import time
from pathlib import Path

from local.host.worker.turns import longest_wait, note_waits


def work(seconds: float) -> None:
    """Use so much processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def test_the_longest_wait_is_found(tmp_path: Path) -> None:
    noted = tmp_path / "waits"
    noting = asyncio.create_task(note_waits(noted))
    await asyncio.sleep(0)
    work(0.15)
    async with asyncio.timeout(10):
        while not longest_wait(noted, since=0):  # noqa: ASYNC110 - in a file
            await asyncio.sleep(0)
    noting.cancel()
    assert longest_wait(noted, since=0) >= 0.15
    assert longest_wait(noted, since=time.time() + 1) == 0.0
    assert longest_wait(tmp_path / "nobody-asked", since=0) == 0.0
