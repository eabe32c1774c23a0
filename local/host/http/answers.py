"""The answer of a function as it reaches the caller: by Azure's Python worker first, by Azure's host then."""

from http import HTTPStatus
from http.cookies import Morsel, SimpleCookie

from aiohttp import web

from local.host.worker.calls import HttpAnswered

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class BrokenAnswer(ValueError):
    """The host cannot send what the function has returned; the answer is an empty 500."""


class CutOff(ConnectionError):
    """The host closes the connection instead of an answer."""


def empty(status: HTTPStatus) -> web.Response:
    """Return an answer of the host itself, which has neither body nor type."""
    return web.Response(status=status)


def response_of(answer: HttpAnswered | None, *, chunked: bool) -> web.Response:
    """Return what the caller gets for the *answer* of a function.

    The answer is *chunked* unless the function has set a length.
    Raises `BrokenAnswer` or `CutOff`.
    """
    if answer is None:
        raise BrokenAnswer("The function returned neither HttpResponse nor text.")
    named = {name.lower(): value for name, value in answer.headers}
    length = named.get("content-length")
    if answer.body and answer.status in _WITHOUT_BODY:
        raise CutOff(f"An answer {answer.status} cannot have a body.")
    if length is not None and length != str(len(answer.body)):
        raise BrokenAnswer("The length that the function has set is not that of its body.")
    response = web.Response(status=answer.status, body=answer.body)
    _add_headers(response, answer)
    if chunked and answer.body and length is None:
        response.enable_chunked_encoding()
    return response


def _add_headers(response: web.Response, answer: HttpAnswered) -> None:
    response.headers["Content-Type"] = answer.content_type
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            for morsel in SimpleCookie(value).values():
                response.headers.add(name, _checked(name, _cookie(morsel)))
        else:  # of two headers with one name the last one stays
            response.headers[name] = _checked(name, value)


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
