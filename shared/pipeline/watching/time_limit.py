"""Limits the time that a piece of work may take."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from shared.domain.errors import Unavailable
from shared.domain.sentences import say
from shared.ports import Clock, first_of

_Result = TypeVar("_Result")


async def within(seconds: float, clock: Clock, work: Coroutine[Any, Any, _Result], *, what: str) -> _Result:
    """Return what *work* returns; cancel it and raise `Unavailable` when it has not ended after *seconds*."""
    text = "{what} did not come to an end within {seconds:g} seconds; try again later."
    late = say("took_too_long", text, what=what, seconds=seconds)
    return await in_time(seconds, clock, work, late=lambda: Unavailable(late))


async def in_time(
    seconds: float, clock: Clock, work: Coroutine[Any, Any, _Result], *, late: Callable[[], Exception]
) -> _Result:
    """Return what *work* returns; cancel it and raise what *late* returns when it has not ended after *seconds*."""
    task = asyncio.create_task(work)
    try:
        if await ends_within(seconds, clock, task):
            return task.result()
        raise late()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ends_within(seconds: float, clock: Clock, task: asyncio.Task[Any]) -> bool:
    """Wait for *task*, for *seconds* at most, and tell whether it has ended; the task goes on."""
    await first_of(asyncio.wait([task]), clock.sleep(seconds))
    return task.done()
