"""A job of a Klaviyo account in memory."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain.runs.receipt import ImportFault


class Fate(StrEnum):
    """How a job ends, or does not."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    """It ends as cancelled, with nobody imported."""
    VANISHED = "vanished"
    """It imports everybody, and from its end on Klaviyo does not know the job any more."""
    ENDLESS = "endless"
    """It never ends, and imports nobody."""
    UNLISTED = "unlisted"
    """It completes and is known by its id, but no sweep shows it."""


@dataclass
class ImportJob:
    """A job that took a batch, or a part of one; *faults* are the rows that the job refuses."""

    id: str
    batch: int
    list_id: str
    created_at: datetime
    profiles: list[dict[str, Any]]
    faults: list[ImportFault]
    fate: Fate
    sweeps_before: int
