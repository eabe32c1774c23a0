"""Fills one page of a long list through a filter, and looks at a bounded number of items for it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.pipeline.reading.few_at_once import few_at_once

MOST_LOOKED_AT = 200
"""For one page at most so many items are read, also where a filter lets few of them through."""

Name = TypeVar("Name")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class FilteredPage(Generic[Name, Item]):
    """The *items* of a page; the next page begins after the item with the name *last*; None after the last page."""

    items: Sequence[Item]
    last: Name | None


async def fill_page(
    names: AsyncIterator[Name], read: Callable[[Name], Awaitable[Item | None]], *, limit: int
) -> FilteredPage[Name, Item]:
    """Return the first *limit* items for which *read* returns something; fewer where too many are filtered out.

    A page that is not full may have a next page. No item is read that would be on the next page.
    """
    found: list[Item] = []
    looked_at, last = 0, None
    while len(found) < limit and looked_at < MOST_LOOKED_AT:
        few = await _next(names, min(limit - len(found), MOST_LOOKED_AT - looked_at))
        if not few:
            return FilteredPage(found, None)
        looked_at, last = looked_at + len(few), few[-1]
        found += [item for item in await few_at_once(read, few) if item is not None]
    return FilteredPage(found, last if await _next(names, 1) else None)


async def _next(names: AsyncIterator[Name], count: int) -> list[Name]:
    few: list[Name] = []
    while len(few) < count:
        try:
            few.append(await anext(names))
        except StopAsyncIteration:
            break
    return few
