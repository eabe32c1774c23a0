"""Finds lists of a Klaviyo account by name or by id."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from shared.ports import ListInfo, Sink

MAX_PAGES = 500
"""So many pages are 5,000 lists; Klaviyo is said to allow about a thousand lists."""


@dataclass(frozen=True, slots=True)
class FoundLists:
    """Lists by name; *is_complete* is False when the account has more than `MAX_PAGES` pages of lists."""

    lists: tuple[ListInfo, ...]
    is_complete: bool


async def find_lists(sink: Sink, search: str = "") -> FoundLists:
    """Return the lists with *search* in their name, in upper or lower case, and the list with the id *search*."""
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
