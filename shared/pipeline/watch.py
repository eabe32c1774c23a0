"""Looks after a leg while it sends: shows that it is alive, and hears when somebody wants it to stop."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from shared.domain.errors import ExportError
from shared.domain.plan import Plan
from shared.pipeline.configuration import check_wanted
from shared.pipeline.runs import Runs, RunSaver
from shared.ports import Clock, Documents

LOOK_EVERY_SECONDS = 5.0
HEARTBEAT_SECONDS = 30.0


@asynccontextmanager
async def watching(
    saver: RunSaver, plan: Plan, documents: Documents, clock: Clock, stop: Callable[[Exception], None]
) -> AsyncGenerator[None]:
    """Watch over the leg meanwhile; *stop* hears why it must not go on."""
    task = asyncio.create_task(_watch(saver, plan, documents, clock, stop))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def show_life(saver: RunSaver, clock: Clock) -> None:
    """Save the time in the run, when it was not for a while, so that the tick does not wake it for nothing."""
    now, last = clock.now(), saver.run.heartbeat_at
    if last is None or (now - last).total_seconds() >= HEARTBEAT_SECONDS:
        await saver.save(lambda run: replace(run, heartbeat_at=now))


async def _watch(
    saver: RunSaver, plan: Plan, documents: Documents, clock: Clock, stop: Callable[[Exception], None]
) -> None:
    runs = Runs(documents)
    try:
        while True:
            await clock.sleep(LOOK_EVERY_SECONDS)
            await check_wanted(runs, saver.run, plan)
            await show_life(saver, clock)
    except ExportError as error:
        stop(error)
