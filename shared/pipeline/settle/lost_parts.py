"""What the run has counted and its parts cannot show any more, because parts are missing or damaged."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.runs.run import Run
from shared.domain.sentences import Sentence, say
from shared.pipeline.settle.job_sweep import JobSweep

PART_MISSING = "part_missing"
"""The reason of a rejection whose line is lost, and the status of accepted rows whose receipt is lost."""
_NAMED = 5
"""A sentence names so many parts."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What is lost: *accepted* rows without a receipt, *rejected* rows without a line, *jobs* without an id.

    *parts* are the names of the parts that are damaged. They may be none: a part that ends too early at the end of a
    line looks whole.
    """

    accepted: int
    rejected: int
    jobs: int
    parts: tuple[str, ...]

    def sentences(self) -> list[Sentence]:
        """Return a sentence about the damage, if there is any."""
        if not (self.accepted or self.rejected or self.jobs or self.parts):
            return []
        names = ", ".join(self.parts[:_NAMED]) + (", …" if len(self.parts) > _NAMED else "")
        sentence = say(
            "parts_missing",
            _PARTS_MISSING,
            parts=names or "unknown",
            accepted=self.accepted,
            rejected=self.rejected,
            jobs=self.jobs,
        )
        return [sentence]


def lost_receipts(run: Run, sweep: JobSweep) -> tuple[int, int]:
    """Return how many accepted rows and how many jobs *run* has counted beyond the receipts of *sweep*."""
    return max(0, run.tally.accepted - sweep.accepted), max(0, run.jobs.submitted - sweep.jobs)


def in_order(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the names of *parts* in the order of legs and parts."""
    return tuple(sorted(parts, key=lambda name: [int(number) for number in name.split("-")]))


_PARTS_MISSING = (
    "What the run had written down is missing or cannot be read (parts: {parts}). {accepted:,} accepted "
    "{accepted:row is|rows are} unconfirmed, {rejected:,} rejected {rejected:row|rows} cannot be named, and {jobs:,} "
    "import {jobs:job|jobs} could not be followed."
)
