"""Finds the function for an address, by the rules of Azure's host.

The first function *by name* whose route and methods match is called, not the one with the plainest route.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from local.host.functions import HostedFunction, Http

_KEPT = re.compile("(%2f)", re.IGNORECASE)
_CATCH_ALL = "{*"


class BadAddress(ValueError):
    """The address of a request cannot be read; the answer is an empty 400."""


@dataclass(frozen=True, slots=True)
class Found:
    """A function for a request, and the values of the parameters of its route."""

    function: HostedFunction
    level: str
    values: dict[str, str]


class Routes:
    """The addresses of all HTTP functions below a route prefix."""

    def __init__(self, functions: Iterable[HostedFunction], prefix: str) -> None:
        self._routes = [
            (parts_of(address(prefix, function.trigger)), function.trigger, function)
            for function in sorted(functions, key=lambda function: function.name.lower())
            if isinstance(function.trigger, Http)
        ]

    def find(self, method: str, path: str) -> Found | None:
        """Return the function for *path*, which `resolved` has returned; None where the host's answer is 404."""
        segments = parts_of(path)
        for template, trigger, function in self._routes:
            if method in trigger.methods and (values := match(template, segments)) is not None:
                return Found(function, trigger.level, values)
        return None


def address(prefix: str, trigger: Http) -> str:
    """Return the path of a function's HTTP trigger."""
    return "/" + "/".join(part for part in (prefix.strip("/"), trigger.route) if part)


def resolved(raw: str) -> str:
    """Return the path that the host looks up for the path *raw* of a request line.

    Everything but ``%2f`` is decoded, once, and then dots are resolved: ``/a/%2e%2e/b%2Fc`` is ``/b%2Fc``.
    Raises `BadAddress`.
    """
    if not raw.startswith("/") or not raw.isascii() or " " in raw or "%00" in raw:
        raise BadAddress(raw)
    path = "".join(piece if _KEPT.fullmatch(piece) else _decoded(piece) for piece in _KEPT.split(raw))
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def parts_of(path: str) -> tuple[str, ...]:
    """Return the parts between the slashes; one slash at the end makes no part of its own."""
    return tuple(path[1:].removesuffix("/").split("/"))


def match(template: Sequence[str], segments: Sequence[str]) -> dict[str, str] | None:
    """Return the values of the parameters if *segments* match *template*, else None.

    Letter case counts in values only. A catch-all (``{*path}``) that matches nothing has no value at all.
    """
    values: dict[str, str] = {}
    for place, part in enumerate(template):
        if part.startswith(_CATCH_ALL):
            rest = segments[place:]
            if rest and not rest[0]:
                return None
            return values | ({part[2:-1]: "/".join(rest)} if rest else {})
        if place >= len(segments) or not segments[place]:
            return None
        if part.startswith("{"):
            values[part[1:-1]] = segments[place]
        elif part.lower() != segments[place].lower():
            return None
    return values if len(segments) == len(template) else None


def _decoded(piece: str) -> str:
    try:
        return unquote(piece, errors="strict")
    except UnicodeDecodeError:
        return piece
