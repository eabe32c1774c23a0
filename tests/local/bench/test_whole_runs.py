"""What is shown of a whole run, and by which limits it is judged."""

from dataclasses import replace

import pytest

from local.bench.whole_runs import Measured, figures

GOOD = Measured(
    1_000_000,
    submit_seconds=10.9,
    whole_seconds=20.0,
    refused=0,
    most_in_a_second=10,
    peak_bytes=249_000_000,
    processor_seconds=5.9,
    simulator_seconds=2.4,
    emulator_seconds=1.0,
)


def test_a_run_that_keeps_to_everything_has_reached_every_aim() -> None:
    shown = [*figures(GOOD)]
    assert [figure.what for figure in shown if figure.holds is not True] == ["1,000,000 rows, run ended"]


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        (replace(GOOD, submit_seconds=11.1), "rows submitted, limits on"),
        (replace(GOOD, refused=1), "requests refused with 429"),
        (replace(GOOD, peak_bytes=251_000_000), "peak memory of the host"),
        (replace(GOOD, processor_seconds=6.1), "processor time of the host"),
        (replace(GOOD, simulator_seconds=2.6), "processor time of the simulator"),
        (replace(GOOD, emulator_seconds=5.9), "processor time of the storage emulator"),
    ],
)
def test_a_run_misses_the_aim_that_it_does_not_keep(measured: Measured, missed: str) -> None:
    assert [figure.what for figure in figures(measured) if figure.holds is False] == [
        f"1,000,000 {missed}" if missed.startswith("rows") else f"1,000,000 rows, {missed}"
    ]


def test_a_small_run_is_only_held_to_the_refusals() -> None:
    small = replace(GOOD, rows=100_000, submit_seconds=9.0, processor_seconds=9.0, emulator_seconds=9.0)
    assert [figure.what for figure in figures(small) if figure.holds is not None] == [
        "100,000 rows, requests refused with 429"
    ]


def test_a_system_that_does_not_tell_of_processes_says_so() -> None:
    *_, last = figures(replace(GOOD, peak_bytes=None, processor_seconds=None, emulator_seconds=None))
    assert (last.what, last.value) == ("1,000,000 rows, memory and processor time", "not told by this system")
