"""Reads a large JSON text piece by piece, so that no other task waits long for it."""

from collections.abc import Generator
from json import JSONDecoder
from typing import Any

WINDOW = 8 * 1024
"""A value of so many characters is read at once."""
TURN = 24 * 1024
"""After so many characters all other tasks may run."""
MOST_DEPTH = 32
"""Lists and objects that are larger than a window may lie so deep in each other."""

Reading = Generator[None, None, tuple[Any, int]]


def read_in_pieces(text: str) -> Generator[None, None, Any]:
    """Return the value in *text*; where this yields, all other tasks may run. Raises `ValueError`."""
    value, end = yield from _value(text, _behind_blanks(text, 0), 0)
    if _behind_blanks(text, end) != len(text):
        raise ValueError("more text stands behind the value")
    return value


def _value(text: str, at: int, depth: int) -> Reading:
    """Return the value that begins at the place *at*, and the place behind it."""
    opening = text[at : at + 1]
    try:
        value, length = _DECODER.raw_decode(text[at : at + WINDOW])
    except (ValueError, RecursionError):
        pass  # it is larger than the window, or broken
    else:
        return value, at + length
    yield
    if opening == '"':
        return _DECODER.raw_decode(text, at)
    if opening not in ("{", "[") or depth == MOST_DEPTH:
        raise ValueError("no JSON, or nested too deeply")
    return (yield from (_object if opening == "{" else _list)(text, at, depth + 1))


def _list(text: str, at: int, depth: int) -> Reading:
    found: list[Any] = []
    turn, at = at, _behind_blanks(text, at + 1)
    while not text.startswith("]", at):
        value, at = yield from _value(text, at, depth)
        found.append(value)
        at = _behind_comma(text, at, "]")
        if at - turn > TURN:
            turn = at
            yield
    return found, at + 1


def _object(text: str, at: int, depth: int) -> Reading:
    found: dict[str, Any] = {}
    turn, at = at, _behind_blanks(text, at + 1)
    while not text.startswith("}", at):
        name, at = yield from _value(text, at, MOST_DEPTH)
        at = _behind_blanks(text, at)
        if not isinstance(name, str) or not text.startswith(":", at):
            raise ValueError("a member has no name")
        found[name], at = yield from _value(text, _behind_blanks(text, at + 1), depth)
        at = _behind_comma(text, at, "}")
        if at - turn > TURN:
            turn = at
            yield
    return found, at + 1


def _behind_comma(text: str, at: int, closing: str) -> int:
    """Return the place of the next element, or that of the *closing* bracket."""
    at = _behind_blanks(text, at)
    if text.startswith(",", at):
        at = _behind_blanks(text, at + 1)
        if not text.startswith(closing, at):
            return at
    elif text.startswith(closing, at):
        return at
    raise ValueError("a comma is missing, or is too many")


def _behind_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in _BLANKS:
        at += 1
    return at


_DECODER = JSONDecoder()
_BLANKS = frozenset(" \t\r\n")
