"""The settings of a chaos test: how many rows and runs, how long, and which faults. A seed draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from local.chaos.expected import SegmentSpec
from local.chaos.rows import BLANKS, HEADER, HEADER_PROBLEM, MEMBERS, QUOTES
from local.samples import SampleSpec

IN_FLIGHT = 2
LEG_SECONDS = 6
TICK = "*/2 * * * * *"
HOSTS: Mapping[str, tuple[str, ...]] = {"A": ("--polling", "azure"), "B": ("--stop", "told")}
"""The hosts and their options: one looks at an idle queue as seldom as Azure, one tells its worker of a stop."""
CALL_LIMIT = "00:01:30"
"""The time limit of a call: far above what a leg takes, and it ends a worker that hangs."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The settings of one chaos test; times are seconds.

    *kills* is the number of kills that must hit a leg at work.
    *pauses* are the shortest and the longest time between two kills.
    *queue_pauses* are the shortest and the longest time between two disturbances of the queue.
    *is_long*: some killed hosts get no help and the product recovers alone, which takes minutes; wake-ups get lost.
    *timeout* is the longest wait for any run to come forward after the last kill.
    *klaviyo* holds the settings of the simulator.
    """

    seed: int
    kills: int
    segments: tuple[SegmentSpec, ...]
    runs_at_once: int
    most_exports: int
    pauses: tuple[float, float]
    queue_pauses: tuple[float, float]
    is_long: bool
    timeout: float
    klaviyo: Mapping[str, Any] = field(default_factory=dict)


def long_form(seed: int, kills: int) -> Scenario:
    """Return the scenario of ``make chaos``."""
    return Scenario(
        seed=seed,
        kills=kills,
        segments=_segments(seed, thousands=50, bad=1.0),
        runs_at_once=6,
        most_exports=60,
        pauses=(0.5, 5.0),
        queue_pauses=(1.0, 6.0),
        is_long=True,
        timeout=1200.0,
        klaviyo={
            "latency": 0.2,
            "jitter": 1.8,
            "slow_seconds": 10,
            "job_seconds": 1.5,
            "requests": {
                "throttled": 0.05,
                "unavailable": 0.06,
                "reset_before": 0.04,
                "reset_after": 0.05,
                "slow": 0.03,
                "no_json": 0.01,
            },
            "jobs": {"cancelled": 0.03, "vanished": 0.03, "strange": 0.05},
            "errors_without_payload": 0.1,
            "named_rows": Random(seed).choice(["all", "first"]),
        },
    )


def short_form(seed: int) -> Scenario:
    """Return the scenario of ``--short``, which takes half a minute."""
    return Scenario(
        seed=seed,
        kills=3,
        segments=_segments(seed, thousands=22, bad=1.0),
        runs_at_once=4,
        most_exports=12,
        pauses=(0.2, 1.5),
        queue_pauses=(0.5, 1.5),
        is_long=False,
        timeout=70.0,
        klaviyo={
            "latency": 0.2,
            "jitter": 0.4,
            "slow_seconds": 2,
            "job_seconds": 0.5,
            "requests": {
                "throttled": 0.04,
                "unavailable": 0.04,
                "reset_before": 0.04,
                "reset_after": 0.04,
                "slow": 0.04,
            },
            "jobs": {"cancelled": 0.08, "strange": 0.1},
            "errors_without_payload": 0.1,
        },
    )


def _segments(seed: int, *, thousands: int, bad: float) -> tuple[SegmentSpec, ...]:
    """Return one segment for each kind of file, a hostile one among them, and one that no run can read.

    *thousands* counts the rows of a segment in thousands.
    """
    layouts = {
        "hostile": (BLANKS, MEMBERS, QUOTES),
        "lines": ("a.ndjson",),
        "table": ("a.csv", "b.csv"),
        "packed": ("a.ndjson.gz",),
        "mixed": ("a.csv.gz", "b.jsonl", "c.csv", "d.ndjson.gz"),
    }
    readable = tuple(
        SegmentSpec(
            name,
            {
                file: SampleSpec(
                    thousands * 1000 // len(files), bad, duplicates=2.0, seed=seed * 100 + number * 10 + place
                )
                for place, file in enumerate(files)
            },
        )
        for number, (name, files) in enumerate(layouts.items())
    )
    return (SegmentSpec("header", {HEADER: SampleSpec(0)}, refusal=HEADER_PROBLEM), *readable)
