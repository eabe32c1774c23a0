"""A request as the host hands it on to a function, which is not quite as the caller has sent it."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import parse_qsl, quote

from aiohttp import web

from local.host.http.routes import Found
from local.host.worker.calls import HttpAsked

LONGEST_LINE = 8_192
"""The longest request line in bytes."""
LARGEST_HEADERS = 32 * 1024
MOST_HEADERS = 100
LARGEST_BODY = 100 * 1024 * 1024

_IN_PATHS = "/%:@!$&'()*+,;=~"


def limit_broken(request: web.BaseRequest) -> HTTPStatus | None:
    """Return the status of the answer to a request that is longer than the host takes, else None."""
    if len(f"{request.method} {request.raw_path} HTTP/1.1") > LONGEST_LINE:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    headers = request.raw_headers
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) + 4 for name, value in headers) > LARGEST_HEADERS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if (request.content_length or 0) > LARGEST_BODY:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return None


async def handed_on(request: web.BaseRequest, path: str, found: Found) -> HttpAsked:
    """Return the request for the function.

    Empty query parameters are gone, and repeated parameters and headers are joined by a comma.
    A body that came in chunks, without a length, is gone as well. A packed body stays packed.
    """
    raw_query = request.raw_path.partition("?")[2]
    url = f"{request.scheme}://{request.host}{quote(path, safe=_IN_PATHS)}" + (f"?{raw_query}" if raw_query else "")
    return HttpAsked(
        request.method,
        url,
        headers=joined((name, value) for name, value in request.headers.items()),
        params=joined(parse_qsl(raw_query)),
        route_params=found.values,
        body=await _body(request),
    )


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return *pairs* with the values of one name, in any letter case, joined by a comma."""
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, value in pairs:
        first = names.setdefault(name.lower(), name)
        values[first] = f"{values[first]},{value}" if first in values else value
    return values


async def _body(request: web.BaseRequest) -> bytes:
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # else the answer would count as begun
    if request.content_length is None:
        async for _ in request.content.iter_any():
            pass
        return b""
    return await request.content.read()
