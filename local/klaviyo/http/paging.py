"""Pages of a collection: the requested page, and the cursor of the next one."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from local.klaviyo.http.problems import invalid_parameter


@dataclass(frozen=True, slots=True)
class PageAsked:
    """The requested page: *size* items after position *after* (None: from the start)."""

    size: int
    after: int | None = None
    descending: bool = False

    def pick(self, count: int, wanted: Callable[[int], bool] = lambda _position: True) -> "Page":
        """Return this page of the positions from 0 to *count* - 1 for which *wanted* is true."""
        picked: list[int] = []
        for position in filter(wanted, self._positions(count)):
            if len(picked) == self.size:
                return Page(picked, _cursor(picked[-1]))
            picked.append(position)
        return Page(picked, None)

    def _positions(self, count: int) -> Iterator[int]:
        if self.descending:
            return iter(range((count if self.after is None else self.after) - 1, -1, -1))
        return iter(range(0 if self.after is None else self.after + 1, count))


@dataclass(frozen=True, slots=True)
class Page:
    """The positions on a page; *cursor* is that of the next page, None on the last one."""

    positions: list[int]
    cursor: str | None

    def links(self, here: str, query: Mapping[str, str]) -> dict[str, str | None]:
        """Return the links of the answer to a request for the address *here* with *query*."""
        following = _url(here, {**query, "page[cursor]": self.cursor}) if self.cursor else None
        return {"self": _url(here, query), "next": following, "prev": None}


def page_asked(
    query: Mapping[str, str], *, default: int = 20, maximum: int = 100, sort: str | None = None
) -> PageAsked:
    """Read page[size], page[cursor] and sort, where *sort* is the only field to sort by; raises `Refused`."""
    text = query.get("page[size]", str(default))
    size = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    if not 1 <= size <= maximum:
        raise invalid_parameter("page[size]", f"Page size must be an integer between 1 and {maximum}.")
    order = query.get("sort", sort)
    if order not in (sort, f"-{sort}"):
        raise invalid_parameter("sort", f"'{order}' is not a valid sort here.")
    return PageAsked(size, _position(query.get("page[cursor]")), descending=order != sort)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(orjson.dumps({"after": position})).decode().rstrip("=")


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        after = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))["after"]
    except (binascii.Error, ValueError, TypeError, KeyError):
        after = None
    if not isinstance(after, int):
        raise invalid_parameter("page[cursor]", "The cursor is not one of ours.")
    return after


def _url(address: str, query: Mapping[str, str | None]) -> str:
    pairs = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items() if value is not None]
    return f"{address}?{'&'.join(pairs)}" if pairs else address
