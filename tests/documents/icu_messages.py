"""Reads ICU messages, as far as the page uses them: values, numbers, plurals and selections, nested."""

from collections.abc import Iterator
from dataclasses import dataclass

BRANCHED = ("plural", "select", "selectordinal")


@dataclass(frozen=True)
class Argument:
    """A value in a message: ``{rows, plural, one {# row} other {# rows}}`` has two *branches*."""

    name: str
    kind: str = ""
    branches: tuple[str, ...] = ()


def arguments(message: str) -> list[Argument]:
    """Return the values in *message*, those within branches included; raises `ValueError` if it cannot be read.

    An apostrophe would begin a quotation in ICU; the texts have typographic ones, so none is allowed.
    """
    if "'" in message:
        raise ValueError(f"has an apostrophe of typewriters, which ICU takes for a quote: {message}")
    found: list[Argument] = []
    end = _read(message, 0, found)
    if end < len(message):
        raise ValueError(f"closes a bracket that is not open: {message[:end]}")
    return found


def _read(text: str, at: int, found: list[Argument]) -> int:
    """Read *text* up to the bracket that closes it or to its end; return where that is."""
    while at < len(text) and text[at] != "}":
        at = _argument(text, at + 1, found) if text[at] == "{" else at + 1
    return at


def _argument(text: str, at: int, found: list[Argument]) -> int:
    name, at = _word(text, at, ",}")
    kind = ""
    if text[at] == ",":
        kind, at = _word(text, at + 1, ",}")
    branches: list[str] = []
    if kind in BRANCHED:
        at = _branches(text, at + 1, branches, found)
    elif text[at] == ",":
        _, at = _word(text, at + 1, "}")
    if not name.isidentifier() or kind not in ("", "number", *BRANCHED):
        raise ValueError(f"has a value that cannot be read: {name}, {kind}")
    found.append(Argument(name, kind, tuple(branches)))
    return at + 1


def _branches(text: str, at: int, branches: list[str], found: list[Argument]) -> int:
    while text[at : at + 1] != "}":
        branch, at = _word(text, at, "{")
        branches.append(branch)
        at = _read(text, at + 1, found) + 1
        at += len(text[at:]) - len(text[at:].lstrip())
    return at


def _word(text: str, at: int, ends: str) -> tuple[str, int]:
    end = next(_places(text, at, ends), None)
    if end is None:
        raise ValueError(f"ends within a bracket: {text[at:]}")
    return text[at:end].strip(), end


def _places(text: str, at: int, ends: str) -> Iterator[int]:
    return (place for place in range(at, len(text)) if text[place] in ends)
