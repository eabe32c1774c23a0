"""Writes Parquet files byte by byte, as no library would: what they say need not be so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
PLAIN, RLE, DELTA_LENGTHS, DELTA_TEXTS, IN_DICTIONARY = 0, 3, 6, 7, 8
CODECS = {"none": 0, "snappy": 1, "gzip": 2, "lzo": 3, "brotli": 4, "lz4": 5, "zstd": 6, "lz4_raw": 7}
CODECS |= {"of tomorrow": 8, "of nobody": -1}
REQUIRED, OPTIONAL, REPEATED = 0, 1, 2
INT64, BYTE_ARRAY = 2, 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column *name* with the *pages*; *values* is how many the footer says, and *unpacked* how many bytes.

    A column whose *repetition* is REPEATED is a list.
    """

    name: str
    pages: bytes
    values: int
    repetition: int = REQUIRED
    kind: int = BYTE_ARRAY
    codec: str = "zstd"
    encodings: Sequence[int] = (PLAIN, RLE, IN_DICTIONARY)
    unpacked: int = 100
    dictionary_bytes: int = 0
    more: dict[int, tuple[int, Any]] = field(default_factory=dict)


def varint(number: int) -> bytes:
    """Return *number* in as many bytes as it needs."""
    return (bytes([number & 0x7F | 0x80]) + varint(number >> 7)) if number > 0x7F else bytes([number])


def integer(number: int) -> bytes:
    """Return *number*, which may be negative."""
    return varint((number << 1) ^ (number >> 63))


def struct(fields: dict[int, tuple[int, Any]]) -> bytes:
    """Return a struct with *fields*, each with its kind; whole bytes stand for a struct or a list."""
    out, last = b"", 0
    for number, (kind, value) in sorted(fields.items()):
        out += bytes([(number - last) << 4 | kind]) + _value(kind, value)
        last = number
    return out + b"\x00"


def many(kind: int, elements: Sequence[Any]) -> bytes:
    """Return a list of *elements*."""
    return bytes([0xF0 | kind]) + varint(len(elements)) + b"".join(_value(kind, element) for element in elements)


def _value(kind: int, value: Any) -> bytes:
    if kind in (I32, I64):
        return integer(value)
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    return bytes(value)


def page(
    body: bytes,
    values: int,
    *,
    encoding: int = PLAIN,
    kind: int = 0,
    codec: str = "zstd",
    unpacked: int | None = None,
    size: int | None = None,
) -> bytes:
    """Return a page with *body*, packed, behind a header."""
    packed = body if codec == "none" else pa.compress(body, codec, asbytes=True)
    says = {1: (I32, values), 2: (I32, encoding)}
    if kind == 0:
        says |= {3: (I32, RLE), 4: (I32, RLE)}
    header = {
        1: (I32, kind),
        2: (I32, len(body) if unpacked is None else unpacked),
        3: (I32, len(packed) if size is None else size),
        7 if kind else 5: (STRUCT, struct(says)),
    }
    return struct(header) + packed


def texts(values: Sequence[bytes]) -> bytes:
    """Return *values* as they stand in a plain page."""
    return b"".join(len(value).to_bytes(4, "little") + value for value in values)


def levels(*runs: tuple[int, int]) -> bytes:
    """Return runs of levels below 256, each how often and which, as a page has them before its values."""
    body = b"".join(varint(count << 1) + bytes([level]) for count, level in runs)
    return len(body).to_bytes(4, "little") + body


def deltas(count: int, first: int, least: int) -> bytes:
    """Return *count* numbers that grow by *least* each, in one block that needs no bytes for them."""
    size = max(128, (count + 127) // 128 * 128)
    return varint(size) + varint(1) + varint(count) + integer(first) + integer(least) + b"\x00"


def file_of(rows: int, *columns: Column) -> bytes:
    """Return a file of one row group with *rows* rows."""
    body, chunks = b"PAR1", []
    for column in columns:
        chunks.append(_chunk(column, len(body)))
        body += column.pages
    total = sum(len(column.pages) for column in columns)
    group = struct({1: (LIST, many(STRUCT, chunks)), 2: (I64, total), 3: (I64, rows)})
    root = struct({4: (BINARY, b"schema"), 5: (I32, len(columns))})
    schema = [root, *(_element(column) for column in columns)]
    return body + ended(
        struct({1: (I32, 1), 2: (LIST, many(STRUCT, schema)), 3: (I64, rows), 4: (LIST, many(STRUCT, [group]))})
    )


def ended(footer: bytes) -> bytes:
    """Return *footer* with what stands behind it."""
    return footer + len(footer).to_bytes(4, "little") + b"PAR1"


def _element(column: Column) -> bytes:
    says: dict[int, tuple[int, Any]] = {
        1: (I32, column.kind),
        3: (I32, column.repetition),
        4: (BINARY, column.name.encode()),
    }
    return struct(says | ({6: (I32, 0)} if column.kind == BYTE_ARRAY else {}))


def _chunk(column: Column, begin: int) -> bytes:
    meta = {
        1: (I32, column.kind),
        2: (LIST, many(I32, column.encodings)),
        3: (LIST, many(BINARY, [column.name.encode()])),
        4: (I32, CODECS[column.codec]),
        5: (I64, column.values),
        6: (I64, column.unpacked),
        7: (I64, len(column.pages)),
        9: (I64, begin + column.dictionary_bytes),
        **({11: (I64, begin)} if column.dictionary_bytes else {}),
    }
    return struct({2: (I64, begin), 3: (STRUCT, struct(meta)), **column.more})
