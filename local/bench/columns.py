"""Measures how a Parquet file with a large row group is read: how fast, how much of it, in how much memory."""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from local.bench.table import Figure
from local.clock import SystemClock
from local.parquet_files import parquet_file, share_of
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.columns.parquet_pages import read_parquet

_T = TypeVar("_T")
MAPPED, OTHERS = 20, 20
BLOCK_ROWS = 50_000
MOST_BYTES = 1.1
"""At most so many times the bytes of the mapped columns are fetched."""
MOST_MEMORY = 300 * 1_000_000
COLUMNS = tuple(f"Column{number}" for number in range(MAPPED))


def measure(rows: int) -> Iterator[Figure]:
    """Yield the figures for a file of *rows* rows in one row group; the file is read in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_rows(path, rows)
        seconds, fetched, memory = _in_a_process(_read, path, rows)
        share, size = _in_a_process(share_of, path, COLUMNS), path.stat().st_size
    yield Figure(f"Parquet, {MAPPED} of {MAPPED + OTHERS} columns read", f"{rows / seconds:,.0f} rows/s")
    yield Figure(
        "bytes fetched of it",
        f"{fetched:,}",
        f"file {size:,}, mapped columns {share:,}",
        f"at most {MOST_BYTES} of the columns",
        fetched <= MOST_BYTES * share,
    )
    yield Figure(
        "peak memory of the process",
        f"{memory / 1_000_000:,.0f} MB",
        "",
        f"at most {MOST_MEMORY / 1_000_000:.0f} MB",
        memory <= MOST_MEMORY,
    )


def write_rows(path: Path, rows: int) -> None:
    """Write the file, in a process of its own."""
    _in_a_process(_write, path, rows)


def _in_a_process(work: Callable[..., _T], *given: object) -> _T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def _write(path: Path, rows: int) -> None:
    blocks = ([_row(n) for n in range(begin, min(rows, begin + BLOCK_ROWS))] for begin in range(0, rows, BLOCK_ROWS))
    path.write_bytes(b"".join(parquet_file(blocks, group_rows=rows)))


def _row(number: int) -> dict[str, Any]:
    """Return a row whose columns are texts of their own, texts that repeat, whole numbers and fractions in turn."""
    drawn = number * 2_654_435_761 % 2**32
    kinds = (f"customer{drawn}@example.com", f"tier {drawn % 5}", drawn % 100_000, drawn / 7)
    columns: dict[str, Any] = {name: kinds[place % len(kinds)] for place, name in enumerate(COLUMNS)}
    return columns | {f"Other{place}": kinds[place % len(kinds)] for place in range(OTHERS)}


def _read(path: Path, rows: int) -> tuple[float, int, int]:
    """Return how many seconds it took, how many bytes were fetched, and the peak memory of this process."""
    counted: list[int] = []

    blob = SegmentBlob(str(path), path.stat().st_size, "")

    async def read() -> int:
        pages = read_parquet(blob, COLUMNS, segments=_Disk(), clock=SystemClock(), on_bytes=counted.append)
        return sum([len(page.rows) async for page in pages])

    began = time.perf_counter()
    if asyncio.run(read()) != rows:
        message = "rows were lost"
        raise AssertionError(message)
    seconds = time.perf_counter() - began
    return seconds, sum(counted), _peak()


def _peak() -> int:
    """Return the peak memory of this process in bytes; what `resource` tells on Linux may be that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM:"))


class _Disk:
    """The `Ranges` port over the disk."""

    async def read_range(self, blob: SegmentBlob, offset: int, length: int) -> bytes:
        await asyncio.sleep(0)
        with open(blob.name, "rb") as file:  # noqa: ASYNC230, PTH123 - a file of a temporary folder
            return os.pread(file.fileno(), length, offset)
