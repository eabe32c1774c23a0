"""What a leg works with: everything outside, and how much it may take at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.ports import Clock, Documents, Leases, Segments, Sinks


@dataclass(frozen=True, slots=True)
class LegSettings:
    """The time a leg may take and how much it does at once."""

    budget_seconds: float
    requests_in_flight: int
    settle_limit: timedelta


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything outside that a leg needs."""

    documents: Documents
    segments: Segments
    sinks: Sinks
    leases: Leases
    clock: Clock
    settings: LegSettings
    new_run_id: Callable[[datetime], str]
