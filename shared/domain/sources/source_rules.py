"""What decides when a source may be read."""

from dataclasses import dataclass
from datetime import timedelta

QUIET = timedelta(minutes=10)
PATIENCE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SourceRules:
    """A dated folder that says nothing of its end is complete once nothing was written to it for *quiet*.

    A run waits for a complete source for *patience*, and then fails.
    """

    quiet: timedelta = QUIET
    patience: timedelta = PATIENCE


USUAL_RULES = SourceRules()
"""The rules where no setting says otherwise."""
