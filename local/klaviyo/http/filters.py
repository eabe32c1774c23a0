"""Reads the filter of a collection: ``equals(field,"text")`` or ``any(field,["text",…])``."""

import re
from collections.abc import Mapping

from local.klaviyo.http.problems import Refused, invalid_parameter

MAX_VALUES = 100

_FILTER = re.compile(r"(?P<operator>equals|any)\((?P<field>\w+),(?P<value>.+)\)", re.DOTALL)
_TEXT = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*""", re.DOTALL)


def filter_values(query: Mapping[str, str], field: str) -> list[str] | None:
    """Return the texts that the filter of a request allows for *field*, None without a filter; raises `Refused`."""
    asked = filter_asked(query, field)
    return asked[1] if asked else None


def filter_asked(query: Mapping[str, str], *fields: str) -> tuple[str, list[str]] | None:
    """Return the filtered field, one of *fields*, and its allowed texts; None without a filter; raises `Refused`."""
    text = query.get("filter")
    if text is None:
        return None
    match = _FILTER.fullmatch(text.strip())
    if not match:
        raise _refused('The filter must be equals(field,"text") or any(field,["text",…]).')
    if match["field"] not in fields:
        raise _refused(f"'{match['field']}' cannot be filtered by here.")
    values = _texts(match["value"].strip(), in_list=match["operator"] == "any")
    if len(values) > MAX_VALUES:
        raise _refused(f"A filter takes at most {MAX_VALUES} values.")
    return match["field"], values


def _texts(value: str, *, in_list: bool) -> list[str]:
    if in_list:
        if not (value.startswith("[") and value.endswith("]")):
            raise _refused("any() takes a list of texts.")
        value = value[1:-1]
    texts: list[str] = []
    while value:
        match = _TEXT.match(value)
        if not match:
            raise _refused("A text stands in quotes.")
        texts.append(_unquoted(match[1]))
        value = value[match.end() :]
        if value and not (in_list and value.startswith(",")):
            raise _refused("equals() takes one text, any() texts with commas between them.")
        value = value[1:]
    if not texts:
        raise _refused("There is no text to look for.")
    return texts


def _unquoted(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)


def _refused(detail: str) -> Refused:
    return invalid_parameter("filter", detail)
