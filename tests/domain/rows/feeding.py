"""Gives a file to its reader in pieces, wherever the cuts fall."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import strategies as st

from shared.domain.dialects.file_kind import kind_of_file, usual_delimiter
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page, Row, Unreadable

Found = Row | tuple[str, str]
"""A row, or the reason and the detail of why there is none."""


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """Return *data* cut at *places* (taken modulo its length)."""
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[begin:end] for begin, end in pairwise(edges)]


def single_bytes(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]


def dialect_by_name(name: str) -> Dialect:
    """Return how a file of this *name* is written if it is as plain as it can be."""
    kind = kind_of_file(name)
    return Dialect(kind.format or FileFormat.CSV, kind.is_named_packed, delimiter=usual_delimiter(name))


def pages_of(name: str, pieces: Iterable[bytes]) -> list[Page]:
    """Return every page of a file, those without rows as well."""
    reader = FileReader(name, dialect_by_name(name))
    pages = [page for piece in pieces for page in reader.feed(piece)]
    return [*pages, *reader.close()]


def rows_of(name: str, *pieces: bytes) -> list[Found]:
    """Return the rows of a file, after making sure that the pages number them without a gap."""
    rows: list[Row | Unreadable] = []
    for page in pages_of(name, pieces):
        assert page.blob == name
        assert page.first_row == len(rows) + 1
        rows += page.rows
    return [found(row) for row in rows]


def found(row: Row | Unreadable) -> Found:
    return (row.reason, row.told.detail) if isinstance(row, Unreadable) else row


def reasons(rows: list[Found]) -> list[str]:
    """Return, for each row, why there is none, or ``ok``."""
    return [row[0] if isinstance(row, tuple) else "ok" for row in rows]


cuts = st.lists(st.integers(0, 10_000), max_size=12)
rough_files = st.lists(
    st.sampled_from(['"', '""', ",", ",,", "\n", "\r\n", "\r", "a", 'a"', ';"', "é", " ", "b,c", '"x",', '\n"']),
    max_size=30,
).map("".join)
