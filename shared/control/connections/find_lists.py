"""Finds the lists of a Klaviyo account that somebody may want to choose."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from shared.ports import ListInfo, Sink

MAX_PAGES = 500
"""5,000 lists; Klaviyo is said to allow about a thousand."""


@dataclass(frozen=True, slots=True)
class FoundLists:
    """Lists by name; *is_complete* unless the account has more than anybody can look through."""

    lists: tuple[ListInfo, ...]
    is_complete: bool


async def find_lists(sink: Sink, search: str = "") -> FoundLists:
    """Return the lists whose name has *search* in it, whatever its case, or whose id it is."""
    found: list[ListInfo] = []
    wanted, pages, listing = search.casefold(), 0, sink.lists()
    try:
        async for page in listing:
            if pages == MAX_PAGES:
                return FoundLists(tuple(found), is_complete=False)
            pages += 1
            found += [each for each in page if wanted in each.name.casefold() or each.id == search]
    finally:
        if isinstance(listing, AsyncGenerator):
            await listing.aclose()
    return FoundLists(tuple(found), is_complete=True)
