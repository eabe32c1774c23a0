"""Measures how fast rows become batches: the pipeline's code against a loop that only reads, maps and encodes."""

import csv
import gc
import gzip
import io
import statistics
import time
from collections.abc import Callable, Iterator
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
PACKING_LEVEL = 6
CHUNK_BYTES = 4 * 1024 * 1024
MAX_HELD = 0.05
"""The longest time in seconds that one page should block the event loop."""
LIST_ID = "Y6nRLr"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of file, with or without phone numbers; *aim* is the least share of the bare loop's speed."""

    name: str
    file_format: str
    aim: float
    with_phones: bool = False
    is_packed: bool = False


CASES = (
    Case("NDJSON", "ndjson", aim=0.75),
    Case("NDJSON packed with gzip", "ndjson", aim=0.75, is_packed=True),
    Case("CSV", "csv", aim=0.65),
    Case("Parquet", "parquet", aim=0.75),
    Case("NDJSON with phone numbers", "ndjson", aim=0.6, with_phones=True),
)


def measure(rows: int) -> Iterator[Figure]:
    """Yield the figures of each case: the median of several rounds, both loops over the same bytes."""
    for case in CASES:
        data = b"".join(sample_file(SampleSpec(rows), case.file_format))
        data = gzip.compress(data, PACKING_LEVEL) if case.is_packed else data
        dialect = Dialect(FileFormat(case.file_format), is_packed=case.is_packed)
        mapping = {name: column for name, column in MAPPING.items() if case.with_phones or name != "phone_number"}
        bare = _BARE[case.file_format]
        ours_times, bare_times, longest = [], [], []
        for _ in range(ROUNDS):
            bare_times.append(seconds(lambda: bare(gzip.decompress(data) if case.is_packed else data, mapping)))  # noqa: B023 - called at once
            ours_times.append(seconds(lambda: longest.append(pipeline(data, dialect, mapping)[1])))  # noqa: B023 - as above
        ratio = statistics.median(b / o for b, o in zip(bare_times, ours_times, strict=True))
        yield Figure(
            f"pipeline, {case.name}",
            f"{rows / statistics.median(ours_times):,.0f} rows/s, {ratio:.2f} of the bare loop",
            f"bare loop {rows / statistics.median(bare_times):,.0f} rows/s",
            f"at least {case.aim} of the bare loop",
            ratio >= case.aim,
        )
        held = statistics.median(longest)
        yield Figure(
            f"longest page, {case.name}",
            f"{held * 1000:.0f} ms",
            "",
            f"under {MAX_HELD * 1000:.0f} ms",
            held < MAX_HELD,
        )


def pipeline(data: bytes, dialect: Dialect, mapping: dict[str, Any]) -> tuple[int, float]:
    """Return how many profiles the pipeline puts into batches, and the longest time of a page in seconds."""
    plan, encoder = plan_of(data, dialect, mapping), BareEncoder()
    sorter, batcher = sorter_of(plan, encoder), batcher_of(plan, encoder, Checkpoint())
    brake = Brake(plan.limits, read=0, rejected=0)
    profiles, longest, begun = 0, 0.0, time.thread_time()
    for page in pages_of(plan, data):
        profiles += sum(len(batch) for batch in batches_of(page, sorter, brake, batcher))
        longest = max(longest, time.thread_time() - begun)
        begun = time.thread_time()
    last = batcher.cut()
    return profiles + (len(last) if last is not None else 0), longest


def pages_of(plan: Plan, data: bytes) -> Iterator[Page]:
    """Read *data* as the only file of *plan*."""
    (name,), (dialect,), columns = (blob.name for blob in plan.blobs), plan.dialects, plan.mapping.columns()
    if dialect.format is FileFormat.PARQUET:
        file, rows = _arrow_file(name, data), ParquetRows(name)
        file.chunks(columns)
        for batch in file.batches(columns, lambda offset, length: data[offset : offset + length]):
            yield from rows.pages(batch)
        return
    reader = FileReader(name, dialect, plan.mapping.email)
    for start in range(0, len(data), CHUNK_BYTES):
        yield from reader.feed(data[start : start + CHUNK_BYTES])
    yield from reader.close()


class BareEncoder:
    """The part of a sink that filling batches needs."""

    max_profiles = MAX_PROFILES
    encode = staticmethod(encode_profile)

    def max_bytes(self, list_id: str) -> int:
        """Return how many bytes the profiles of a request may have."""
        return max_payload_bytes(list_id)


def plan_of(data: bytes, dialect: Dialect, mapping: dict[str, Any]) -> Plan:
    """Return the plan of a run over *data* alone; a Parquet file says how many rows it has."""
    name = f"bench/rows.{dialect.format}"
    return Plan(
        blobs=(SegmentBlob(name, len(data), ""),),
        mapping=Mapping.written(mapping),
        phone_region=PHONE_REGION,
        limits=Limits(),
        list_id=LIST_ID,
        list_name="",
        secret_name="",
        account_id=None,
        dialects=(dialect,),
        dialect_of=(0,),
        rows=_arrow_file(name, data).rows if dialect.format is FileFormat.PARQUET else None,
    )


def _arrow_file(name: str, data: bytes) -> ArrowFile:
    return ArrowFile(name, data[-footer_length(name, data, len(data)) :], len(data))


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


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of *work*: others may use the machine as well."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


_BARE = {"ndjson": _bare_ndjson, "csv": _bare_csv, "parquet": _bare_parquet}
