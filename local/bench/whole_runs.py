"""Measures whole runs in the functions host: seconds under Klaviyo's limits, and peak memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local.bench.table import Figure
from local.demo.command import ENDED
from local.demo.options import SEGMENT, sample_options
from local.demo.rows import write_sample
from local.demo.system import EXPORT_ID, RunningSystem, configure, running_system
from local.processes import LocalProblem
from local.samples import SampleSpec

ANSWER_SECONDS = "0.3"
LOOK_SECONDS = 0.5
RUN_TIMEOUT = 600.0
PROFILES_A_REQUEST = 10_000
REQUESTS_A_SECOND = 10
MAX_SUBMIT_RATIO = 1.25
MAX_MEGABYTES = 250
MAX_GROWTH = 1.5
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The duration of one run, and the host's peak memory; *peak_bytes* is None on systems other than Linux."""

    rows: int
    submit_seconds: float
    whole_seconds: float
    peak_bytes: int | None


async def measure(small: int, large: int) -> AsyncIterator[Figure]:
    """Yield the figures of two runs under Klaviyo's limits, with *small* and with *large* rows."""
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
    """Run an export of *rows* sample rows in its own host, with a realistic answer time of Klaviyo."""
    async with prepared(rows, ("--latency", ANSWER_SECONDS)) as system:
        return await run_export(system, rows)


@asynccontextmanager
async def prepared(rows: int, simulator_options: tuple[str, ...], **options: Any) -> AsyncIterator[RunningSystem]:
    """Start the system with an export of *rows* sample rows; *options* are further options of `running_system`."""
    demo = sample_options(rows)
    async with running_system(demo, "", simulator_options=simulator_options, **options) as system:
        # Good rows only, because a row that Klaviyo refuses would cost further requests.
        await write_sample(system.storage.get_container_client("segments"), SEGMENT, SampleSpec(rows))
        await configure(system.documents, demo)
        yield system


async def run_export(system: RunningSystem, rows: int) -> Measured:
    """Run the export and return the times of its document; raises `LocalProblem` if the run did not end well."""
    async with system.http.post(f"{system.host_url}/api/exports/{EXPORT_ID}/runs") as response:
        address = system.host_url + response.headers["Location"]
    async with asyncio.timeout(RUN_TIMEOUT):
        run = await _ended(system, address)
    if run["status"] not in ("succeeded", "partial") or run["tally"]["read"] != rows:
        raise LocalProblem(f"The run of {rows:,} rows ended as {run['status']}: {run['error']}")
    started, settling, ended = (
        datetime.fromisoformat(run[name]) for name in ("started_at", "settling_since", "ended_at")
    )
    worker = (await system.host.wait_for_line(r"^Worker process (\d+) "))[1]
    return Measured(rows, (settling - started).total_seconds(), (ended - started).total_seconds(), _peak(int(worker)))


async def _ended(system: RunningSystem, address: str) -> dict[str, Any]:
    while True:
        async with system.http.get(address) as response:
            run: dict[str, Any] = await response.json()
        if run["status"] in ENDED:
            return run
        await asyncio.sleep(LOOK_SECONDS)


def _peak(pid: int) -> int | None:
    """Return the peak resident memory of the process in bytes, None on systems other than Linux."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)
