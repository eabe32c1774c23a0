"""Measures whole runs in the functions host: seconds under Klaviyo's limits, processor time, and memory as it grows."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local.bench.drawing import Point, drawn
from local.bench.table import Figure
from local.demo.command import ENDED
from local.demo.options import SEGMENT, sample_options
from local.demo.rows import write_sample
from local.demo.system import EXPORT_ID, RunningSystem, configure, running_system
from local.processes import LocalProblem
from local.samples import SampleSpec
from shared.domain.runs.import_limits import seconds_for

ANSWER_SECONDS = "0.3"
LOOK_SECONDS = 0.5
RUN_TIMEOUT = 600.0
PROFILES_A_REQUEST = 10_000
MAX_SUBMIT_RATIOS = {1_000_000: 1.1, 10_000_000: 1.03}
"""How long submitting may take, as a multiple of what the limits take."""
SIZES = (100_000, 1_000_000, 3_000_000, 10_000_000)
"""So many rows the runs have; a benchmark takes those sizes that are at most as large as it is told."""
MOST_KEPT = 1_000_000
"""Of more profiles the simulator keeps the number alone: its tables would hold up what it is to measure."""
MAX_MEGABYTES = {1_000_000: 250, 10_000_000: 600}
MAX_PROCESSOR_SECONDS = 6.0
"""For `PER_ROWS` rows, all in: HTTP, storage, and whatever else the worker does meanwhile."""
MAX_SIMULATOR_SECONDS = 2.5
"""The processor time that the simulator may take from the host, for `PER_ROWS` rows."""
PER_ROWS = 1_000_000
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The duration of one run, how often Klaviyo refused a request (429), and what each process took.

    *most_in_a_second* is the largest number of import requests within any second.
    What the worker and the storage emulator took is None on systems other than Linux.
    """

    rows: int
    submit_seconds: float
    whole_seconds: float
    refused: int
    most_in_a_second: int
    peak_bytes: int | None
    processor_seconds: float | None
    simulator_seconds: float
    emulator_seconds: float | None


async def measure(rows: int, picture: Path) -> AsyncIterator[Figure]:
    """Yield the figures of runs of up to *rows* rows under Klaviyo's limits, and draw how memory grows in *picture*."""
    points: list[Point] = []
    for size in [size for size in SIZES if size <= rows] or [rows]:
        measured = await under_limits(size)
        for figure in figures(measured):
            yield figure
        if measured.peak_bytes is not None:
            points.append(Point(size, measured.peak_bytes / _MEGA))
    if points:
        yield _draw(points, rows, picture)


def _draw(points: list[Point], rows: int, picture: Path) -> Figure:
    aims = [Point(size, most) for size, most in MAX_MEGABYTES.items() if size <= rows]
    picture.write_text(drawn(points, aims))
    return Figure("how memory grows", f"drawn in {picture}")


