"""Plays a scenario: starts the processes, disrupts them, waits for the runs and checks the rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from local.chaos.checks import Problem, ProblemKind
from local.chaos.comparison import Comparison, compare
from local.chaos.disruptions import Disruptions
from local.chaos.result import DisruptionCounts, Result
from local.chaos.scenario import Scenario
from local.chaos.system import RunningSystem, running_system
from local.processes import LocalProblem

LOOK_SECONDS = 0.5
PATIENCE = 3
"""So many times as long as one standstill may last, all runs may take to come to their ends."""


async def play(scenario: Scenario, *, say: Callable[[str], None], note: Callable[[str, str], None]) -> Result:
    """Play *scenario* and return its result.

    *say* gets a line for each disruption.
    *note* gets each line that a host logs, with the name of the host.
    Raises `LocalProblem` when a process cannot start or ends by itself.
    """
    started = time.monotonic()
    async with running_system(scenario, note=note) as system:
        counts = DisruptionCounts()
        say("storage, Klaviyo and two functions hosts are up")
        disruptions = Disruptions(system, scenario, counts, say)
        with _one_problem():
            await disruptions.run()
        say("no more kills; waiting for the runs to end")
        comparison = Comparison(disruptions.problems)
        async with _queue_disturbed(disruptions, scenario):
            await _wait(system, scenario, comparison)
        seconds = time.monotonic() - started
        say("comparing every row with its expected outcome")
        await compare(system, scenario, disruptions.exports, comparison)
        if counts.hits < scenario.kills:
            comparison.problems.append(
                Problem(ProblemKind.TOO_HARMLESS, f"{counts.hits} of {scenario.kills} hit a leg at work")
            )
        counts.failed = sum(host.failed for host in system.hosts)
        return Result(counts, comparison, await system.stats(), seconds)


@contextmanager
def _one_problem() -> Iterator[None]:
    """Raise the first `LocalProblem` of an exception group instead of the group."""
    try:
        yield
    except* LocalProblem as group:
        problem: BaseException = group
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        raise problem from None


@asynccontextmanager
async def _queue_disturbed(disruptions: Disruptions, scenario: Scenario) -> AsyncIterator[None]:
    """In a short scenario, keep sending wake-ups twice, so that no run has to wait for the tick."""
    if scenario.is_long:
        yield
        return
    disturbing = asyncio.create_task(disruptions.disturb_queue())
    try:
        yield
    finally:
        disturbing.cancel()
        await asyncio.gather(disturbing, return_exceptions=True)


async def _wait(system: RunningSystem, scenario: Scenario, comparison: Comparison) -> None:
    """Wait until every run has ended; note each run that has not, once no run has come forward for so long.

    On a busy machine, short legs that look for refused rows one by one come forward slowly.
    """
    last, ends = time.monotonic() + PATIENCE * scenario.timeout, 0.0
    seen: list[tuple[str, int]] | None = None
    while markers := await system.store.markers.oldest_first():
        runs = [await system.store.runs.get(marker.export_id, marker.run_id) for marker in markers]
        stands = [(run.status.value, run.checkpoint.row) for run in runs if run]
        if stands != seen:
            seen, ends = stands, min(last, time.monotonic() + scenario.timeout)
        if time.monotonic() >= ends:
            break
        await asyncio.sleep(LOOK_SECONDS)
    for marker in markers:
        run = await system.store.runs.get(marker.export_id, marker.run_id)
        where = f"{marker.export_id}/{marker.run_id}"
        comparison.problems.append(
            Problem(ProblemKind.ENDED, f"{where}: not yet, {run.status if run else 'there is no run'}")
        )
