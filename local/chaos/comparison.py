"""Reads the documents of the ended runs and the members of the lists, and collects the problems of both."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson

from local.chaos.checks import (
    Line,
    Problem,
    ProblemKind,
    RunResult,
    check_list,
    check_order,
    check_refused,
    check_run,
)
from local.chaos.expected import Expected, SegmentSpec, attributes_hash, expected_of
from local.chaos.scenario import Scenario
from local.chaos.system import RunningSystem, export_id_of
from shared.domain.runs.run import RunStatus


@dataclass(slots=True)
class Comparison:
    """The findings so far. Mutable.

    *endings* counts runs by status.
    *tally* is the sum of the tallies of all runs.
    *sent* counts the profiles that the runs had to send at least once.
    """

    problems: list[Problem] = field(default_factory=list)
    endings: "Counter[str]" = field(default_factory=Counter)
    tally: "Counter[str]" = field(default_factory=Counter)
    sent: int = 0

    def note(self, result: RunResult, segment: SegmentSpec, expected: Expected) -> None:
        """Count a run that has ended, and add its problems."""
        self.endings[result.run["status"]] += 1
        self.tally.update(result.run["tally"])
        if segment.refusal is not None:
            self.problems += check_refused(segment.refusal, result)
            return
        done = result.done or expected
        self.sent += len(done.good) + len(done.late)
        self.problems += check_run(done, result)


async def compare(system: RunningSystem, scenario: Scenario, exports: int, comparison: Comparison) -> None:
    """Compare every row of every run, and of every list, with its expected outcome."""
    all_expected = [expected_of(segment) for segment in scenario.segments]
    for number in range(exports):
        segment = scenario.segments[number % len(scenario.segments)]
        expected = all_expected[number % len(scenario.segments)]
        results = [result async for result in _run_results(system, export_id_of(number), segment)]
        for result in results:
            comparison.note(result, segment, expected)
        comparison.problems += check_order(results)
        if not results:
            comparison.problems.append(Problem(ProblemKind.ENDED, f"{export_id_of(number)}: no run that has ended"))
        elif not any(
            result.run["status"] == "failed" and segment.refusal is None for result in results
        ):  # a run that ended early sends only some rows
            members = {each["email"]: attributes_hash(each) async for each in system.members(number)}
            comparison.problems += check_list(expected, members, results)


async def _run_results(system: RunningSystem, export_id: str, segment: SegmentSpec) -> AsyncIterator[RunResult]:
    for run_id in await system.store.runs.ids(export_id):
        run = await system.store.runs.get(export_id, run_id)
        if run is not None and run.status.is_ended:
            rejections = [line async for line in _read(system.store.results.rejections(run))]
            unconfirmed = [line async for line in _read(system.store.results.unconfirmed(run))]
            is_cancelled = run.status is RunStatus.CANCELLED and segment.refusal is None
            done = expected_of(segment, first=run.tally.read) if is_cancelled else None
            yield RunResult(run.document(), rejections, unconfirmed, done)


async def _read(lines: AsyncIterator[bytes]) -> AsyncIterator[Line]:
    async for line in lines:
        yield orjson.loads(line)
