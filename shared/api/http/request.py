"""A request as handlers get it, and the answer that they give."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

from shared.api.access.callers import Caller
from shared.api.http.problems import BadRequest, Missed
from shared.app import App
from shared.domain.errors import ConfigurationError, Conflict
from shared.domain.identifiers import check_id
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import say
from shared.store.audit_trail import Author

MAX_BODY_BYTES = 64 * 1024
"""No document that people write is nearly as large."""
PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
SOON = {"Retry-After": "5"}

_LONG = 10
_KINDS = {"connection_id": "a connection", "export_id": "an export", "run_id": "a run"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request; the names of *headers* are in lower case."""

    app: App
    caller: Caller
    route: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def id(self, name: str) -> str:
        """Return the id *name* in the path; raises `BadRequest` for a text that is no id."""
        return _checked_id(_KINDS[name], self.route[name])

    @property
    def author(self) -> Author:
        """Return the caller as documents and the audit trail name them."""
        return Author(self.caller.name, self.caller.label)

    def document(self) -> dict[str, Any]:
        """Return the JSON object in the body, an empty one where there is no body; raises `BadRequest`."""
        try:
            document = orjson.loads(self.body or b"{}")
            json.loads(self.body or b"{}", object_pairs_hook=_check_names, parse_int=str, parse_float=str)
        except orjson.JSONDecodeError as error:
            raise BadRequest(say("body_no_json", "The body is not JSON.")) from error
        except RecursionError as error:
            raise BadRequest(say("body_too_deep", "The body is nested too deeply.")) from error
        if not isinstance(document, dict):
            raise BadRequest(say("body_no_object", "The body must be a JSON object."))
        return document

    def page_size(self) -> int:
        """Return how many items the caller wants on a page (``?limit=``); raises `BadRequest`."""
        text = self.query.get("limit", str(PAGE_SIZE))
        if text.isascii() and text.isdigit() and len(text) < _LONG and 1 <= int(text) <= MAX_PAGE_SIZE:
            return int(text)
        raise number_out_of_range("limit", 1, MAX_PAGE_SIZE)

    def flag(self, name: str) -> bool:
        """Return whether ``?name=true`` is asked for; raises `BadRequest` for what is neither true nor false."""
        text = self.query.get(name, "false")
        if text not in ("true", "false"):
            raise BadRequest(say("parameter_no_flag", "{parameter} must be true or false.", parameter=name))
        return text == "true"

    def check_match(self, etag: str | None) -> None:
        """Raise `Missed` when the caller expects another version than *etag*, which is None where nothing is stored.

        ``If-Match`` names the version that the caller has seen, ``If-None-Match: *`` says that nothing
        may be stored yet (RFC 9110, section 13.1).
        """
        wanted = self.headers.get("if-match")
        if wanted is not None and (etag is None or (wanted.strip() != "*" and etag not in _tags(wanted))):
            text = "The stored version is not the one that If-Match names; read it again and decide anew."
            raise Missed(say("other_version", text))
        if self.headers.get("if-none-match", "").strip() == "*" and etag is not None:
            raise Missed(say("exists_already", "It exists already, and If-None-Match: * only creates."))

    @contextmanager
    def matching(self) -> Iterator[None]:
        """Raise `Missed` where somebody else saves in this block what the caller has set a condition for.

        Then the condition held when `check_match` looked, and does not hold any more.
        """
        try:
            yield
        except Conflict as error:
            if "if-match" in self.headers or "if-none-match" in self.headers:
                raise Missed(error.sentence, public=error.public) from error
            raise


def number_out_of_range(parameter: str, least: int, most: int) -> BadRequest:
    """Return the error for a query parameter that is no whole number from *least* to *most*."""
    text = "{parameter} must be a whole number from {least} to {most}."
    return BadRequest(say("parameter_out_of_range", text, parameter=parameter, least=least, most=most))


def one_of(request: Request, parameter: str, choices: Sequence[str]) -> str | None:
    """Return the query parameter, or None where it is not given; raises `BadRequest` for none of *choices*."""
    text = request.query.get(parameter)
    if text is None or text in choices:
        return text
    sentence = "{parameter} must be one of {choices}."
    raise BadRequest(say("parameter_no_choice", sentence, parameter=parameter, choices=", ".join(choices)))


def query_id(request: Request, name: str, kind: str) -> str | None:
    """Return the id in the query parameter *name*, or None without it; raises `BadRequest` for a text that is no id."""
    text = request.query.get(name)
    return None if text is None else _checked_id(kind, text)


async def page_of_ids(
    request: Request, ids: Callable[[], Awaitable[list[str]]], kind: str, address: str
) -> tuple[list[str], str | None]:
    """Return the page of *ids* (``?limit=&after=``), and the address of the next page, None after the last one."""
    limit, after = request.page_size(), query_id(request, "after", kind)
    found = [each for each in await ids() if after is None or each > after]
    return found[:limit], f"{address}?limit={limit}&after={found[limit - 1]}" if len(found) > limit else None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: JSON in *value*, or *lines* in *media_type*; *wake_ups* are the messages that are sent with it."""

    status: HTTPStatus
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wake_ups: tuple[WakeUp, ...] = ()
    lines: tuple[bytes, ...] | None = None
    media_type: str = "application/x-ndjson"


def _checked_id(kind: str, text: str) -> str:
    try:
        return check_id(kind, text)
    except ConfigurationError as error:
        raise BadRequest(error.sentence) from error


def _check_names(pairs: list[tuple[str, Any]]) -> None:
    """Raise `BadRequest` for an object with two fields of one name: JSON parsers differ in which one they take."""
    if len(dict(pairs)) < len(pairs):
        raise BadRequest(say("body_names_twice", "An object in the body has two fields of the same name."))


def _tags(text: str) -> list[str]:
    return [tag.strip() for tag in text.split(",")]
