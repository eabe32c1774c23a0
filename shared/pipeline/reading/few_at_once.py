"""Works on many things, a few at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

AT_ONCE = 8

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


async def few_at_once(work: Callable[[_Item], Awaitable[_Result]], items: Iterable[_Item]) -> list[_Result]:
    """Return what *work* returns for each of *items*, in order; at most `AT_ONCE` are worked on at the same time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: _Item) -> _Result:
        async with gate:
            return await work(item)

    return list(await asyncio.gather(*map(one, items)))
