"""``GET /ui/…``: the files of the page. Whoever gets them learns nothing; each datum takes a call of the API."""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus

import azure.functions as func
import orjson

from shared.api.http.problems import NotFound, problem
from shared.api.page.built_page import BuiltPage, PageFile
from shared.domain.sentences import say
from shared.settings import AuthMode, needs_function_key

_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    # The hash is that of the empty text: the page adds empty style elements, and fills them by rules.
    "style-src": "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "require-trusted-types-for": "'script'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {value}" for name, value in _DIRECTIVES.items())
"""What the page may load and do: nothing of another origin, no code but its files."""
GUARDED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Headers of every answer here."""
_A_YEAR = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_NEVER = re.compile(r"q=0(\.0*)?")


def settings() -> func.HttpResponse:
    """``GET /ui/settings.json``: how one signs in, and nothing else."""
    mode = AuthMode.KEYS if needs_function_key() else AuthMode.ENTRA
    body = orjson.dumps({"auth_mode": mode})
    return func.HttpResponse(body, mimetype="application/json", headers={**GUARDED, "Cache-Control": "no-store"})


async def page_file(page: BuiltPage, asked: func.HttpRequest) -> func.HttpResponse:
    """``GET /ui/{*path}``: a file of *page*; 404 says what is missing. The host leaves out an empty path."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    try:
        if found := page.file(asked.route_params.get("path", "")):
            return await _answer(page, found, headers)
        missing = say(
            "page_file_missing", "The page has no such file. If the app was deployed meanwhile, load it anew."
        )
    except FileNotFoundError:
        text = "This app was deployed without its page; 'python -m local web' builds it. The API works without it."
        missing = say("page_missing", text)
    status, document, _ = problem(NotFound(missing), to_administrator=True)
    return func.HttpResponse(
        orjson.dumps(document),
        status_code=status,
        mimetype="application/problem+json",
        headers={**GUARDED, "Cache-Control": "no-store"},
    )


async def _answer(page: BuiltPage, file: PageFile, headers: Mapping[str, str]) -> func.HttpResponse:
    cache = _A_YEAR if file.never_changes else _ASK_FIRST
    sent = {**GUARDED, "Cache-Control": cache, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if _has(file.etag, headers.get("if-none-match", "")):
        return func.HttpResponse(status_code=HTTPStatus.NOT_MODIFIED, mimetype=file.media_type, headers=sent)
    if takes_gzip(headers.get("accept-encoding", "")):
        sent["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(page.packed, file)
    else:
        body = await asyncio.to_thread(page.unpacked, file)
    sent["Content-Length"] = str(len(body))  # else the host sends the body in chunks
    return func.HttpResponse(body, mimetype=file.media_type, headers=sent)


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client with this header ``Accept-Encoding`` can unpack an answer (RFC 9110, section 12.5.3)."""
    weights = {}
    for choice in accept_encoding.lower().split(","):
        name, _, weight = choice.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    weight = next((weights[name] for name in ("gzip", "x-gzip", "*") if name in weights), "q=0")
    return _NEVER.fullmatch(weight) is None


def _has(etag: str, if_none_match: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
