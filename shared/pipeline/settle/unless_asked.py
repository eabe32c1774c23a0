"""Settles until somebody asks the run not to wait for its import jobs."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from shared.domain.errors import Retryable
from shared.pipeline.phase import Done, Outcome
from shared.pipeline.watching.time_limit import ends_within
from shared.pipeline.watching.watch import LOOK_EVERY_SECONDS
from shared.ports import Clock
from shared.store.runs import StopNote

Look = Callable[[], Awaitable[StopNote | None]]
"""Returns the note that asks the run not to wait for its import jobs, or None."""


async def unless_asked(work: Coroutine[Any, Any, Outcome], look: Look, clock: Clock) -> Outcome | StopNote:
    """Return what *work* returns, or the note that is left meanwhile: then the work is cut off where it is.

    The last look is after the work: before a run waits for minutes, and before it pauses for an error.
    """
    task = asyncio.create_task(work)
    try:
        while not await ends_within(LOOK_EVERY_SECONDS, clock, task):
            if note := await _looked(look):
                return note
        if _has_completed(task):
            return task.result()
        return await _looked(look) or task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _has_completed(task: asyncio.Task[Outcome]) -> bool:
    return task.exception() is None and isinstance(task.result(), Done)


async def _looked(look: Look) -> StopNote | None:
    """Return the note; a storage that does not answer just now is asked again later."""
    with suppress(Retryable):
        return await look()
    return None
