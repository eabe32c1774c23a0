"""Reads the fields of a JSON document and gathers everything that is wrong with it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from shared.domain.errors import ConfigurationError, Damaged
from shared.domain.identifiers import ID_RULE, is_id

Problem = tuple[str, str]
"""The JSON pointer of a field (RFC 6901; empty for the whole document), and what is wrong with it."""


@contextmanager
def stored(path: str) -> Iterator[None]:
    """Read the app's own document at *path* in this block; raises `Damaged` naming it where it is damaged."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, Damaged) as error:
        what = error if isinstance(error, Damaged) else type(error).__name__
        raise Damaged(f"'{path}' is damaged ({what}); mend it or delete it.") from error


class Reader:
    """Reads one object of a document; *problems* is shared by the readers of its nested objects; mutable.

    Each problem is the JSON pointer of a field, and what is wrong with it.
    """

    def __init__(self, value: Any, *, pointer: str = "", problems: list[Problem] | None = None) -> None:
        self._pointer = pointer
        self.problems: list[Problem] = [] if problems is None else problems
        self._fields: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.problems.append((pointer, "must be an object"))

    def wrong(self, field: str, problem: str, *, index: int | None = None) -> None:
        """Note that *field*, or item *index* (from 0) of the list in it, has a *problem*."""
        item = "" if index is None else f"/{index}"
        self.problems.append((f"{self._pointer}/{step(field)}{item}", problem))

    def text(self, field: str, default: str | None = None) -> str:
        """Return the text in *field*, which must not be empty unless a *default* is given."""
        value = self._fields.get(field, default)
        if isinstance(value, str) and (value or default == ""):
            return value
        self.wrong(field, "must be a text that is not empty")
        return ""

    def identifier(self, field: str) -> str:
        """Return the id in *field*."""
        text = self.text(field)
        if text and not is_id(text):
            self.wrong(field, ID_RULE)
        return text

    def optional_text(self, field: str) -> str | None:
        """Return the text in *field*, or None when it is missing or null."""
        return None if self._fields.get(field) is None else self.text(field)

    def optional_moment(self, field: str) -> datetime | None:
        """Return the time in *field*, or None when it is missing or null."""
        text = self.optional_text(field)
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        if text and (moment is None or moment.tzinfo is None):
            self.wrong(field, "must be a time such as '2026-11-23T10:00:00Z'")
            return None
        return moment

    def flag(self, field: str, *, default: bool) -> bool:
        """Return true or false in *field*."""
        value = self._fields.get(field, default)
        if isinstance(value, bool):
            return value
        self.wrong(field, "must be true or false")
        return default

    def texts(self, field: str) -> tuple[str, ...]:
        """Return the list of texts in *field*, at least one."""
        value = self._fields.get(field)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(field, "must be a list of texts with at least one in it")
        return ()

    def raw(self, field: str) -> Any:
        """Return whatever is in *field*, or None."""
        return self._fields.get(field)

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields that are there."""
        return tuple(self._fields)

    def nested(self, field: str) -> "Reader":
        """Return a reader of the object in *field*; an empty one when it is missing or null."""
        value = self._fields.get(field)
        return Reader({} if value is None else value, pointer=f"{self._pointer}/{step(field)}", problems=self.problems)

    def allow_only(self, fields: Iterable[str], *, more: str = "") -> None:
        """Note every field that is not one of *fields*; *more* is said of it as well."""
        for unknown in sorted(self._fields.keys() - set(fields)):
            self.wrong(unknown, f"is not a known field{more}")

    def check(self, what: str) -> None:
        """Raise `ConfigurationError` with everything that is wrong with *what*."""
        if self.problems:
            raise ConfigurationError(f"{what} cannot be used: {'; '.join(self.told())}.")

    def told(self) -> list[str]:
        """Return each problem in words."""
        return [f"{pointer or '/'}: {problem}" for pointer, problem in self.problems]


def step(name: str) -> str:
    """Return *name* as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
