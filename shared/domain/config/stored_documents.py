"""Reads documents that the app itself has written, and says what is wrong where somebody has damaged one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from shared.domain.config.document_model import problems_in
from shared.domain.config.field_problems import Problem, in_words, unusable
from shared.domain.errors import Damaged
from shared.domain.sentences import say

_Kind = TypeVar("_Kind")
_NAMED = 20
"""An error names at most so many problems."""


def read_stored(kind: type[_Kind], document: Any, *, what: str = "") -> _Kind:
    """Read *document* as a *kind*, a model or a dataclass; raises `Damaged`, which repeats no value.

    Fields that the kind and its parts do not know are passed over: a newer version of the app may have added them.
    Rules that are only for what people write do not apply.
    Where the kind is a dataclass, its own fields that have a default may be null.
    *what* begins the sentence, as in "The export cannot be used: …".
    """
    problems: list[Problem]
    try:
        adapter: TypeAdapter[_Kind] = _adapter(kind)  # type: ignore[arg-type]  # every class is hashable
        made = adapter.validate_python(_without_nulls(kind, document), extra="ignore")
    except ValidationError as error:
        problems = problems_in(error, kind)[:_NAMED]
    else:
        return made
    # Raised here and not above: a traceback from there would lead to the values.
    raise Damaged(unusable(what, problems) if what else in_words(problems, mark=""))


def stored(value: Any) -> dict[str, Any]:
    """Return *value*, a dataclass, as its document has it and `read_stored` reads it back."""
    document: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")  # type: ignore[arg-type]  # every class is hashable
    return document


@contextmanager
def damage_at(path: str) -> Iterator[None]:
    """Read the document at *path* in this block; where the document is damaged, `Damaged` names the path."""
    what: object
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, Damaged) as error:
        what = error if isinstance(error, Damaged) else type(error).__name__
    else:
        return
    text = "'{path}' is damaged ({problems}); mend it or delete it."
    raise Damaged(say("document_damaged", text, path=path, problems=str(what)))


@cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    return TypeAdapter(kind)


def _without_nulls(kind: type, document: Any) -> Any:
    if not is_dataclass(kind) or not isinstance(document, Mapping):
        return document
    defaulted = {
        field.name for field in fields(kind) if field.default is not MISSING or field.default_factory is not MISSING
    }
    return {name: value for name, value in document.items() if value is not None or name not in defaulted}
