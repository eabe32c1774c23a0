"""How far a run has come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.runs.life.run_life import Sample
from shared.domain.runs.life.time_left import Outlook, outlook
from shared.domain.runs.run import Checkpoint, Ending, Jobs, Run, RunStatus, Source, Waiting

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
NOW = START + timedelta(seconds=30)
RUN = Run(
    id="1",
    export_id="vip",
    trigger="http",
    created_at=START,
    started_at=START,
    status=RunStatus.EXPORTING,
    source=Source(1, 1000, 250),
)


def test_what_is_left_takes_as_long_as_what_was_done_took() -> None:
    assert outlook(RUN, NOW) == Outlook(0.25, 90)


def test_a_run_that_settles_has_a_progress_of_its_own() -> None:
    settling = replace(RUN, status=RunStatus.SETTLING, jobs=Jobs(submitted=8, ended=2))
    assert outlook(settling, NOW).settled == 0.25
    assert outlook(replace(settling, jobs=Jobs()), NOW).settled == 1.0
    assert outlook(RUN, NOW).settled is None


def test_the_time_left_goes_by_the_speed_since_the_run_began_to_send() -> None:
    sending = replace(RUN, samples=(Sample(NOW - timedelta(seconds=10)),))
    assert outlook(sending, NOW) == Outlook(0.25, 30)


def test_a_run_with_a_limit_is_measured_by_its_rows() -> None:
    assert outlook(replace(RUN, limit=10, checkpoint=Checkpoint(5)), NOW) == Outlook(0.5, 30)


def test_a_run_whose_files_say_how_many_rows_they_have_is_measured_by_them() -> None:
    run = replace(RUN, source=Source(1, 1000, 10, rows=20), checkpoint=Checkpoint(5))
    assert outlook(run, NOW) == Outlook(0.25, 90)
    assert outlook(replace(run, limit=10), NOW) == Outlook(0.5, 30)
    assert outlook(replace(run, limit=99), NOW) == Outlook(0.25, 90)


@pytest.mark.parametrize(
    ("run", "share"),
    [
        (replace(RUN, status=RunStatus.QUEUED, started_at=None), 0.0),
        (replace(RUN, source=Source()), 0.0),
        (replace(RUN, source=Source(1, 1000, 0)), 0.0),
        (replace(RUN, source=Source(1, 1000, 1000)), 1.0),
        (replace(RUN, source=Source(1, 1000, 1200)), 1.0),
        (replace(RUN, waiting=Waiting("account_busy", START, NOW)), 0.25),
        (replace(RUN, status=RunStatus.SETTLING), 1.0),
        (replace(RUN, status=RunStatus.SUCCEEDED), 1.0),
        (replace(RUN, status=RunStatus.FAILED, ending=Ending(RunStatus.FAILED, "limit_reached", "")), 0.25),
        (replace(RUN, status=RunStatus.FAILED, limit=99, ending=Ending(RunStatus.FAILED, "nothing_accepted", "")), 1.0),
    ],
)
def test_where_nobody_can_know_no_time_is_given(run: Run, share: float) -> None:
    found = outlook(run, NOW)
    assert (found.share, found.seconds_left) == (share, None)
