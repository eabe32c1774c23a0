"""The answer of a function as it reaches the caller: by Azure's Python worker first, by Azure's host then."""

from http import HTTPStatus
from http.cookies import Morsel, SimpleCookie

import azure.functions as func
from aiohttp import web

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class BrokenAnswer(ValueError):
    """The host cannot send what the function has returned; the answer is an empty 500."""


class CutOff(ConnectionError):
    """The host closes the connection instead of an answer."""


def empty(status: HTTPStatus) -> web.Response:
    """Return an answer of the host itself, which has neither body nor type."""
    return web.Response(status=status)


def response_of(result: object, *, chunked: bool) -> web.Response:
    """Return what the caller gets for *result* of a function.

    The answer is *chunked* unless the function has set a length.
    Raises `BrokenAnswer` or `CutOff`.
    """
    if isinstance(result, str):
        result = func.HttpResponse(result)
    if not isinstance(result, func.HttpResponse):
        raise BrokenAnswer("The function returned neither HttpResponse nor text.")
    body, length = result.get_body(), result.headers.get("Content-Length")
    if body and result.status_code in _WITHOUT_BODY:
        raise CutOff(f"An answer {result.status_code} cannot have a body.")
    if length is not None and length != str(len(body)):
        raise BrokenAnswer("The length that the function has set is not that of its body.")
    response = web.Response(status=result.status_code, body=body)
    _add_headers(response, result)
    if chunked and body and length is None:
        response.enable_chunked_encoding()
    return response


def _add_headers(response: web.Response, result: func.HttpResponse) -> None:
    is_text = result.mimetype.startswith("text/")
    response.headers["Content-Type"] = f"{result.mimetype}; charset={result.charset}" if is_text else result.mimetype
    for name, value in result.headers.items():  # of two headers with one name the last one stays
        if name.lower() != "set-cookie":
            response.headers[name] = _checked(name, value)
    for text in result.headers.getlist("Set-Cookie"):
        for morsel in SimpleCookie(text).values():
            response.headers.add("Set-Cookie", _checked("Set-Cookie", _cookie(morsel)))


def _checked(name: str, value: str) -> str:
    if not value.isascii() or "\r" in value or "\n" in value:
        raise BrokenAnswer(f"The value of the header {name} cannot be sent.")
    return value


def _cookie(morsel: "Morsel[str]") -> str:
    """Return a cookie as the host writes it anew: always with a domain, an empty one too, and with a path."""
    parts = [f"{morsel.key}={morsel.value}"]
    parts += [f"{name}={morsel[name]}" for name in ("expires", "max-age") if morsel[name]]
    parts += [f"domain={morsel['domain']}", f"path={morsel['path'] or '/'}"]
    parts += ["secure"] if morsel["secure"] else []
    parts += [f"samesite={morsel['samesite'].lower()}"] if morsel["samesite"] else []
    return "; ".join([*parts, "httponly"] if morsel["httponly"] else parts)
