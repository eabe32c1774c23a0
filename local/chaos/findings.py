"""Reads what the runs have left behind, and what the lists hold, and has it judged."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson

from local.chaos.scenario import Scenario
from local.chaos.stage import Stage, export_id_of
from local.chaos.truth import Truth, print_of, truth_of
from local.chaos.verdict import Line, Problem, Story, Wrong, judge_list, judge_run


@dataclass(slots=True)
class Findings:
    """What was found; mutable. *sent* are the profiles that the runs had to send once, *tally* is that of all runs."""

    problems: list[Problem] = field(default_factory=list)
    endings: "Counter[str]" = field(default_factory=Counter)
    tally: "Counter[str]" = field(default_factory=Counter)
    sent: int = 0

    def note(self, story: Story, truth: Truth) -> None:
        """Count a run that has ended, and judge it."""
        self.endings[story.run["status"]] += 1
        self.tally.update(story.run["tally"])
        self.sent += len(truth.good) + len(truth.late)
        self.problems += judge_run(truth, story)


async def compare(on_stage: Stage, scenario: Scenario, exports: int, findings: Findings) -> None:
    """Compare every row of every run, and of every list, with the truth."""
    truths = [truth_of(segment) for segment in scenario.segments]
    for number in range(exports):
        truth = truths[number % len(truths)]
        stories = [story async for story in _stories(on_stage, export_id_of(number))]
        for story in stories:
            findings.note(story, truth)
        if not stories:
            findings.problems.append(Problem(Wrong.ENDED, f"{export_id_of(number)}: no run that has ended"))
        elif all(story.run["status"] == "partial" for story in stories):  # of others no list can be foretold
            members = {each["email"]: print_of(each) async for each in on_stage.members(number)}
            findings.problems += judge_list(truth, members, stories)


async def _stories(on_stage: Stage, export_id: str) -> AsyncIterator[Story]:
    for run_id in await on_stage.store.runs.ids(export_id):
        run = await on_stage.store.runs.get(export_id, run_id)
        if run is not None and run.status.is_ended:
            rejections = [line async for line in _read(on_stage.store.results.rejections(run))]
            unconfirmed = [line async for line in _read(on_stage.store.results.unconfirmed(run))]
            yield Story(run.document(), rejections, unconfirmed)


async def _read(lines: AsyncIterator[bytes]) -> AsyncIterator[Line]:
    async for line in lines:
        yield orjson.loads(line)
