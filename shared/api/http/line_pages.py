"""Pages of JSON lines (NDJSON)."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from http import HTTPStatus
from typing import TypeVar

from shared.api.http.request import Answer, Request, number_out_of_range

PAGE_LINES = 1_000
PAGE_BYTES = 1024 * 1024
_DIGITS = 15
MAX_CURSOR = 10**_DIGITS - 1

_Default = TypeVar("_Default", int, int | None)


def cursor(request: Request) -> int:
    """Return where the page begins (``?after=``), 0 for the first page; raises `BadRequest`."""
    return number_of(request, "after", 0, at_least=0)


async def page_of(
    lines: AsyncIterator[bytes], request: Request, address: str, *, start: int, step: Callable[[bytes], int]
) -> Answer:
    """Return the next page of *lines*, which begin at *start*; ``Link`` names the one after it (RFC 8288).

    *step* tells how far a line moves the cursor. A page has at most ``?limit=`` lines and about a MiB.
    """
    limit = number_of(request, "limit", PAGE_LINES, at_least=1, at_most=PAGE_LINES)
    page: list[bytes] = []
    size, position = 0, start
    try:
        async for line in lines:
            if len(page) == limit or (page and size + len(line) > PAGE_BYTES):
                mark = "&" if "?" in address else "?"
                link = f'<{address}{mark}limit={limit}&after={position}>; rel="next"'
                return Answer(HTTPStatus.OK, lines=tuple(page), headers={"Link": link})
            page.append(line)
            size += len(line) + 1
            position += step(line)
    finally:
        if isinstance(lines, AsyncGenerator):
            await lines.aclose()
    return Answer(HTTPStatus.OK, lines=tuple(page))


def number_of(
    request: Request, name: str, default: _Default, *, at_least: int, at_most: int = MAX_CURSOR
) -> int | _Default:
    """Return the whole number in the query parameter *name*, or *default* without it; raises `BadRequest`."""
    text = request.query.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS and at_least <= int(text) <= at_most:
        return int(text)
    raise number_out_of_range(name, at_least, at_most)
