"""How a run ends: by its ending, else by what became of its rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.runs.ending import ended
from shared.domain.runs.run import Ending, Run, RunStatus, Tally, Waiting

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
RUN = Run("r", "vip", "http", datetime(2026, 11, 23, 6, tzinfo=UTC), status=RunStatus.SETTLING)


@pytest.mark.parametrize(
    ("tally", "status"),
    [
        (Tally(), RunStatus.SUCCEEDED),
        (Tally(read=1, accepted=1), RunStatus.SUCCEEDED),
        (Tally(read=2, accepted=1, duplicates=1), RunStatus.SUCCEEDED),
        (Tally(read=1, unchanged=1), RunStatus.SUCCEEDED),
        (Tally(read=1_000_000, accepted=1, rejected=999_999), RunStatus.PARTIAL),
        (Tally(read=2, unchanged=1, rejected=1), RunStatus.PARTIAL),
        (Tally(read=2, unconfirmed=1, rejected=1), RunStatus.PARTIAL),
        (Tally(read=1, unconfirmed=1), RunStatus.PARTIAL),
    ],
)
def test_a_run_of_which_a_row_may_be_in_the_list_ends_by_its_tally(tally: Tally, status: RunStatus) -> None:
    run = ended(replace(RUN, tally=tally), NOW)
    assert (run.status, run.ending, run.ended_at) == (status, None, NOW)


@pytest.mark.parametrize(
    ("tally", "detail"),
    [
        (Tally(read=1, rejected=1), "The only row that was read was refused, so nobody came into the list. "),
        (Tally(read=2, rejected=2), "2 of 2 rows were refused and none was accepted, so nobody came into the list. "),
        (Tally(read=1_200, rejected=1_100, duplicates=100), "1,100 of 1,200 rows were refused and none was accepted, "),
    ],
)
@pytest.mark.parametrize("limit", [None, 10_000])
def test_a_run_of_which_no_row_came_into_the_list_has_failed(tally: Tally, detail: str, limit: int | None) -> None:
    run = ended(replace(RUN, tally=tally, limit=limit), NOW)
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert (run.ending.status, run.ending.reason) == (RunStatus.FAILED, "nothing_accepted")
    assert run.ending.detail.startswith(detail)
    assert run.ending.detail.endswith("mend the segment or the mapping of the export, and start a new run.")
    assert (run.ending.code, run.ending.params) == (
        "nothing_accepted",
        {"read": tally.read, "rejected": tally.rejected},
    )
    assert Run.from_document(run.document()) == run


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.FAILED])
def test_a_run_that_was_stopped_keeps_its_ending(status: RunStatus) -> None:
    ending = Ending(status, "cancelled", "Dana cancelled the run.")
    run = ended(replace(RUN, tally=Tally(read=5, rejected=5), ending=ending), NOW)
    assert (run.status, run.ending) == (status, ending)


def test_a_run_that_has_ended_waits_for_nothing() -> None:
    waiting = Waiting("klaviyo_is_importing", NOW, NOW)
    assert ended(replace(RUN, waiting=waiting), NOW).waiting is None
