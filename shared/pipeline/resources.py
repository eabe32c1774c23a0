"""Everything outside of the app that runs and use-cases work with, and the limits of a leg."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.sources.source_rules import USUAL_RULES, SourceRules
from shared.ports import Clock, EventListener, Leases, Segments, Sinks
from shared.ports.host_stop import HostStop
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class LegLimits:
    """How long a leg works (seconds), how many requests it has in flight, and how long jobs are waited for."""

    budget_seconds: float
    requests_in_flight: int
    settle_limit: timedelta


@dataclass(frozen=True, slots=True)
class Resources:
    """The documents, the segments, Klaviyo, the leases, the clock, and the listener of events.

    *new_run_id* draws an id for a run that is requested at the given time. *stop* is told when the host stops.
    *source_rules* say when a source may be read.
    """

    store: Store
    segments: Segments
    sinks: Sinks
    leases: Leases
    clock: Clock
    events: EventListener
    limits: LegLimits
    new_run_id: Callable[[datetime], str]
    stop: HostStop = field(default_factory=HostStop)
    source_rules: SourceRules = USUAL_RULES
