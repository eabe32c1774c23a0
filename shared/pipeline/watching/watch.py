"""Looks after a leg while it sends: shows that it is alive, and hears when somebody wants it to stop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from shared.domain.errors import Unavailable
from shared.domain.runs.plan import Plan
from shared.pipeline.watching.wanted import check_wanted
from shared.ports import Clock, Documents
from shared.store.run_saver import RunSaver
from shared.store.runs import Runs

LOOK_EVERY_SECONDS = 5.0
HEARTBEAT_SECONDS = 30.0
OVERTIME_SECONDS = 300.0
"""How long what is under way may go on when the leg's time is used up: one batch can take dozens of slow requests."""
GRACE_SECONDS = 10.0
"""How long what is under way may take to end when the leg is to stop; most requests have their answer by then."""


class Stoppable(Protocol):
    """What sends, and can be told to end."""

    def stop(self, error: Exception) -> None:
        """Begin nothing more, because of *error*."""
        ...

    def cut_off(self) -> None:
        """End what is still under way, too."""
        ...


@asynccontextmanager
async def watching(  # noqa: PLR0913 - what it works with, each by name
    saver: RunSaver, plan: Plan, documents: Documents, clock: Clock, work: Stoppable, *, deadline: float
) -> AsyncGenerator[None]:
    """Watch over the leg meanwhile; *work* hears why it must not go on.

    The leg looks at its *deadline* (monotonic seconds) itself, between batches; here its last ones come to an end.
    """
    until = deadline + OVERTIME_SECONDS
    task = asyncio.create_task(_watch(saver, plan, documents, clock, work, until=until))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def show_life(saver: RunSaver, clock: Clock) -> None:
    """Save the time in the run, when it was not for a while, so that the tick does not wake it for nothing."""
    now, last = clock.now(), saver.run.heartbeat_at
    if last is None or (now - last).total_seconds() >= HEARTBEAT_SECONDS:
        await saver.save(lambda run: replace(run, heartbeat_at=now))


async def _watch(  # noqa: PLR0913 - as above
    saver: RunSaver, plan: Plan, documents: Documents, clock: Clock, work: Stoppable, *, until: float
) -> None:
    runs = Runs(documents)
    try:
        while True:
            await check_wanted(runs, saver.run, plan)
            await show_life(saver, clock)
            if clock.monotonic() >= until:
                raise Unavailable(_TOO_SLOW)
            await clock.sleep(LOOK_EVERY_SECONDS)
    except Exception as error:  # noqa: BLE001 - raised where the batches come from
        work.stop(error)
    await clock.sleep(GRACE_SECONDS)
    work.cut_off()


_TOO_SLOW = "The answers were so slow that the time of the leg did not do for what was under way; it is tried again."
