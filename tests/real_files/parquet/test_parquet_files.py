"""Parquet files that cannot be read say why; what can be read costs no more than it must."""

import random
import struct
from typing import Any

import pyarrow as pa
import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet.arrow_file import ArrowFile
from shared.domain.rows.parquet.column_types import column_type
from shared.domain.rows.parquet.footer_bytes import MOST_FOOTER_BYTES, footer_length
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from tests.builders import World, checked, ndjson
from tests.real_files.parquet.written import parquet_file, table_file
from tests.real_files.whole_run import outcome_of

EMAILS = [f"p{number}@example.com" for number in range(500)]
GOOD = parquet_file({"email": EMAILS, "x": EMAILS}, compression="none")
MAPPED = {"email": "email", "properties": {"x": "x"}}
_FOOTER = footer_length("good", GOOD, len(GOOD))


def _footer(said: bytes) -> bytes:
    return b"PAR1" + bytes(20) + said + struct.pack("<I", len(said)) + b"PAR1"


def _varint(number: int) -> bytes:
    return (bytes([number & 0x7F | 0x80]) + _varint(number >> 7)) if number > 0x7F else bytes([number])


def _schema(elements: int, *parts: bytes) -> bytes:
    """Return a footer in Thrift's compact form that says to have so many elements in its schema."""
    return b"\x15\x04\x19\xfc" + _varint(elements) + b"".join(parts) + b"\x16\x00\x19\x0c\x00"


def _group(children: int) -> bytes:
    return b"\x35\x00\x18\x01a\x15" + _varint(2 * children) + b"\x00"


