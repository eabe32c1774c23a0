"""Which columns of a Parquet file can be read, and what their values stand for."""

from typing import Any

from shared.domain.rows.dialect import ColumnType

MOST_DEPTH = 16
"""A column that is nested deeper is refused."""


def column_type(kind: Any) -> ColumnType | None:
    """Return what the values of the Arrow type *kind* stand for; None for a type that is not read."""
    return _nested(kind, MOST_DEPTH)


def leaves(kind: Any) -> int:
    """Return how many columns of values Parquet keeps for one column of type *kind*."""
    kind = storage(kind)
    return sum(leaves(part) for part in parts(kind)) if is_nested(kind) else 1


def parts(kind: Any) -> list[Any]:
    """Return the types within *kind*: of elements, of keys and values, of the fields of an object."""
    return [kind.field(index).type for index in range(kind.num_fields)]


def storage(kind: Any) -> Any:
    """Return how values of *kind* are kept, where it is a type with a meaning of its own, or a dictionary."""
    return kind.value_type if is_dictionary(kind) else getattr(kind, "storage_type", kind)


def is_dictionary(kind: Any) -> bool:
    """Tell whether values are kept once each, and rows have their numbers."""
    return str(kind).startswith("dictionary<")


def is_nested(kind: Any) -> bool:
    """Tell whether values are lists or objects."""
    return word(kind) in _NESTED


def word(kind: Any) -> str:
    """Return the name of *kind* without its parameters: ``timestamp`` for ``timestamp[us, tz=UTC]``."""
    text = str(kind)
    ends = [place for mark in "[<(" if (place := text.find(mark)) >= 0]
    return text[: min(ends)] if ends else text


def is_uuid(kind: Any) -> bool:
    """Tell whether values are ids of 16 bytes."""
    return str(kind) == "extension<arrow.uuid>"


def _nested(kind: Any, depth: int) -> ColumnType | None:
    if is_uuid(kind):
        return "text"
    kind = storage(kind)
    name = word(kind)
    if name not in _NESTED:
        return _TYPES.get(name)
    if not depth or not kind.num_fields or any(_nested(part, depth - 1) is None for part in parts(kind)):
        return None
    if name == "map" and column_type(kind.key_type) not in ("text", "integer"):
        return None
    return _NESTED[name]


_TYPES: dict[str, ColumnType] = {
    "null": "text",
    "bool": "boolean",
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"), "integer"),
    **dict.fromkeys(("halffloat", "float", "double", "decimal32", "decimal64", "decimal128", "decimal256"), "number"),
    **dict.fromkeys(("string", "large_string", "string_view", "time32", "time64"), "text"),
    **dict.fromkeys(("date32", "date64"), "date"),
    "timestamp": "datetime",
}
_NESTED: dict[str, ColumnType] = {
    **dict.fromkeys(("list", "large_list", "fixed_size_list"), "list"),
    **dict.fromkeys(("struct", "map"), "object"),
}