def figures(measured: Measured) -> Iterator[Figure]:
    """Yield what one run shows; a run of less than a million rows has few aims."""
    rows, limit = measured.rows, seconds_for(measured.rows // PROFILES_A_REQUEST)
    ratio = MAX_SUBMIT_RATIOS.get(rows)
    yield Figure(
        f"{rows:,} rows submitted, limits on",
        f"{measured.submit_seconds:.1f} s",
        f"{limit} s by Klaviyo's limits",
        f"at most {ratio * limit:.1f} s" if ratio else "",
        measured.submit_seconds <= ratio * limit if ratio else None,
    )
    yield Figure(f"{rows:,} rows, run ended", f"{measured.whole_seconds:.1f} s")
    refused, most = measured.refused, f"{measured.most_in_a_second} imports within a second at most"
    yield Figure(f"{rows:,} rows, requests refused with 429", f"{refused}", most, "none", refused == 0)
    yield _at_most(measured, "processor time of the simulator", measured.simulator_seconds, MAX_SIMULATOR_SECONDS)
    if measured.peak_bytes is None or measured.processor_seconds is None or measured.emulator_seconds is None:
        yield Figure(f"{rows:,} rows, memory and processor time", "not told by this system")
        return
    yield Figure(
        f"{rows:,} rows, processor time of the storage emulator",
        f"{measured.emulator_seconds:.1f} s",
        "",
        "less than the host" if rows >= PER_ROWS else "",
        measured.emulator_seconds < measured.processor_seconds if rows >= PER_ROWS else None,
    )
    yield _at_most(measured, "processor time of the host", measured.processor_seconds, MAX_PROCESSOR_SECONDS)
    megabytes, most_megabytes = measured.peak_bytes / _MEGA, MAX_MEGABYTES.get(rows)
    yield Figure(
        f"{rows:,} rows, peak memory of the host",
        f"{megabytes:.0f} MB",
        "",
        f"at most {most_megabytes} MB" if most_megabytes else "",
        megabytes <= most_megabytes if most_megabytes else None,
    )


def _at_most(measured: Measured, what: str, seconds: float, most: float) -> Figure:
    has_aim = measured.rows == PER_ROWS
    aim = f"at most {most:.1f} s" if has_aim else ""
    return Figure(f"{measured.rows:,} rows, {what}", f"{seconds:.1f} s", "", aim, seconds <= most if has_aim else None)


async def under_limits(rows: int) -> Measured:
    """Run an export of *rows* sample rows in its own host, with a realistic answer time of Klaviyo."""
    more = ("--counts-only",) if rows > MOST_KEPT else ()
    async with prepared(rows, ("--latency", ANSWER_SECONDS, *more)) as system:
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
    worker = int((await system.host.wait_for_line(r"^Worker process (\d+) "))[1])
    before, emulated, asked = _processor_seconds(worker), _processor_seconds(system.emulator.pid), await _stats(system)
    async with system.http.post(f"{system.host_url}/api/exports/{EXPORT_ID}/runs") as response:
        address = system.host_url + response.headers["Location"]
    async with asyncio.timeout(RUN_TIMEOUT):
        run = await _ended(system, address)
    if run["status"] not in ("succeeded", "partial") or run["tally"]["read"] != rows:
        raise LocalProblem(f"The run of {rows:,} rows ended as {run['status']}: {run['error']}")
    started, settling, ended = (
        datetime.fromisoformat(run[name]) for name in ("started_at", "settling_since", "ended_at")
    )
    answered = await _stats(system)
    return Measured(
        rows,
        submit_seconds=(settling - started).total_seconds(),
        whole_seconds=(ended - started).total_seconds(),
        refused=answered["throttled"] - asked["throttled"],
        most_in_a_second=answered["most_in_a_second"]["bulk_import_profiles"],
        peak_bytes=_peak(worker),
        processor_seconds=_since(before, worker),
        simulator_seconds=answered["processor_seconds"] - asked["processor_seconds"],
        emulator_seconds=_since(emulated, system.emulator.pid),
    )


async def _ended(system: RunningSystem, address: str) -> dict[str, Any]:
    while True:
        async with system.http.get(address) as response:
            run: dict[str, Any] = await response.json()
        if run["status"] in ENDED:
            return run
        await asyncio.sleep(LOOK_SECONDS)


async def _stats(system: RunningSystem) -> dict[str, Any]:
    async with system.http.get(f"{system.simulator_url}/simulator/stats") as response:
        stats: dict[str, Any] = await response.json()
    return stats


def _since(before: float | None, pid: int) -> float | None:
    """Return the processor time that the process has taken since it had taken *before*."""
    after = _processor_seconds(pid)
    return after - before if after is not None and before is not None else None


def _peak(pid: int) -> int | None:
    """Return the peak resident memory of the process in bytes, None on systems other than Linux."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


def _processor_seconds(pid: int) -> float | None:
    """Return the processor time of the process and of the system for it, None on systems other than Linux."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / os.sysconf("SC_CLK_TCK")


_USER_TICKS, _SYSTEM_TICKS = 11, 12
"""Fields 14 and 15 of ``/proc/…/stat``, of which two stand up to the name of the program."""