DEEP = _footer(_schema(30_001, *[_group(1)] * 30_000, b"\x15\x04\x25\x00\x18\x01x\x00"))
PAGE = bytes(GOOD[:60]) + b"\xff" * 400 + GOOD[460:]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "parquet_empty"),
        (b"email,x\na@example.com,1\n", "parquet_not"),
        (b"PAR1PAR1", "parquet_cut_off"),
        (GOOD[:-1], "parquet_cut_off"),
        (GOOD[: len(GOOD) // 2], "parquet_cut_off"),
        (GOOD[:-4] + b"PARE", "parquet_encrypted"),
        (GOOD[:-8] + b"\xff\xff\xff\x7fPAR1", "parquet_damaged"),
        (GOOD[:-8] + b"\x00\x00\x00\x00PAR1", "parquet_damaged"),
        (GOOD[4 : len(GOOD) // 2] + GOOD[-_FOOTER:], "parquet_damaged"),
        (_footer(bytes(MOST_FOOTER_BYTES)), "parquet_footer_too_large"),
        (_footer(_schema(2**31 - 1)), "parquet_damaged"),
        (_footer(_schema(2, _group(2**30), b"\x15\x04\x25\x00\x18\x01x\x00")), "parquet_damaged"),
        (DEEP, "parquet_damaged"),
        (table_file(pa.table([EMAILS, EMAILS], ["email", "email"])), "parquet_repeated_column"),
        (parquet_file({"email": EMAILS, "x": [b"\xff"] * 500}), "parquet_column_refused"),
        (parquet_file({"email": EMAILS, "x": [[b"\xff"]] * 500}), "parquet_column_refused"),
        (parquet_file({"email": EMAILS, "x": pa.array([5] * 500, pa.duration("s"))}), "parquet_column_refused"),
    ],
    ids=lambda given: given if isinstance(given, str) else "file",
)
async def test_what_cannot_be_read_fails_the_run_and_says_why(body: bytes, code: str) -> None:
    found = await outcome_of(body, "vip.parquet", mapping=MAPPED)
    assert found.failure[0] == code
    assert "'vip/vip.parquet'" in found.failure[1]


async def test_a_page_that_is_damaged_ends_the_run_with_its_rows_before_it() -> None:
    files = {"vip/a.ndjson": ndjson([{"email": "a@example.com"}]), "vip/b.parquet": PAGE}
    run = checked(await World(files, export={"mapping": MAPPED}).whole_run())
    assert run.ending is not None
    assert run.ending.code == "parquet_damaged"


async def test_an_unmapped_column_of_bytes_is_no_hindrance() -> None:
    body = parquet_file({"email": EMAILS[:3], "x": ["A"] * 3, "picture": [b"\xff"] * 3})
    found = await outcome_of(body, "vip.parquet", mapping=MAPPED)
    assert found.values("x") == ["A"] * 3
    assert found.segment["columns"] == ["email", "x"]


async def test_a_file_without_rows_is_one_that_says_so() -> None:
    found = await outcome_of(parquet_file({"email": pa.array([], pa.string())}), "vip.parquet")
    assert (found.run.tally.read, [warning.code for warning in found.run.warnings][-1]) == (0, "source_empty")


async def test_a_file_without_an_ending_shows_by_its_first_bytes_that_it_is_parquet() -> None:
    body = parquet_file({"email": EMAILS[:3], "x": ["A", "B", "C"]})
    assert (await outcome_of(body, "part-00000", mapping=MAPPED)).values("x") == ["A", "B", "C"]


async def test_a_list_that_is_too_large_costs_its_row_only() -> None:
    body = parquet_file({"email": EMAILS[:3], "x": [[1], [7] * 200_000, None]})
    found = await outcome_of(body, "vip.parquet", mapping=MAPPED)
    assert (found.values("x"), found.reasons) == ([[1], None], [(2, "line_too_long")])


@pytest.mark.parametrize("is_dictionary", [True, False])
async def test_a_text_that_is_not_utf_8_or_too_long_costs_its_row_only(is_dictionary: bool) -> None:
    texts = pa.array([b"A", b"\xff", b"y" * 1_048_577, b"D"]).view(pa.string())
    body = parquet_file({"email": EMAILS[:4], "x": texts}, use_dictionary=is_dictionary)
    found = await outcome_of(body, "vip.parquet", mapping=MAPPED)
    assert found.values("x") == ["A", "D"]
    assert found.reasons == [(2, "wrong_encoding"), (3, "line_too_long")]


@pytest.mark.parametrize(
    ("limits", "code"), [({"min_rows": 1_001}, "too_few_rows"), ({"max_rows": 999}, "too_many_rows")]
)
async def test_rows_are_counted_by_the_footers_before_anything_is_sent(limits: dict[str, Any], code: str) -> None:
    world = World({"vip/a.parquet": GOOD, "vip/b.parquet": GOOD}, export={"mapping": MAPPED, "limits": limits})
    run = await world.whole_run()
    assert run.ending is not None
    assert (run.ending.reason, run.ending.code, run.tally.read, world.sink.members()) == ("limit_reached", code, 0, {})
    assert len(world.segments.ranges) == 2, "of each file the end, and nothing else"


def test_whatever_byte_is_wrong_the_process_lives_and_the_file_is_named() -> None:
    draw = random.Random(7)  # noqa: S311 - test data
    for number in range(250):
        body = bytearray(_some_file(number))
        for _ in range(draw.choice([1, 3, 20])):
            place = draw.randrange(draw.choice([0, len(body) - 1_500]), len(body))
            body[place] = draw.choice([0, 255, draw.randrange(256)])
        _read(bytes(body))


def _some_file(number: int) -> bytes:
    rows = 300
    columns = {
        "email": EMAILS[:rows],
        "tier": ["gold", None, "silver"] * 100,
        "list": [[1, 2]] * rows,
        "object": [{"a": 1}] * rows,
    }
    codec = ["none", "snappy", "gzip", "zstd"][number % 4]
    return parquet_file(columns, compression=codec, row_group_size=100, write_page_checksum=number % 3 == 0)


def _read(body: bytes) -> None:
    """Read all of a damaged file; an error must be one that the app raises on purpose."""
    try:
        file = ArrowFile("vip", body[-footer_length("vip", body, len(body)) :], len(body))
        names = [name for name, kind in file.columns if column_type(kind)]
        file.chunks(names)
        rows = ParquetRows("vip")
        for batch in file.batches(names, lambda offset, length: body[offset : offset + length]):
            assert all(len(page.rows) == len(page.lines) for page in rows.pages(batch))
    except ConfigurationError as error:
        assert error.sentence.code.startswith("parquet_")  # noqa: PT017 - most files can be read no more
