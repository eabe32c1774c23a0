"""Turns columns of values as Arrow holds them into the values that JSON has."""

from collections.abc import Callable
from typing import Any

from shared.domain.rows.json_objects import LEAST_INTEGER, MOST_INTEGER
from shared.domain.rows.parquet.column_types import is_dictionary, is_uuid, parts, word

Values = list[Any]
Read = Callable[[Any], Values]
"""Takes an array of Arrow; returns its values, None where there is none."""


def reader_of(kind: Any) -> Read:
    """Return what reads arrays of the type *kind*, which `column_type` knows."""
    if is_dictionary(kind):
        return _dictionary(reader_of(kind.value_type))
    if hasattr(kind, "storage_type"):
        plain = _uuid if is_uuid(kind) else reader_of(kind.storage_type)
        return lambda array: plain(array.storage)
    name = word(kind)
    if name in _NESTED:
        return _NESTED[name](kind)
    is_zoned = name == "timestamp" and kind.tz is not None
    return _zoned_time if is_zoned else _READERS.get(name, _plain)


def _plain(array: Any) -> Values:
    values: Values = array.to_pylist()
    return values


def _uuid(array: Any) -> Values:
    """Return ids as people write them, in groups of hexadecimal digits."""
    texts = [value and value.hex() for value in array.to_pylist()]
    return [x and f"{x[:8]}-{x[8:12]}-{x[12:16]}-{x[16:20]}-{x[20:]}" for x in texts]


def _short_number(array: Any) -> Values:
    """Return numbers of 32 bits as people write them: 0.1, which as a number of 64 bits is 0.10000000149011612."""
    return [None if text is None else float(text) for text in array.cast("float").cast("string").to_pylist()]


def _decimal(array: Any) -> Values:
    """Return decimals as JSON numbers; a whole number that JSON cannot take stays a text, with all of its digits."""
    return [None if value is None else _number(value) for value in array.to_pylist()]


def _number(value: Any) -> Any:
    if value.as_tuple().exponent < 0:
        return float(value)
    whole = int(value)
    return whole if LEAST_INTEGER <= whole <= MOST_INTEGER else str(whole)


def _time(array: Any) -> Values:
    """Return days and times of day in ISO 8601, as C++ writes them: ``06:00:00.000000``."""
    return [text and _without_zeros(text) for text in _texts(array)]


def _moment(array: Any) -> Values:
    """Return moments in ISO 8601, without a zone."""
    return [text and _without_zeros(text).replace(" ", "T", 1) for text in _written(array)]


def _zoned_time(array: Any) -> Values:
    """Return moments in ISO 8601, in UTC: Parquet does not keep in which zone a moment was written."""
    return [text and _without_zeros(text).replace(" ", "T", 1) + _UTC for text in _written(array)]


def _written(array: Any) -> Values:
    """Return moments as C++ writes them: ``2026-11-28 06:00:00.000000``."""
    return _texts(array.view(f"timestamp[{array.type.unit}]"))


def _texts(array: Any) -> Values:
    """Return what C++ writes, None for what no calendar has: it writes of them ``<value out of range: 5>``."""
    return [None if text is None or text.startswith("<") else text for text in array.cast("string").to_pylist()]


def _without_zeros(text: str) -> str:
    """Return *text* with at most six digits behind the seconds, and without any where all are zeros."""
    seconds, _, fraction = text.partition(".")
    fraction = fraction[:_MICROSECONDS]
    return f"{seconds}.{fraction.ljust(_MICROSECONDS, '0')}" if fraction.strip("0") else seconds


def _dictionary(read: Read) -> Read:
    def values(array: Any) -> Values:
        known = read(array.dictionary)
        indexes = array.indices.to_pylist()
        if any(index is not None and index < 0 for index in indexes):  # damaged: Python would take the last value
            raise IndexError
        return [None if index is None else known[index] for index in indexes]

    return values


def _list(kind: Any) -> Read:
    read = reader_of(kind.value_type)

    def values(array: Any) -> Values:
        begins, elements = _within(array, array.values, read)
        ends = zip(begins, begins[1:], array.is_valid().to_pylist(), strict=False)
        return [elements[begin:end] if is_there else None for begin, end, is_there in ends]

    return values


def _fixed_size_list(kind: Any) -> Read:
    read, size = reader_of(kind.value_type), kind.list_size

    def values(array: Any) -> Values:
        elements = read(array.values.slice(array.offset * size, len(array) * size))
        there = enumerate(array.is_valid().to_pylist())
        return [elements[row * size : (row + 1) * size] if is_there else None for row, is_there in there]

    return values


def _map(kind: Any) -> Read:
    read_keys, read_items = reader_of(kind.key_type), reader_of(kind.item_type)

    def values(array: Any) -> Values:
        begins, keys = _within(array, array.keys, read_keys)
        _, items = _within(array, array.items, read_items)
        ends = zip(begins, begins[1:], array.is_valid().to_pylist(), strict=False)
        return [
            {str(key): item for key, item in zip(keys[begin:end], items[begin:end], strict=True)} if is_there else None
            for begin, end, is_there in ends
        ]

    return values


def _struct(kind: Any) -> Read:
    names, readers = [kind.field(index).name for index in range(kind.num_fields)], [*map(reader_of, parts(kind))]

    def values(array: Any) -> Values:
        columns = [read(part) for read, part in zip(readers, array.flatten(), strict=True)]
        there = zip(zip(*columns, strict=True), array.is_valid().to_pylist(), strict=True)
        return [dict(zip(names, each, strict=True)) if is_there else None for each, is_there in there]

    return values


def _within(array: Any, inner: Any, read: Read) -> tuple[list[int], Values]:
    """Return where the elements of each row begin, and where the last end, among the elements of all rows."""
    begins: list[int] = array.offsets.to_pylist()
    first = begins[0]
    return [begin - first for begin in begins], read(inner.slice(first, begins[-1] - first))


_UTC = "+00:00"
_MICROSECONDS = 6
_READERS: dict[str, Read] = {
    **dict.fromkeys(("halffloat", "float"), _short_number),
    **dict.fromkeys(("decimal32", "decimal64", "decimal128", "decimal256"), _decimal),
    **dict.fromkeys(("date32", "date64", "time32", "time64"), _time),
    "timestamp": _moment,
}
_NESTED: dict[str, Callable[[Any], Read]] = {
    "list": _list,
    "large_list": _list,
    "fixed_size_list": _fixed_size_list,
    "struct": _struct,
    "map": _map,
}
