"""Whole runs through the functions host: seconds under Klaviyo's limits, rows a second without them, peak memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local.bench.table import Figure
from local.demo.command import ENDED
from local.demo.rows import write_sample
from local.demo.stage import EXPORT_ID, SEGMENT, Stage, configure, stage
from local.demo.wish import sample_wish
from local.processes import LocalProblem
from local.segment import Wish

ANSWER_SECONDS = "0.3"
LOOK_SECONDS = 0.5
PATIENCE = 600.0
PROFILES_A_REQUEST = 10_000
REQUESTS_A_SECOND = 10
MAX_SUBMIT_RATIO = 1.25
MAX_MEGABYTES = 250
MAX_GROWTH = 1.5
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took; *peak_bytes* is None where the system does not tell."""

    rows: int
    submit_seconds: float
    whole_seconds: float
    peak_bytes: int | None


async def measure(small: int, large: int) -> AsyncIterator[Figure]:
    """Yield the figures of a run of *small* and one of *large* rows under Klaviyo's limits."""
    at_small = await under_limits(small)
    at_large = await under_limits(large)
    limit = large / PROFILES_A_REQUEST / REQUESTS_A_SECOND
    aim = MAX_SUBMIT_RATIO * limit
    yield Figure(
        f"{large:,} rows submitted, limits on",
        f"{at_large.submit_seconds:.1f} s",
        f"{limit:.0f} s that the limits allow",
        f"at most {aim:.1f} s",
        at_large.submit_seconds <= aim,
    )
    yield Figure(f"{large:,} rows, run ended", f"{at_large.whole_seconds:.1f} s")
    if at_small.peak_bytes is None or at_large.peak_bytes is None:
        yield Figure("peak memory of the host", "not told by this system")
        return
    growth = at_large.peak_bytes / at_small.peak_bytes
    yield Figure(f"peak memory of the host, {small:,} rows", f"{at_small.peak_bytes / _MEGA:.0f} MB")
    yield Figure(
        f"peak memory of the host, {large:,} rows",
        f"{at_large.peak_bytes / _MEGA:.0f} MB, {growth:.2f} times",
        f"{small:,} rows",
        f"at most {MAX_MEGABYTES} MB, {MAX_GROWTH} times",
        at_large.peak_bytes <= MAX_MEGABYTES * _MEGA and growth <= MAX_GROWTH,
    )


async def under_limits(rows: int) -> Measured:
    """Run an export of *rows* sample rows in a host of its own, Klaviyo answering as it does."""
    async with prepared(rows, ("--latency", ANSWER_SECONDS)) as on_stage:
        return await run_export(on_stage, rows)


@asynccontextmanager
async def prepared(rows: int, simulator_options: tuple[str, ...], **staging: Any) -> AsyncIterator[Stage]:
    """Start everything, as *staging* says further, with a segment of *rows* sample rows and an export of it."""
    wish = sample_wish(rows)
    async with stage(wish, "", simulator_options=simulator_options, **staging) as on_stage:
        # Good rows only: each batch with a row that Klaviyo refuses would cost a request more.
        await write_sample(on_stage.storage.get_container_client("segments"), SEGMENT, Wish(rows))
        await configure(on_stage.documents, wish)
        yield on_stage


async def run_export(on_stage: Stage, rows: int) -> Measured:
    """Run the export and return what its document says of the time; raises `LocalProblem` if it did not end well."""
    async with on_stage.http.post(f"{on_stage.host_url}/api/exports/{EXPORT_ID}/runs") as response:
        address = on_stage.host_url + response.headers["Location"]
    async with asyncio.timeout(PATIENCE):
        run = await _ended(on_stage, address)
    if run["status"] not in ("succeeded", "partial") or run["tally"]["read"] != rows:
        raise LocalProblem(f"The run of {rows:,} rows ended as {run['status']}: {run['error']}")
    started, settling, ended = (
        datetime.fromisoformat(run[name]) for name in ("started_at", "settling_since", "ended_at")
    )
    return Measured(
        rows, (settling - started).total_seconds(), (ended - started).total_seconds(), _peak(on_stage.host.pid)
    )


async def _ended(on_stage: Stage, address: str) -> dict[str, Any]:
    while True:
        async with on_stage.http.get(address) as response:
            run: dict[str, Any] = await response.json()
        if run["status"] in ENDED:
            return run
        await asyncio.sleep(LOOK_SECONDS)


def _peak(pid: int) -> int | None:
    """Return the most memory that the process has had resident, in bytes (Linux)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)
