"""Pages of JSON lines (NDJSON)."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from http import HTTPStatus
from typing import TypeVar

from shared.api.http.request import Answer, Request, number_out_of_range

PAGE_LINES = 1_000
PAGE_BYTES = 1024 * 1024
READ_BYTES = 32 * 1024 * 1024
"""One call reads about so many bytes of lines: a second or two of work."""
LINES_AT_A_TIME = 500
"""After so many lines others get their turn; to turn them into CSV takes a few milliseconds."""
_DIGITS = 15
MAX_CURSOR = 10**_DIGITS - 1

_Default = TypeVar("_Default", int, int | None)


def cursor(request: Request) -> int:
    """Return where the page begins (``?after=``), 0 for the first page; raises `BadRequest`."""
    return number_of(request, "after", 0, at_least=0)


async def page_of(  # noqa: PLR0913 - what a page is made of, each by name
    lines: AsyncIterator[bytes],
    request: Request,
    address: str,
    *,
    start: int,
    step: Callable[[bytes], int],
    most: int = PAGE_LINES,
    show: Callable[[bytes], bytes | None] = lambda line: line,
) -> Answer:
    """Return the next page of *lines*, which begin at *start*; ``Link`` names the one after it (RFC 8288).

    *step* tells how far a line moves the cursor. *show* makes of a line what the page has of it, None for nothing.
    A page has at most ``?limit=`` lines, up to *most*, and about a KiB a line on average.
    A call reads `READ_BYTES`: where *show* lets few lines through, a page may be short, or empty, and have a next one.
    """
    limit = number_of(request, "limit", PAGE_LINES, at_least=1, at_most=most)
    most_bytes = max(PAGE_BYTES, limit * 1024)
    page: list[bytes] = []
    size = read = count = 0
    position = start
    try:
        async for line in lines:
            shown = show(line)
            is_full = shown is not None and (len(page) == limit or (page and size + len(shown) > most_bytes))
            if is_full or read >= READ_BYTES:
                mark = "&" if "?" in address else "?"
                link = f'<{address}{mark}limit={limit}&after={position}>; rel="next"'
                return Answer(HTTPStatus.OK, lines=tuple(page), headers={"Link": link})
            if shown is not None:
                page.append(shown)
                size += len(shown) + 1
            read += len(line) + 1
            position += step(line)
            count += 1
            if count % LINES_AT_A_TIME == 0:
                await request.app.clock.sleep(0)
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
