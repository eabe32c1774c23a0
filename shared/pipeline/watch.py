"""Looks after a leg while it sends: shows that it is alive, and hears when somebody wants it to stop."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Protocol

from shared.domain.errors import ExportError, StopAsked
from shared.pipeline.runs import Runs, RunSaver
from shared.ports import Clock, Documents

LOOK_EVERY_SECONDS = 5.0
HEARTBEAT_SECONDS = 30.0


class _Tools(Protocol):
    """What is needed to look after a leg."""

    @property
    def documents(self) -> Documents: ...

    @property
    def clock(self) -> Clock: ...


@asynccontextmanager
async def watching(saver: RunSaver, tools: _Tools, stop: Callable[[Exception], None]) -> AsyncGenerator[None]:
    """Watch over the leg meanwhile; *stop* hears why it must not go on."""
    task = asyncio.create_task(_watch(saver, tools, stop))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def show_life(saver: RunSaver, clock: Clock) -> None:
    """Save the time in the run, when it was not for a while, so that nobody else takes it up."""
    now, last = clock.now(), saver.run.heartbeat_at
    if last is None or (now - last).total_seconds() >= HEARTBEAT_SECONDS:
        await saver.save(lambda run: replace(run, heartbeat_at=now))


async def _watch(saver: RunSaver, tools: _Tools, stop: Callable[[Exception], None]) -> None:
    runs = Runs(tools.documents)
    try:
        while True:
            await tools.clock.sleep(LOOK_EVERY_SECONDS)
            if by := await runs.cancelled_by(saver.run):
                raise StopAsked(f"{by} cancelled the run.")
            await show_life(saver, tools.clock)
    except ExportError as error:
        stop(error)
