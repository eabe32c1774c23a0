"""Whether a request to Klaviyo is tried again, and after which wait; no I/O, no clock."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How many attempts a request has, and how long they may take in all (seconds, from the first failure on).

    Waits double from *first_wait* up to *longest_wait*, and each is shortened by chance by up to a half.
    A wait that Klaviyo asks for is kept to the second; one that would go beyond *max_seconds* is not begun.
    """

    max_attempts: int = 6
    max_seconds: float = 180.0
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait(self, failures: int, *, elapsed: float, asked: float | None, draw: Callable[[], float]) -> float | None:
        """Return the wait in seconds after *failures* failed attempts, or None when there is no further attempt.

        *elapsed* are the seconds since the first failure. *asked* is the wait that Klaviyo asked for (seconds), if it
        did. *draw* returns a random number from 0 to 1.
        """
        if failures >= self.max_attempts:
            return None
        doubled = min(self.first_wait * 2 ** (failures - 1), self.longest_wait)
        wait = asked if asked is not None else doubled * (0.5 + draw() / 2)
        return wait if elapsed + wait <= self.max_seconds else None
