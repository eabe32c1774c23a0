"""Counts of the simulator, for tests, the demo and the benchmark."""

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stats:
    """Counts by endpoint. Mutable. *arrivals* holds the time of every request in seconds since 1970."""

    requests: "defaultdict[str, Counter[str]]" = field(default_factory=lambda: defaultdict(Counter))
    arrivals: "defaultdict[str, array[float]]" = field(default_factory=lambda: defaultdict(lambda: array("d")))
    body_bytes: "Counter[str]" = field(default_factory=Counter)
    faults: "Counter[str]" = field(default_factory=Counter)

    def arrived(self, endpoint: str, now: float) -> None:
        """Count a request that has arrived."""
        self.arrivals[endpoint].append(now)

    def received(self, endpoint: str, size: int) -> None:
        """Count a body of *size* bytes that has arrived."""
        self.body_bytes[endpoint] += size

    def answered(self, endpoint: str, outcome: str) -> None:
        """Count the outcome of a request: a status, or ``reset``."""
        self.requests[endpoint][outcome] += 1

    def most_within(self, endpoint: str, seconds: float) -> int:
        """Return the largest number of requests within any *seconds*."""
        times = self.arrivals[endpoint]
        most = first = 0
        for last, now in enumerate(times):
            while now - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def document(self) -> dict[str, Any]:
        """Return the counts as a JSON object.

        *seconds* is the time from the first to the last request of an endpoint.
        *most_in_a_second* and *most_in_a_minute* are the largest numbers of requests within any such time.
        """
        return {
            "requests": {name: dict(outcomes) for name, outcomes in self.requests.items()},
            "throttled": sum(outcomes["429"] for outcomes in self.requests.values()),
            "seconds": {name: times[-1] - times[0] for name, times in self.arrivals.items()},
            "most_in_a_second": {name: self.most_within(name, 1.0) for name in self.arrivals},
            "most_in_a_minute": {name: self.most_within(name, 60.0) for name in self.arrivals},
            "bytes": dict(self.body_bytes),
            "faults": {str(fault): count for fault, count in self.faults.items()},
        }
