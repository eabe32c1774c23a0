"""Measures a whole run over a Parquet file with one large row group: memory of the host, and its event loop."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from local.bench.columns import COLUMNS, MOST_MEMORY, write_rows
from local.bench.table import Figure
from local.bench.whole_runs import ANSWER_SECONDS, run_export
from local.demo.options import SEGMENT, sample_options
from local.demo.system import configure, running_system
from local.host.worker.turns import WHERE, longest_wait

MOST_HELD_MILLISECONDS = 50.0
_MEGA = 1_000_000


async def measure(rows: int) -> AsyncIterator[Figure]:
    """Yield the figures of a run over a file of *rows* rows in one row group, under Klaviyo's limits."""
    first, *others = COLUMNS
    demo = replace(sample_options(rows), mapping={"email": first, "properties": {name: name for name in others}})
    with TemporaryDirectory() as folder:
        path, noted = Path(folder) / "rows.parquet", Path(folder) / "waits"
        await asyncio.to_thread(write_rows, path, rows)
        options = ("--latency", ANSWER_SECONDS)
        async with running_system(demo, "", simulator_options=options, more_settings={WHERE: str(noted)}) as system:
            with path.open("rb") as source:
                blob = system.storage.get_blob_client("segments", f"{SEGMENT}/{path.name}")
                await blob.upload_blob(source, length=path.stat().st_size)
            await configure(system.documents, demo)
            async with system.http.get(f"{system.host_url}/api/exports") as response:  # which opens the app
                response.raise_for_status()
            began = time.time()
            measured = await run_export(system, rows)
            held = longest_wait(noted, since=began) * 1000
    yield Figure(f"Parquet, {rows:,} rows of {len(COLUMNS)} columns submitted", f"{measured.submit_seconds:.1f} s")
    yield Figure(
        "longest wait for the loop meanwhile",
        f"{held:.0f} ms of processor time",
        "",
        f"at most {MOST_HELD_MILLISECONDS:.0f} ms",
        held <= MOST_HELD_MILLISECONDS,
    )
    if measured.peak_bytes is None:
        yield Figure("peak memory of the host meanwhile", "not told by this system")
        return
    yield Figure(
        "peak memory of the host meanwhile",
        f"{measured.peak_bytes / _MEGA:.0f} MB",
        "",
        f"at most {MOST_MEMORY / _MEGA:.0f} MB",
        measured.peak_bytes <= MOST_MEMORY,
    )
