"""Random sequences of messages, deaths, faults and people's doings: whatever happens, the promises are kept.

``SOAK=1`` plays 20,000 sequences that were never played before, where the tests play 1,000 that are always the same.
"""

import asyncio
import os

import pytest
from hypothesis import HealthCheck, currently_in_test_context, given, note, settings

from shared.domain.runs.run import Run, RunStatus
from shared.pipeline.leg.leg import MAX_STARTS
from tests.builders import checked
from tests.crashes.events import SCENARIOS, Scenario
from tests.crashes.sequences import Play
from tests.crashes.stage import LISTS, assert_every_row_has_its_outcome, assert_rejections, assert_tidy

IS_SOAK = bool(os.environ.get("SOAK"))
SEQUENCES = 20_000 if IS_SOAK else 1_000


@pytest.mark.timeout(4 * 3600 if IS_SOAK else 300)
@settings(
    max_examples=SEQUENCES,
    derandomize=not IS_SOAK,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(SCENARIOS)
def test_whatever_happens_each_run_ends_with_every_row_accounted_for(scenario: Scenario) -> None:
    asyncio.run(_play(scenario))


async def _play(scenario: Scenario) -> None:
    play = Play(scenario)
    await play.to_the_end()
    runs = [run for export_id in LISTS for run in play.stage.all_runs(export_id)]
    if currently_in_test_context():
        note("\n".join(f"{run.id} of {run.export_id}: {run.status}, {run.legs} legs, {run.tally}" for run in runs))
    assert play.stage.broken == []
    for run in runs:
        _assert_ended_well(play, checked(run))
    await assert_tidy(play.stage)
    sent = sum(len(job.profiles) for job in play.stage.sink.made)
    counted = sum(run.tally.accepted + _late(play, run) for run in runs)
    legs = sum(run.legs for run in runs)
    assert sent - counted <= legs * scenario.in_flight * scenario.batch, "a leg repeated more than its window"


def _late(play: Play, run: Run) -> int:
    """Return how many rows of *run* were taken and refused later."""
    return sum(line["row"] is None for line in play.stage.rejections(run))


def _assert_ended_well(play: Play, run: Run) -> None:
    match run.status:
        case RunStatus.SUCCEEDED | RunStatus.PARTIAL:
            assert_every_row_has_its_outcome(play.stage, run)
        case RunStatus.CANCELLED:
            assert run.id in play.cancelled
            assert_rejections(play.stage, run)
        case RunStatus.FAILED:
            _assert_failed_for_a_reason(play, run)
            assert_rejections(play.stage, run)
        case status:
            raise AssertionError(status)


def _assert_failed_for_a_reason(play: Play, run: Run) -> None:
    assert run.ending is not None
    if run.ending.reason == "source_changed":
        assert run.export_id in play.changed
        again = [each.id for each in play.stage.all_runs(run.export_id) if each.id == f"{run.id}-again"]
        assert len(again) == (run.trigger != "source_changed")
    else:
        assert run.ending.reason == "no_progress"
        assert play.interruptions[run.id] >= MAX_STARTS
