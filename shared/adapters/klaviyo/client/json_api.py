"""Klaviyo's answers as JSON:API documents: resources, pages of resources and errors. Bytes in, plain values out."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from shared.domain.errors import ContractBroken
from shared.domain.sentences import Sentence, say

MAX_DETAIL = 1_000
"""Characters that are kept of what Klaviyo says about one row."""
MAX_NAME = 200
"""Characters that are kept of the name that people have given a thing."""


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error of an answer; *detail* may hold personal data, so it goes into rejections and nowhere else.

    *profile* is the position (from 0) in the request of the profile that the error is about, None where it names none.
    *pointer* is the rest of Klaviyo's pointer, from that profile on. Example: for the pointer
    ``/data/attributes/profiles/data/17/attributes/email`` they are 17 and ``attributes/email``.
    *told* says it in words of ours, where Klaviyo has none.
    """

    code: str
    detail: str
    pointer: str
    profile: int | None
    told: Sentence | None = None


def document(body: bytes) -> dict[str, Any]:
    """Return the JSON object in *body*; raises `ContractBroken` when there is none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise ContractBroken(
            say("klaviyo_no_object", "Klaviyo answered something that is not JSON; look at its status page.")
        )
    return value


def is_document(body: bytes) -> bool:
    """Tell whether *body* is a JSON object, as all of Klaviyo's answers are."""
    try:
        return isinstance(orjson.loads(body), dict)
    except orjson.JSONDecodeError:
        return False


def resource(body: bytes) -> dict[str, Any]:
    """Return the one resource of an answer, which has an ``id``; raises `ContractBroken`."""
    data = document(body).get("data")
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        return data
    raise unexpected("a resource")


def resources(body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """Return the resources on a page, and the cursor of the next page or None; raises `ContractBroken`."""
    page = document(body)
    data, links = page.get("data"), page.get("links")
    if not isinstance(data, list):
        raise unexpected("a page of resources")
    next_link = links.get("next") if isinstance(links, dict) else None
    return [item for item in data if isinstance(item, dict)], _cursor(next_link) if next_link else None


def errors(body: bytes) -> list[ApiError]:
    """Return the errors of an answer; none when the answer does not have Klaviyo's form."""
    try:
        found = orjson.loads(body)["errors"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    return [_error(error) for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def attributes(item: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a resource, empty where it has none."""
    found = item.get("attributes")
    return found if isinstance(found, dict) else {}


def resource_id(item: dict[str, Any], what: str) -> str:
    """Return the id of a resource; raises `ContractBroken`, which says that the answer is not *what*."""
    found = item.get("id")
    if not isinstance(found, str):
        raise unexpected(what)
    return found


def name_of(found: dict[str, Any]) -> str:
    """Return the name among the attributes of a resource, at most `MAX_NAME` characters; empty where it has none."""
    return str(found.get("name") or "")[:MAX_NAME]


def word(value: Any) -> str | None:
    """Return *value* when it is one word of Klaviyo's (a status, a code), else None: other texts may hold anything."""
    return value if isinstance(value, str) and _WORD(value) else None


def error_code(error: dict[str, Any]) -> str:
    """Return Klaviyo's word for an error; ``invalid`` where it has none."""
    return word(error.get("code")) or "invalid"


def error_detail(error: dict[str, Any]) -> str:
    """Return what Klaviyo says about an error, at most `MAX_DETAIL` characters; it may hold personal data."""
    return str(error.get("detail") or error.get("title") or "")[:MAX_DETAIL]


def unexpected(what: str) -> ContractBroken:
    """Return the error that says that an answer is not *what*, for example ``a page of resources``."""
    return ContractBroken(
        say(
            "klaviyo_unexpected_answer",
            "Klaviyo's answer is not {what} as its documentation has it; look at its status page.",
            what=what,
        )
    )


def _error(error: dict[str, Any]) -> ApiError:
    source = error.get("source")
    pointer = str(source.get("pointer") or "") if isinstance(source, dict) else ""
    match = _PROFILE(pointer)
    return ApiError(
        code=error_code(error),
        detail=error_detail(error),
        pointer=pointer[match.end() :] if match else pointer,
        profile=int(match[1]) if match else None,
    )


def _cursor(next_link: Any) -> str:
    """Return the cursor in the link to the next page; raises `ContractBroken`, since no page may be missed."""
    cursors = parse_qs(urlsplit(next_link).query).get("page[cursor]") if isinstance(next_link, str) else None
    if not cursors:
        raise unexpected("a page of resources")
    return cursors[0]


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}").fullmatch
_PROFILE = re.compile(r"/data/attributes/profiles/data/([0-9]{1,9})(?:/|$)").match
