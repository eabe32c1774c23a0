"""Values of CSV whose type a model says: numbers, true or false, and times, as JSON would have them."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from shared.domain.rows.dialect import ColumnType
from shared.domain.rows.json_objects import LEAST_INTEGER, MOST_INTEGER
from shared.domain.rows.rows import Row, Unreadable


class CellTypes:
    """Gives cells the types of their columns; a text that is not of its type stays as it is.

    *wanted* are the columns whose cells are needed.
    """

    def __init__(self, columns: Sequence[str], types: Sequence[ColumnType], wanted: Collection[str]) -> None:
        named = zip(columns, types, strict=False)
        self._typed = [(name, _READERS[kind]) for name, kind in named if kind in _READERS and name in wanted]

    def apply(self, rows: Sequence[Row | Unreadable]) -> None:
        """Change the cells of *rows* in place."""
        for name, read in self._typed:
            for row in rows:
                if type(row) is dict and (text := row[name]):
                    row[name] = read(text)


def _integer(text: str) -> Any:
    if _INTEGER(text) is None:
        return text
    number = int(text)
    return number if LEAST_INTEGER <= number <= MOST_INTEGER else text


def _number(text: str) -> Any:
    if _NUMBER(text) is None:
        return text
    if _INTEGER(text) is not None:
        return _integer(text)
    number = float(text)
    return number if isfinite(number) else text


def _boolean(text: str) -> Any:
    return _BOOLEANS.get(text.strip().lower(), text)


def _datetime(text: str) -> Any:
    """Return the time in ISO 8601, with its zone where it names one."""
    found = _MOMENT(text)
    if found is None:
        return text
    try:
        moment = datetime.fromisoformat(found[1] + ("+00:00" if found[2] in ("Z", "z") else found[2] or ""))
    except ValueError:
        return text
    return moment.isoformat()


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_INTEGER = re.compile(r"[ \t]*[+-]?[0-9]{1,20}[ \t]*").fullmatch
_NUMBER = re.compile(
    r"[ \t]*[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?[ \t]*"
).fullmatch
_MOMENT = re.compile(
    r"[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r" ?(Z|z|[+-][0-9]{2}:?[0-9]{2})?[ \t]*"
).fullmatch
_READERS: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "datetime": _datetime,
}
