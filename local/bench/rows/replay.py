"""Measures how long a leg goes through the rows that the legs before have sent, until it sends something new."""

import statistics
from collections.abc import Iterator

from local.bench.rows.rows_per_second import BareEncoder, pages_of, pipeline, plan_of, seconds
from local.bench.table import Figure
from local.samples import MAPPING, SampleSpec, sample_file
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.pipeline.export.export_segment import Replay, sorter_of

ROUNDS = 3
AIM_SECONDS = 3.0
"""For `AIM_ROWS` rows; for another number in proportion."""
AIM_ROWS = 1_000_000


def measure(rows: int) -> Iterator[Figure]:
    """Yield the processor time of a replay of all *rows*, beside that of the leg that sends them."""
    data, dialect = b"".join(sample_file(SampleSpec(rows), "ndjson")), Dialect(FileFormat.NDJSON)
    replays, sends = [], []
    for _ in range(ROUNDS):
        replays.append(seconds(lambda: replay(data, dialect, rows)))
        sends.append(seconds(lambda: pipeline(data, dialect, MAPPING)))
    median, aim = statistics.median(replays), AIM_SECONDS * rows / AIM_ROWS
    yield Figure(
        f"replay of {rows:,} rows, NDJSON with phone numbers",
        f"{median:.2f} s",
        f"{statistics.median(sends):.2f} s to make batches of them",
        f"at most {aim:g} s",
        median <= aim,
    )


def replay(data: bytes, dialect: Dialect, rows: int) -> int:
    """Go through *data* as a leg does whose checkpoint stands behind row *rows*; return how many rows are left."""
    plan = plan_of(data, dialect, MAPPING)
    replay = Replay(rows, sorter_of(plan, BareEncoder()))
    return sum(len(replay.new_rows(page).rows) for page in pages_of(plan, data))
