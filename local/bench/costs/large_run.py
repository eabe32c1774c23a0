"""Counts what a large run costs, in its own host and against a simulator that keeps Klaviyo's limits."""

import asyncio
import re
from collections import Counter

from local.bench.costs.counting import Kind, counter
from local.bench.costs.usage import DEPLOYED_TICK, Usage, billed_ms
from local.bench.whole_runs import ANSWER_SECONDS, LOOK_SECONDS, RUN_TIMEOUT, prepared
from local.demo.system import EXPORT_ID, RunningSystem
from local.processes import LocalProblem
from shared.domain.runs.run import Run, RunStatus
from shared.store.paths import run_path

_EXECUTING = "Executing '"
_EXECUTED = re.compile(r"Executed '(\w+)' in (\d+) ms")


async def large_run(rows: int) -> Usage:
    """Run an export of *rows* rows in its own host; the tick runs as often as in Azure."""
    counts: Counter[Kind] = Counter()
    options = {"before_storage": counter(counts), "more_settings": DEPLOYED_TICK}
    async with prepared(rows, ("--latency", ANSWER_SECONDS), **options) as system:
        counts.clear()
        async with system.http.post(f"{system.host_url}/api/exports/{EXPORT_ID}/runs") as response:
            run_id = (await response.json())["id"]
        async with asyncio.timeout(RUN_TIMEOUT):
            await _ended(system, run_id, rows)
            # A tick during the run is left out, because the idle hour counts the ticks.
            calls = [(name, took) for name, took in await _calls(system) if name != "tick"]
        return Usage(
            Counter(counts),
            Counter(name for name, _ in calls),
            sum(billed_ms(took) for _, took in calls) / 1_000,
            await _sent_bytes(system),
        )


async def _ended(system: RunningSystem, run_id: str, rows: int) -> None:
    """Wait for the end of the run; the look-ups go past the counting proxy, so they are not counted."""
    while True:
        document = await system.documents.get(run_path(EXPORT_ID, run_id))
        if document and (run := Run.from_document(document.value)).status.is_ended:
            break
        await asyncio.sleep(LOOK_SECONDS)
    if run.tally.read != rows or run.status not in (RunStatus.SUCCEEDED, RunStatus.PARTIAL):
        raise LocalProblem(f"The run of {rows:,} rows ended as {run.status}: {run.ending}")


async def _calls(system: RunningSystem) -> list[tuple[str, int]]:
    """Wait until no function runs; return the name and the milliseconds of each call."""
    while True:
        lines = list(system.host.lines)
        done = [(match[1], int(match[2])) for line in lines if (match := _EXECUTED.search(line))]
        if len(done) == sum(_EXECUTING in line for line in lines):
            return done
        await asyncio.sleep(LOOK_SECONDS)


async def _sent_bytes(system: RunningSystem) -> int:
    async with system.http.get(f"{system.simulator_url}/simulator/stats") as response:
        counted: dict[str, int] = (await response.json())["bytes"]
    return sum(counted.values())
