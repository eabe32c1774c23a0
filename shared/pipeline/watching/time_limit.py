"""Limits the time that a piece of work may take."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from shared.domain.errors import Unavailable
from shared.domain.sentences import say
from shared.ports import Clock

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
    task, timer = asyncio.create_task(work), asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait((task, timer), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise late()
    finally:
        for each in (task, timer):
            each.cancel()
        await asyncio.gather(task, timer, return_exceptions=True)
