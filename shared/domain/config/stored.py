"""Reads back what the app itself has written, and says what is wrong where somebody has damaged it."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from shared.domain.config.reading import Problem, step
from shared.domain.errors import Damaged

_Kind = TypeVar("_Kind")
_MOST = 2**53
_EARLIEST, _LATEST = 1970, 9000
_TOLD = 5


def read_stored(kind: type[_Kind], document: Mapping[str, Any]) -> _Kind:
    """Return *document* as a *kind*, a dataclass with the same names; raises `Damaged`, which repeats no value.

    What has a default may be missing or null; what the class does not know, a newer version of the app has added.
    """
    problems: list[Problem] = []
    value: _Kind = _object(kind, document, "", problems)
    if problems:
        told = [f"{pointer or '/'} {problem}" for pointer, problem in problems[:_TOLD]]
        raise Damaged("; ".join(told))
    return value


def whole(value: Any) -> int:
    """Return *value*, a whole number from 0 on; raises `TypeError` for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
        return value
    raise TypeError


def _object(kind: type, document: Any, pointer: str, problems: list[Problem]) -> Any:
    if not isinstance(document, Mapping):
        problems.append((pointer, "must be an object"))
        return None
    before, values = len(problems), {}
    for field in fields(kind):
        value, place = document.get(field.name), f"{pointer}/{step(field.name)}"
        if value is not None:
            values[field.name] = _value(_hints(kind)[field.name], value, place, problems)
        elif not _has_default(field):
            problems.append((place, "is missing"))
    return kind(**values) if len(problems) == before else None


def _value(hint: Any, value: Any, pointer: str, problems: list[Problem]) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (hint,) = (each for each in arguments if each is not NoneType)
        return _value(hint, value, pointer, problems)
    if origin is tuple and isinstance(value, list):
        inner = arguments[0]
        return tuple(_value(inner, each, f"{pointer}/{index}", problems) for index, each in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        inner = arguments[1]
        return {name: _value(inner, each, f"{pointer}/{step(name)}", problems) for name, each in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint, value, pointer, problems)
    read, rule = _plain(hint)
    try:
        return read(value)
    except (TypeError, ValueError):
        problems.append((pointer, rule))
        return None


def _plain(hint: Any) -> tuple[Callable[[Any], Any], str]:
    """Return what reads a value without parts, and the rule that it goes by."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint, f"must be one of {', '.join(hint)}"
    return _PLAIN.get(hint, _NO_LIST if get_origin(hint) is tuple else _NO_OBJECT)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not _EARLIEST <= moment.year <= _LATEST:
        raise ValueError
    return moment


def _nothing(_value: Any) -> Any:
    raise TypeError


_PLAIN: dict[Any, tuple[Callable[[Any], Any], str]] = {
    str: (_text, "must be a text"),
    int: (whole, "must be a whole number from 0 on"),
    datetime: (_moment, "must be a time with its time zone"),
}
_NO_LIST = (_nothing, "must be a list")
_NO_OBJECT = (_nothing, "must be an object")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _has_default(field: "Field[Any]") -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
