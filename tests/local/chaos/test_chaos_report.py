"""What a person reads at the end of the chaos, and what the command takes."""

import argparse

import pytest

from local.chaos import command
from local.chaos.checks import Problem, ProblemKind
from local.chaos.comparison import Comparison
from local.chaos.report import SHOWN, complaints
from local.chaos.result import DisruptionCounts, Result
from local.chaos.scenario import long_form, short_form


def result(*problems: Problem, taken: int = 120_000, legs_killed: int = 2) -> Result:
    findings = Comparison([*problems], sent=100_000)
    return Result(
        DisruptionCounts(kills=22, hits=20, legs_killed=legs_killed, outages=9),
        findings,
        {"faults": {"reset_after": 1}, "profiles_taken": taken},
        300.4,
    )


def test_all_well_is_no_complaint() -> None:
    assert list(complaints(result(), seed=7)) == []


def test_a_complaint_names_the_seed_and_the_rows() -> None:
    lost = [Problem(ProblemKind.LOST, f"vip, vip/a.ndjson row {number}") for number in range(SHOWN + 5)]

    lines = list(complaints(result(*lost, Problem(ProblemKind.ENDED, "vip/r failed")), seed=7))

    assert lines[:2] == ["Seed 7:", "  rows lost: vip, vip/a.ndjson row 0"]
    assert lines[-2:] == ["  rows lost: … and 5 more", "  runs ended otherwise: vip/r failed"]
    assert len(lines) == SHOWN + 3


def test_more_repeats_than_dead_legs_and_lost_answers_explain_are_a_problem() -> None:
    assert list(complaints(result(taken=150_000), seed=7)) == []
    assert len(list(complaints(result(taken=150_001), seed=7))) == 2


def test_the_same_seed_makes_the_same_scenario_and_another_one_other_rows() -> None:
    assert (long_form(3, 20), short_form(3)) == (long_form(3, 20), short_form(3))
    assert long_form(3, 20).segments != long_form(4, 20).segments


@pytest.mark.parametrize("kills", ["0", "-1", "x"])
def test_a_number_of_kills_that_is_none_is_refused(kills: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--kills", kills])
    assert "a whole number from 1 on" in capsys.readouterr().err
