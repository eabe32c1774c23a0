"""Measures how fast rows become batches: the pipeline's code against a loop that only reads, maps and encodes."""

import csv
import gc
import io
import statistics
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from local.bench.table import Figure
from local.parquet_files import bare_rows
from local.samples import MAPPING, PHONE_REGION, SampleSpec, sample_file
from shared.adapters.klaviyo.import_body import MAX_PROFILES, max_payload_bytes
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.config.export_limits import Limits
from shared.domain.config.mapping import Mapping
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.parquet.arrow_file import ArrowFile
from shared.domain.rows.parquet.footer_bytes import footer_length
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from shared.domain.rows.rows import Page
from shared.domain.runs.brake import Brake
from shared.domain.runs.plan import Plan, SegmentBlob
from shared.domain.runs.run import Checkpoint
from shared.pipeline.export.export_segment import batcher_of, batches_of, sorter_of

ROUNDS = 5
CHUNK_BYTES = 4 * 1024 * 1024
MAX_HELD = 0.05
"""The longest time in seconds that one page should block the event loop."""
LIST_ID = "Y6nRLr"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of file, with or without phone numbers; *aim* is the least share of the bare loop's speed, or None."""

    name: str
    file_format: str
    with_phones: bool
    aim: float | None


CASES = (
    Case("NDJSON", "ndjson", with_phones=False, aim=0.75),
    Case("CSV", "csv", with_phones=False, aim=0.65),
    Case("Parquet", "parquet", with_phones=False, aim=None),
    Case("NDJSON with phone numbers", "ndjson", with_phones=True, aim=0.6),
)


def measure(rows: int) -> Iterator[Figure]:
    """Yield the figures of each case: the median of several rounds, both loops over the same bytes."""
    for case in CASES:
        data = b"".join(sample_file(SampleSpec(rows), case.file_format))
        mapping = {name: column for name, column in MAPPING.items() if case.with_phones or name != "phone_number"}
        bare = _BARE[case.file_format]
        ours_times, bare_times, longest = [], [], []
        for _ in range(ROUNDS):
            bare_times.append(_seconds(lambda: bare(data, mapping)))  # noqa: B023 - called at once
            ours_times.append(_seconds(lambda: longest.append(pipeline(data, case.file_format, mapping)[1])))  # noqa: B023 - as above
        ratio = statistics.median(b / o for b, o in zip(bare_times, ours_times, strict=True))
        yield Figure(
            f"pipeline, {case.name}",
            f"{rows / statistics.median(ours_times):,.0f} rows/s, {ratio:.2f} of the bare loop",
            f"bare loop {rows / statistics.median(bare_times):,.0f} rows/s",
            f"at least {case.aim} of the bare loop" if case.aim else "",
            ratio >= case.aim if case.aim else None,
        )
        held = statistics.median(longest)
        yield Figure(
            f"longest page, {case.name}",
            f"{held * 1000:.0f} ms",
            "",
            f"under {MAX_HELD * 1000:.0f} ms",
            held < MAX_HELD,
        )


def pipeline(data: bytes, file_format: str, mapping: dict[str, Any]) -> tuple[int, float]:
    """Return how many profiles the pipeline puts into batches, and the longest time of a page in seconds."""
    name = f"bench/rows.{file_format}"
    dialect = Dialect(FileFormat(file_format))
    plan, encoder = _plan(name, len(data), mapping, dialect), _Encoder()
    sorter, batcher = sorter_of(plan, encoder), batcher_of(plan, encoder, Checkpoint())
    brake = Brake(plan.limits, read=0, rejected=0)
    profiles, longest, begun = 0, 0.0, time.thread_time()
    for page in _pages(name, data, dialect, plan.mapping.columns()):
        profiles += sum(len(batch) for batch in batches_of(page, sorter, brake, batcher))
        longest = max(longest, time.thread_time() - begun)
        begun = time.thread_time()
    last = batcher.cut()
    return profiles + (len(last) if last is not None else 0), longest


def _pages(name: str, data: bytes, dialect: Dialect, columns: Collection[str]) -> Iterator[Page]:
    if dialect.format is FileFormat.PARQUET:
        file, rows = ArrowFile(name, data[-footer_length(name, data, len(data)) :], len(data)), ParquetRows(name)
        file.chunks(columns)
        for batch in file.batches(columns, lambda offset, length: data[offset : offset + length]):
            yield from rows.pages(batch)
        return
    reader = FileReader(name, dialect)
    for start in range(0, len(data), CHUNK_BYTES):
        yield from reader.feed(data[start : start + CHUNK_BYTES])
    yield from reader.close()


class _Encoder:
    """The part of a sink that filling batches needs."""

    max_profiles = MAX_PROFILES
    encode = staticmethod(encode_profile)

    def max_bytes(self, list_id: str) -> int:
        return max_payload_bytes(list_id)


def _plan(name: str, size: int, mapping: dict[str, Any], dialect: Dialect) -> Plan:
    return Plan(
        blobs=(SegmentBlob(name, size, ""),),
        mapping=Mapping.written(mapping),
        phone_region=PHONE_REGION,
        limits=Limits(),
        list_id=LIST_ID,
        list_name="",
        secret_name="",
        account_id=None,
        dialects=(dialect,),
        dialect_of=(0,),
    )


def _bare_ndjson(data: bytes, mapping: dict[str, Any]) -> int:
    return _bare((orjson.loads(line) for line in data.split(b"\n") if line), mapping)


def _bare_csv(data: bytes, mapping: dict[str, Any]) -> int:
    return _bare(csv.DictReader(io.TextIOWrapper(io.BytesIO(data), newline="")), mapping)


def _bare_parquet(data: bytes, mapping: dict[str, Any]) -> int:
    return _bare(bare_rows(data), mapping)


def _bare(rows: Any, mapping: dict[str, Any]) -> int:
    """Map and encode *rows* without any check, and return how many there are."""
    plain = [(name, column) for name, column in mapping.items() if isinstance(column, str)]
    location, properties = list(mapping["location"].items()), list(mapping["properties"].items())
    profiles: list[bytes] = []
    count = 0
    for row in rows:
        attributes: dict[str, Any] = {name: row[column] for name, column in plain}
        attributes["location"] = {name: row[column] for name, column in location}
        attributes["properties"] = {name: row[column] for name, column in properties}
        profiles.append(orjson.dumps({"type": "profile", "attributes": attributes}))
        if len(profiles) == MAX_PROFILES:
            count += len(b",".join(profiles)) and len(profiles)
            profiles = []
    return count + len(profiles)


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of *work*: others may use the machine as well."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


_BARE = {"ndjson": _bare_ndjson, "csv": _bare_csv, "parquet": _bare_parquet}
