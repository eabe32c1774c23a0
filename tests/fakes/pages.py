"""Collections page by page, as Klaviyo's account in memory shows them."""

from typing import TypeVar

_Item = TypeVar("_Item")


def pages_of(items: list[_Item], size: int) -> list[tuple[str, list[_Item]]]:
    """Return *items* by pages with their numbers; the first page may be empty."""
    return [(str(at // size + 1), items[at : at + size]) for at in range(0, len(items) or 1, size)]
