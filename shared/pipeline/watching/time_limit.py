"""How long somebody who waits for an answer is kept waiting."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.domain.errors import Unavailable
from shared.ports import Clock

_Result = TypeVar("_Result")


async def within(seconds: float, clock: Clock, work: Coroutine[Any, Any, _Result], *, what: str) -> _Result:
    """Return what *work* returns; raises `Unavailable` when it has not ended after *seconds*, and ends it."""
    task, timer = asyncio.create_task(work), asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait((task, timer), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Unavailable(f"{what} did not come to an end within {seconds:g} seconds; try again later.")
    finally:
        for each in (task, timer):
            each.cancel()
        await asyncio.gather(task, timer, return_exceptions=True)
