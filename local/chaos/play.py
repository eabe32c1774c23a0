"""Plays a scenario from the start of the processes to the verdict."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from local.chaos.findings import Findings, compare
from local.chaos.ledger import Ledger, Result
from local.chaos.scenario import Scenario
from local.chaos.stage import Stage, stage
from local.chaos.storm import Storm
from local.chaos.verdict import Problem, Wrong
from local.processes import LocalProblem

LOOK_SECONDS = 0.5


async def play(scenario: Scenario, *, say: Callable[[str], None], note: Callable[[str, str], None]) -> Result:
    """Return how *scenario* went; *say* hears what is done, *note* what the hosts say. Raises `LocalProblem`."""
    started = time.monotonic()
    async with stage(scenario, note=note) as on_stage:
        ledger = Ledger()
        say("storage, Klaviyo and two functions hosts are up")
        storm = Storm(on_stage, scenario, ledger, say)
        with _one_problem():
            await storm.rage()
        say("no more blows; waiting for the runs to end")
        findings = Findings()
        async with _meddling(storm, scenario):
            await _wait(on_stage, scenario, findings)
        seconds = time.monotonic() - started
        say("comparing every row with the truth")
        await compare(on_stage, scenario, storm.exports, findings)
        if ledger.hits < scenario.kills:
            findings.problems.append(Problem(Wrong.TAME, f"{ledger.hits} of {scenario.kills} hit a leg at work"))
        ledger.failed = sum(host.failed for host in on_stage.hosts)
        return Result(ledger, findings, await on_stage.stats(), seconds)


@contextmanager
def _one_problem() -> Iterator[None]:
    """Raise the `LocalProblem` that ended a group of tasks as itself."""
    try:
        yield
    except* LocalProblem as group:
        problem: BaseException = group
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        raise problem from None


@asynccontextmanager
async def _meddling(storm: Storm, scenario: Scenario) -> AsyncIterator[None]:
    """Where nobody is patient let wake-ups come twice all the time, so that no run has to wait for the tick."""
    if scenario.is_patient:
        yield
        return
    meddling = asyncio.create_task(storm.meddle())
    try:
        yield
    finally:
        meddling.cancel()
        await asyncio.gather(meddling, return_exceptions=True)


async def _wait(on_stage: Stage, scenario: Scenario, findings: Findings) -> None:
    """Wait until every run has ended, and note those that have not in time."""
    ends = time.monotonic() + scenario.patience
    while (markers := await on_stage.store.markers.oldest_first()) and time.monotonic() < ends:  # noqa: ASYNC110 - in processes of their own
        await asyncio.sleep(LOOK_SECONDS)
    for marker in markers:
        run = await on_stage.store.runs.get(marker.export_id, marker.run_id)
        where = f"{marker.export_id}/{marker.run_id}"
        findings.problems.append(
            Problem(Wrong.ENDED, f"{where}: not yet, {run.status if run else 'it was never made'}")
        )
