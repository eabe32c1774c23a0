"""What is found out of the pages of real files before they are unpacked, beside what pyarrow makes of them."""

import random
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from shared.domain.rows.parquet.arrow_file import unpack
from shared.domain.rows.parquet.checked_pages import CheckedPages, Chunk
from shared.domain.rows.parquet.page_header import read_page_header
from shared.domain.rows.parquet.page_values import rows_begun, size_by_prefixes
from tests.real_files.parquet.written import parquet_file, table_file

ROWS = 20_000
_DRAW = random.Random(11)  # noqa: S311 - test data
_WORDS = [f"word {number}" for number in range(900)]
COLUMNS: dict[str, list[Any]] = {
    "number": [number if number % 7 else None for number in range(ROWS)],
    "text": [f"{number % 50 * 'x'}{number}" for number in range(ROWS)],
    "tag": [_WORDS[number % 900] for number in range(ROWS)],
    "tags": [[_DRAW.choice(_WORDS) for _ in range(_DRAW.choice([0, 1, 2, 40]))] for _ in range(ROWS)],
    "none": [None if number % 3 else [] for number in range(ROWS)],
    "deep": [[[1] * (number % 3), [2]] for number in range(ROWS)],
}
WAYS: list[dict[str, Any]] = [
    *({"compression": codec} for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli")),
    {"data_page_version": "2.0", "compression": "zstd"},
    {"data_page_version": "2.0", "compression": "none", "data_page_size": 900},
    {"data_page_size": 900},
    {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY", "tags.list.element": "DELTA_BYTE_ARRAY"}},
    {"use_dictionary": False, "column_encoding": {"text": "DELTA_LENGTH_BYTE_ARRAY"}, "data_page_size": 5_000},
]


def _chunks(body: bytes) -> list[Chunk]:
    metadata = parquet.read_metadata(pa.BufferReader(body))
    found = list[Chunk]()
    for leaf in range(metadata.num_columns):
        column, kind = metadata.row_group(0).column(leaf), metadata.schema.column(leaf)
        begin = column.dictionary_page_offset or column.data_page_offset
        found.append(
            Chunk(
                begin,
                begin + column.total_compressed_size,
                column.num_values,
                column.compression,
                kind.physical_type == "BYTE_ARRAY",
                kind.length,
                kind.max_repetition_level,
                kind.max_definition_level,
            )
        )
    return found


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("step", [777, 100_000])
def test_the_rows_of_each_column_are_counted_by_its_pages(way: dict[str, Any], step: int) -> None:
    body = table_file(pa.table(COLUMNS), **way)
    chunks = _chunks(body)
    pages = CheckedPages("vip", chunks, lambda offset, length: body[offset : offset + length], unpack)
    pages.rows_at_once = 1_000
    for chunk in chunks:
        for place in range(chunk.begin, chunk.end, step):
            end = min(place + step, chunk.end)
            assert pages.fetch(place, end - place) == body[place:end]
    assert [chunk.rows for chunk in chunks] == [ROWS] * len(COLUMNS)
    assert all(len(chunk.pages) < 40 for chunk in chunks), "pages of rows that are done are forgotten"


def test_the_longest_text_of_a_dictionary_is_known() -> None:
    body = parquet_file({"x": ["a", "abc" * 40, "ab", "a"]})
    (chunk,) = _chunks(body)
    CheckedPages("vip", [chunk], lambda offset, length: body[offset : offset + length], unpack)
    assert chunk.longest == 120


def test_texts_that_begin_as_the_one_before_are_as_long_as_they_are() -> None:
    draw = random.Random(5)  # noqa: S311 - test data
    texts = sorted(f"{draw.choice(_WORDS)}/{draw.randrange(10 ** draw.randrange(1, 9))}" for _ in range(3_000))
    table = pa.table({"x": texts}, schema=pa.schema([pa.field("x", pa.string(), nullable=False)]))
    body = table_file(table, use_dictionary=False, column_encoding={"x": "DELTA_BYTE_ARRAY"}, compression="none")
    header = read_page_header(body, 4)
    page = body[4 + header.length : 4 + header.length + header.size]
    lengths_and_suffixes = size_by_prefixes(page, 0, header.values, 10**9)
    prefixes = lengths_and_suffixes - len(page)
    assert prefixes == sum(_same_beginning(one, two) for one, two in pairwise(texts))
    assert size_by_prefixes(page, 0, header.values, 100) < lengths_and_suffixes, "it ends early"


def _same_beginning(one: str, two: str) -> int:
    return next((place for place, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), len(one))


@pytest.mark.parametrize(
    ("levels", "width", "values", "rows"),
    [
        (bytes([10 << 1, 0]), 1, 10, 10),
        (bytes([10 << 1, 1]), 1, 10, 0),
        (bytes([100 << 1 & 0x7F | 0x80, 1, 0]), 1, 7, 7),
        (bytes([3, 0b01101110]), 1, 8, 3),
        (bytes([3, 0b01101110]), 1, 4, 1),
        (bytes([3, 0b11_00_10_01, 0b00_00_01_00]), 2, 8, 4),
        (bytes([2 << 1, 0, 3, 0b11111111, 2 << 1, 0]), 1, 12, 4),
    ],
)
def test_a_row_begins_at_each_level_of_0(levels: bytes, width: int, values: int, rows: int) -> None:
    assert rows_begun(levels, width, values) == rows


def test_a_run_without_levels_is_damage() -> None:
    with pytest.raises(ValueError, match="without levels"):
        rows_begun(bytes(40), 1, 10)
