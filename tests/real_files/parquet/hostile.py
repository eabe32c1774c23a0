"""Small Parquet files that stand for gigabytes, each in a way of its own."""

import random

from tests.real_files.parquet.made_by_hand import (
    BINARY,
    DELTA_LENGTHS,
    DELTA_TEXTS,
    I32,
    I64,
    IN_DICTIONARY,
    LIST,
    REPEATED,
    STRUCT,
    Column,
    deltas,
    ended,
    file_of,
    integer,
    levels,
    many,
    page,
    struct,
    texts,
    varint,
)

MB = 1024 * 1024
LONG = [bytes([97 + number]) * (MB - 100) for number in range(5)]


def _with_dictionary(entries: list[bytes], rows: int, body: bytes, *, values: int = 0, repetition: int = 0) -> bytes:
    dictionary = page(texts(entries), len(entries), kind=2)
    values = values or rows
    pages = dictionary + page(body, values, encoding=IN_DICTIONARY)
    says_plain = 4 * values
    return file_of(rows, Column("x", pages, values, repetition, unpacked=says_plain, dictionary_bytes=len(dictionary)))


def _list_without_end(pages: int, values: int) -> bytes:
    """Return a file in which each of *pages* pages has one row: a list with *values* times the same text."""
    dictionary = page(texts([b"a"]), 1, kind=2)
    body = levels((1, 0), (values - 1, 1)) + levels((values, 1)) + b"\x00" + varint(values << 1)
    data = page(body, values, encoding=IN_DICTIONARY) * pages
    return file_of(pages, Column("x", dictionary + data, values * pages, REPEATED, dictionary_bytes=len(dictionary)))


def _beginnings(rows: int) -> bytes:
    """Return a file of texts that each begin with the megabyte of the one before."""
    size, wide = MB - 1, bytes([20, 0, 0, 0])
    blocks = (rows - 2) // 128
    flat = (integer(0) + bytes(4)) * blocks
    head = varint(128) + varint(4) + varint(rows)
    prefixes = head + integer(0) + integer(0) + wide + size.to_bytes(80, "little") + flat
    fall = sum((size - 1) << (20 * place) for place in range(1, 32)).to_bytes(80, "little")
    rest = sum((size - 1) << (20 * place) for place in range(32)).to_bytes(80, "little")
    suffixes = head + integer(size) + integer(1 - size) + bytes([20] * 4) + fall + rest * 3 + flat
    body = prefixes + suffixes + b"a" * size + b"b" * (rows - 1)
    return file_of(rows, Column("x", page(body, rows, encoding=DELTA_TEXTS), rows, encodings=[DELTA_TEXTS]))


def _footer(groups: int, columns: int) -> bytes:
    """Return a file whose footer has a column in every three bytes."""
    group = struct({1: (LIST, b"\xfc" + varint(columns) + b"\x26\x00\x00" * columns), 2: (I64, 0), 3: (I64, 0)})
    schema = [struct({4: (BINARY, b"s"), 5: (I32, 1)}), struct({1: (I32, 6), 3: (I32, 0), 4: (BINARY, b"x")})]
    says = {1: (I32, 1), 2: (LIST, many(STRUCT, schema)), 3: (I64, 0), 4: (LIST, many(STRUCT, [group] * groups))}
    return b"PAR1" + bytes(20) + ended(struct(says))


def _pages_of_long_texts() -> bytes:
    pages = page(texts([b"a" * (MB - 10)]), 1) * 300 + page(texts([b""] * 97_000), 97_000)
    return file_of(100_000, Column("x", pages, 100_000, unpacked=1_000))


TOO_LARGE = {
    "a page that unpacks to 300 MB": file_of(10, Column("x", page(bytes(300 * MB), 10), 10)),
    "a page that says to": file_of(10, Column("x", page(b"a", 10, unpacked=2**31 - 1), 10)),
    "a dictionary that unpacks to 300 MB": _with_dictionary([bytes(300 * MB)], 10, b"\x00" + varint(10 << 1)),
    "a dictionary that says to have 2,000,000,000 texts": file_of(
        1, Column("x", page(b"a", 2_000_000_000, kind=2) + page(b"a", 1), 1, dictionary_bytes=20)
    ),
    "a list with 30,000,000 texts": _list_without_end(1, 30_000_000),
    "lists with 1,000,000 texts each, one after the other": _list_without_end(30, 1_000_000),
    "lists of long texts": _with_dictionary(
        LONG, 20_000, levels((20_000, 0)) + levels((20_000, 1)) + b"\x03" + varint(20_000 << 1) + b"\x01", repetition=2
    ),
    "texts that begin as the one before": _beginnings(400),
    "rows of long texts one after the other": _pages_of_long_texts(),
}
DAMAGED = {
    "a page that is larger than it says": file_of(10, Column("x", page(bytes(300 * MB), 10, unpacked=1_000), 10)),
    "a page that goes on behind its column": file_of(10, Column("x", page(b"a", 10, size=2**30), 10)),
    "more lengths than texts": file_of(
        10, Column("x", page(deltas(2**26, 0, 0), 10, encoding=DELTA_LENGTHS), 10, encodings=[DELTA_LENGTHS])
    ),
    "more beginnings than texts": file_of(
        10, Column("x", page(deltas(2**26, 0, 0), 10, encoding=DELTA_TEXTS), 10, encodings=[DELTA_TEXTS])
    ),
}
MANY_COLUMNS = _footer(66, 15_000)
FEW_LONG_TEXTS = _with_dictionary(LONG, 20_000, b"\x03" + varint(20_000 << 1) + b"\x01")
"""A file that is read: 20,000 rows with the same text of a megabyte."""
_APART = random.Random(3).randbytes(100_000).hex().encode()  # noqa: S311 - what no codec makes much smaller
FEW_ROWS_AT_ONCE = _with_dictionary([_APART], 3_000, b"\x00" + varint(3_000 << 1))
"""A file that is read, a few rows at once: its dictionary is so large that each row gets its text."""
