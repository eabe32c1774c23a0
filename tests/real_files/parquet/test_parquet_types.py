"""Parquet files as programs write them, from the storage to the list."""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
import pyarrow as pa
import pytest

from tests.builders import ndjson
from tests.real_files.parquet.written import parquet_file
from tests.real_files.whole_run import Body, outcome_of

EMAILS = ["a@example.com", "b@example.com", "c@example.com"]
MAPPED = {"email": "email", "properties": {"x": "x"}}
MOMENT = datetime(2026, 11, 28, 6, 30, 15, 250_000)  # noqa: DTZ001 - without a zone, as it is written
WRITTEN = "2026-11-28T06:30:15.250000"
NO_ZONE, ZONED = pa.timestamp("us"), pa.timestamp("ms", "Europe/Kyiv")
FLAT = {"a": 1, "b": ["x"]}

VALUES: list[tuple[Any, list[Any]]] = [
    (pa.array(["A", None, "Ї"]), ["A", None, "Ї"]),
    (pa.array(["A", None, "A"]).dictionary_encode(), ["A", None, "A"]),
    (pa.array(["A", None, "B"], pa.large_string()), ["A", None, "B"]),
    (pa.array([1, None, -3], pa.int8()), [1, None, -3]),
    (pa.array([2**63 - 1, None, 0]), [2**63 - 1, None, 0]),
    (pa.array([2**64 - 1, None, 0], pa.uint64()), [2**64 - 1, None, 0]),
    (pa.array([True, None, False]), [True, None, False]),
    (pa.array([0.1, None, -2.5]), [0.1, None, -2.5]),
    (pa.array([0.1, None, float("nan")], pa.float32()), [0.1, None, None]),
    (pa.array([0.5, None, -2.0], pa.float16()), [0.5, None, -2.0]),
    (pa.array([Decimal("12.50"), None, Decimal("-0.01")], pa.decimal128(38, 2)), [12.5, None, -0.01]),
    (pa.array([Decimal(12), None, Decimal(10**20)], pa.decimal128(38, 0)), [12, None, str(10**20)]),
    (pa.array([date(2026, 11, 28), None, date(1, 1, 1)]), ["2026-11-28", None, "0001-01-01"]),
    (pa.array([MOMENT, None, MOMENT.replace(microsecond=0)], NO_ZONE), [WRITTEN, None, "2026-11-28T06:30:15"]),
    (pa.array([MOMENT, None, None], pa.timestamp("ns")), [WRITTEN, None, None]),
    (pa.array([MOMENT.replace(tzinfo=UTC), None, None], ZONED), [f"{WRITTEN}+00:00", None, None]),
    (pa.array([time(6, 30), None, time(6, 30, 1, 5)]), ["06:30:00", None, "06:30:01.000005"]),
    (pa.array([["a", None], [], None]), [["a", None], [], None]),
    (pa.array([[date(2026, 1, 1)], None, []], pa.list_(pa.date32())), [["2026-01-01"], None, []]),
    (pa.array([FLAT, None, {"a": None, "b": None}]), [FLAT, None, {"a": None, "b": None}]),
    (pa.array([[("a", 1), ("b", None)], None, []], pa.map_(pa.string(), pa.int64())), [{"a": 1, "b": None}, None, {}]),
    (pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int64(), 2)), [[1, 2], None, [3, 4]]),
    (pa.array([UUID(int=1).bytes, None, None], pa.uuid()), [str(UUID(int=1)), None, None]),
    (pa.nulls(3), [None, None, None]),
]


async def _sent(body: Body, name: str) -> list[Any]:
    found = await outcome_of(body, name, mapping=MAPPED)
    assert found.run.status == "succeeded"
    assert found.run.tally.accepted == found.run.tally.read
    return found.values("x")


@pytest.mark.parametrize(("values", "as_json"), VALUES, ids=[str(values.type) for values, _ in VALUES])
async def test_each_type_arrives_as_the_same_rows_of_json_do(values: Any, as_json: list[Any]) -> None:
    rows = [{"email": email, "x": x} for email, x in zip(EMAILS, as_json, strict=True)]
    sent = await _sent(parquet_file({"email": EMAILS, "x": values}), "part-0.snappy.parquet")
    assert sent == await _sent(ndjson(rows), "part-0.ndjson")
    assert any(value is not None for value in sent) or values.type == pa.null()


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
async def test_each_way_to_pack_a_file_is_read(codec: str, version: str) -> None:
    names = [f"Name {number % 7}" for number in range(3_000)]
    columns = {"email": [f"p{number}@example.com" for number in range(3_000)], "x": names, "other": names}
    body = parquet_file(columns, compression=codec, data_page_version=version, row_group_size=1_100, data_page_size=999)
    assert await _sent(body, "part-0.parquet") == names


async def test_old_times_of_96_bits_are_read() -> None:
    moments = pa.array([MOMENT, None, MOMENT.replace(year=9999)], NO_ZONE)
    body = parquet_file({"email": EMAILS, "x": moments}, use_deprecated_int96_timestamps=True)
    assert await _sent(body, "a.parquet") == [WRITTEN, None, WRITTEN.replace("2026", "9999")]


async def test_a_file_that_another_program_has_written_arrives_as_the_same_rows_of_json_do() -> None:
    columns = {
        "text": ["A", None, "Ї"],
        "whole": [1, None, 2**40],
        "number": [0.1, None, -2.5],
        "truth": [True, None, False],
        "day": [date(2026, 11, 28), None, date(1970, 1, 1)],
        "moment": [MOMENT, None, MOMENT.replace(microsecond=0)],
        "zoned": pl.Series([MOMENT.replace(tzinfo=UTC), None, None], dtype=pl.Datetime("ms", "UTC")),
        "time": [time(6, 30), None, time(6, 30, 1, 5)],
        "tier": pl.Series(["gold", None, "gold"], dtype=pl.Categorical),
        "money": pl.Series([Decimal("12.50"), None, Decimal("-0.01")], dtype=pl.Decimal(38, 2)),
        "list": [["a", "b"], None, ["c"]],
        "object": [{"a": 1, "b": date(2026, 1, 1)}, None, {"a": 2, "b": None}],
    }
    as_json = {
        **columns,
        "day": ["2026-11-28", None, "1970-01-01"],
        "moment": [WRITTEN, None, "2026-11-28T06:30:15"],
        "zoned": [f"{WRITTEN}+00:00", None, None],
        "time": ["06:30:00", None, "06:30:01.000005"],
        "tier": ["gold", None, "gold"],
        "money": [12.5, None, -0.01],
        "object": [{"a": 1, "b": "2026-01-01"}, None, {"a": 2, "b": None}],
    }
    mapping = {"email": "email", "properties": {name: name for name in columns}}
    out = io.BytesIO()
    pl.DataFrame({"email": EMAILS, **columns}).write_parquet(out, row_group_size=2)
    rows = [
        {"email": email, **dict(zip(as_json, values, strict=True))}
        for email, values in zip(EMAILS, zip(*as_json.values(), strict=True), strict=True)
    ]
    theirs = await outcome_of(out.getvalue(), "export.parquet", mapping=mapping)
    same = await outcome_of(ndjson(rows), "export.ndjson", mapping=mapping)
    assert theirs.members == same.members
    assert theirs.segment["types"] == {
        "email": "text",
        "text": "text",
        "whole": "integer",
        "number": "number",
        "truth": "boolean",
        "day": "date",
        "moment": "datetime",
        "zoned": "datetime",
        "time": "text",
        "tier": "text",
        "money": "number",
        "list": "list",
        "object": "object",
    }
