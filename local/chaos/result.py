"""The result of a chaos test: the disruptions, the findings and the requests that Klaviyo received."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.chaos.checks import Problem, ProblemKind
from local.chaos.comparison import Comparison
from local.chaos.scenario import IN_FLIGHT
from local.klaviyo.rules.import_body import MAX_PROFILES


@dataclass(slots=True)
class DisruptionCounts:
    """How many disruptions of each kind happened. Mutable.

    *deaths* counts the kills by what died, and how.
    *hits* counts kills of a host with a leg at work.
    *outages* counts kills of both hosts at once.
    *doubled*, *lost* and *garbage* count disturbances of the queue.
    *double_clicks* counts exports of which two runs were asked for at once, *cancels* runs that were asked to stop.
    *failed* counts calls of the leg's function that failed.
    """

    kills: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    hits: int = 0
    legs_killed: int = 0
    outages: int = 0
    doubled: int = 0
    lost: int = 0
    garbage: int = 0
    double_clicks: int = 0
    cancels: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result; *stats* is the simulator's document, *seconds* the duration of the test."""

    counts: DisruptionCounts
    comparison: Comparison
    stats: Mapping[str, Any] = field(repr=False)
    seconds: float

    @property
    def repeats(self) -> int:
        """Return how many profiles Klaviyo accepted beyond the first time."""
        return int(self.stats["profiles_taken"]) - self.comparison.sent

    @property
    def most_repeats(self) -> int:
        """Return how many repeats are allowed.

        A killed leg may repeat the batches that it had in flight.
        A run that is cancelled may have batches at Klaviyo behind its checkpoint.
        A lost answer may repeat one batch.
        """
        lost: int = sum(self.stats["faults"].get(fault, 0) for fault in _LOST_ANSWERS)
        return MAX_PROFILES * ((self.counts.legs_killed + self.counts.cancels) * IN_FLIGHT + lost)

    def problems(self) -> Iterator[Problem]:
        """Yield every problem."""
        yield from self.comparison.problems
        if self.repeats > self.most_repeats:
            yield Problem(
                ProblemKind.REPEATED, f"{self.repeats:,} profiles were sent again, more than {self.most_repeats:,}"
            )


_LOST_ANSWERS = ("reset_after", "no_json")
