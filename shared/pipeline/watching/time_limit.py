"""Limits the time that a piece of work may take."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.domain.errors import Unavailable
from shared.domain.sentences import say
from shared.ports import Clock

_Result = TypeVar("_Result")


async def within(seconds: float, clock: Clock, work: Coroutine[Any, Any, _Result], *, what: str) -> _Result:
    """Return what *work* returns; cancel it and raise `Unavailable` when it has not ended after *seconds*."""
    task, timer = asyncio.create_task(work), asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait((task, timer), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        text = "{what} did not come to an end within {seconds:g} seconds; try again later."
        raise Unavailable(say("took_too_long", text, what=what, seconds=seconds))
    finally:
        for each in (task, timer):
            each.cancel()
        await asyncio.gather(task, timer, return_exceptions=True)
