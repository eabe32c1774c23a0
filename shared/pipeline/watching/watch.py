"""Watches over a leg while it sends: saves the heartbeat, and looks whether somebody wants the run to stop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from shared.domain.errors import Unavailable
from shared.domain.runs.plan import Plan
from shared.domain.sentences import say
from shared.pipeline.watching.still_wanted import check_wanted
from shared.ports import Clock
from shared.store.run_saver import RunSaver
from shared.store.store import Store

LOOK_EVERY_SECONDS = 5.0
HEARTBEAT_SECONDS = 30.0
OVERTIME_SECONDS = 300.0
"""How long work under way may go on after the leg's deadline: one batch can take dozens of slow requests."""
GRACE_SECONDS = 10.0
"""How long work under way may go on once the leg must stop; most requests have their answer by then."""


class Stoppable(Protocol):
    """Something that sends, and can be told to end."""

    def stop(self, error: Exception) -> None:
        """Begin nothing new, because of *error*."""
        ...

    def cut_off(self) -> None:
        """End the work that is under way, too."""
        ...


@asynccontextmanager
async def watching(  # noqa: PLR0913 - what the watch looks at, each by name
    saver: RunSaver, plan: Plan, store: Store, clock: Clock, work: Stoppable, *, deadline: float
) -> AsyncGenerator[None]:
    """Watch over *work* while the block runs; stop *work*, with the reason, when it must not go on.

    *deadline* is in monotonic seconds. The leg itself looks at its deadline between batches.
    The watch only ends batches that are still under way `OVERTIME_SECONDS` after the deadline.
    """
    until = deadline + OVERTIME_SECONDS
    task = asyncio.create_task(_watch(saver, plan, store, clock, work, until=until))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def show_life(saver: RunSaver, clock: Clock) -> None:
    """Save a heartbeat, unless the last one is younger than `HEARTBEAT_SECONDS`; the tick wakes a run that has none."""
    now, last = clock.now(), saver.run.heartbeat_at
    if last is None or (now - last).total_seconds() >= HEARTBEAT_SECONDS:
        await saver.save(lambda run: replace(run, heartbeat_at=now))


async def _watch(  # noqa: PLR0913 - as above
    saver: RunSaver, plan: Plan, store: Store, clock: Clock, work: Stoppable, *, until: float
) -> None:
    try:
        while True:
            await check_wanted(store, saver.run, plan)
            await show_life(saver, clock)
            if clock.monotonic() >= until:
                raise Unavailable(say("answers_too_slow", _TOO_SLOW))
            await clock.sleep(LOOK_EVERY_SECONDS)
    except Exception as error:  # noqa: BLE001 - *work* raises it where batches are put in
        work.stop(error)
    await clock.sleep(GRACE_SECONDS)
    work.cut_off()


_TOO_SLOW = "The answers were so slow that the time of the leg did not do for what was under way; it is tried again."
