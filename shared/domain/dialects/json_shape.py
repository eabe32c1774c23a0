"""Tells how a JSON file holds its rows, and which names its first rows have."""

from collections.abc import Iterator
from itertools import islice

import orjson

from shared.domain.rows.dialect import FileFormat
from shared.domain.rows.json_elements import JsonElements
from shared.domain.rows.json_objects import JsonObjects
from shared.domain.rows.json_opening import array_begins_at

_LINES = 100
_ROWS = 50
_SLICE = 4 * 1024
_NAMES = 200
_LOOKED_AT = 64 * 1024
_ELEMENTS_WITHIN = 32 * 1024
"""To cut hostile elements of so many bytes takes less than 25 ms."""
_OBJECTS = JsonObjects("line")


def begins_as_json(text: bytes) -> bool:
    """Tell whether *text* begins with an object or an array."""
    return text.lstrip()[:1] in (b"{", b"[")


def holds_objects(text: bytes) -> bool:
    """Tell whether *text*, which begins as JSON, really is JSON: one of its first objects can be read."""
    return any(True for each in (FileFormat.NDJSON, FileFormat.JSON) for _ in _first_rows(text, each))


def json_format(text: bytes) -> FileFormat:
    """Return how *text*, the top of a JSON file, holds its rows.

    It is NDJSON where most of its first lines are objects. An array is none, nor is an object around an array, nor are
    objects that take several lines.
    """
    lines = [line for line in _lines_of(text) if line.strip()][:_LINES]
    if not lines:
        return FileFormat.NDJSON
    begin = lines[0].lstrip()
    if begin.startswith(b"["):
        return FileFormat.NDJSON if _are_mostly_objects(lines[1:]) else FileFormat.JSON
    if array_begins_at(text.lstrip()) is not None and not _has_address(_value(lines[0])):
        return FileFormat.JSON
    return FileFormat.NDJSON if _are_mostly_objects(lines) else FileFormat.JSON


def names_in(text: bytes, file_format: FileFormat) -> tuple[str, ...]:
    """Return the names that the first rows of *text* have, in the order of their first use."""
    names = dict.fromkeys(name for row in _first_rows(text, file_format) for name in row)
    return tuple(names)[:_NAMES]


def _first_rows(text: bytes, file_format: FileFormat) -> Iterator[dict[str, object]]:
    rows = _first_elements(text[:_ELEMENTS_WITHIN]) if file_format is FileFormat.JSON else _lines_of(text)
    for element in islice(rows, _ROWS):
        row = _value(element or b"")
        if isinstance(row, dict):
            yield row


def _first_elements(text: bytes) -> Iterator[bytes | None]:
    elements = JsonElements()
    for start in range(0, len(text), _SLICE):
        yield from (element for _, element in elements.feed(text[start : start + _SLICE]))
    yield from (element for _, element in elements.close())


def _lines_of(text: bytes) -> list[bytes]:
    lines = text[:_LOOKED_AT].splitlines()
    return lines[:-1] if len(text) > _LOOKED_AT and len(lines) > 1 else lines


def _has_address(value: object) -> bool:
    """Tell whether *value* is an object with an e-mail address, and so a row, whatever arrays it has."""
    return isinstance(value, dict) and any("@" in each for each in value.values() if isinstance(each, str))


def _are_mostly_objects(lines: list[bytes]) -> bool:
    objects = sum(1 for line in lines if isinstance(_value(line), dict))
    return 2 * objects >= len(lines) > 0


def _value(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _OBJECTS.second_try(text)
