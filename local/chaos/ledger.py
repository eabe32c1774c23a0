"""What chaos has done and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.chaos.findings import Findings
from local.chaos.scenario import IN_FLIGHT
from local.chaos.verdict import Problem, Wrong
from local.klaviyo.rules.validation import MAX_PROFILES


@dataclass(slots=True)
class Ledger:
    """Counts of everything that was done to the product; mutable. *hits* are kills while a leg was at work."""

    kills: int = 0
    hits: int = 0
    legs_killed: int = 0
    outages: int = 0
    doubled: int = 0
    lost: int = 0
    garbage: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended; *stats* as the simulator has them."""

    ledger: Ledger
    findings: Findings
    stats: Mapping[str, Any] = field(repr=False)
    seconds: float

    @property
    def repeats(self) -> int:
        """Return how many profiles Klaviyo took once more than it had to."""
        return int(self.stats["profiles_taken"]) - self.findings.sent

    @property
    def most_repeats(self) -> int:
        """Return how many it may be: the batches of the legs that died, and those whose answer was lost."""
        lost: int = sum(self.stats["faults"].get(fault, 0) for fault in _LOST_ANSWERS)
        return MAX_PROFILES * (self.ledger.legs_killed * IN_FLIGHT + lost)

    def problems(self) -> Iterator[Problem]:
        """Yield everything that is wrong."""
        yield from self.findings.problems
        if self.repeats > self.most_repeats:
            yield Problem(Wrong.REPEATED, f"{self.repeats:,} profiles were sent again, more than {self.most_repeats:,}")


_LOST_ANSWERS = ("reset_after", "no_json")
