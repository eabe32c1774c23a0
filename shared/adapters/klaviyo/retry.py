"""When a request to Klaviyo is tried again, and after which wait; no I/O, no clock."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Attempts and time have ends; waits double up to a ceiling and are spread by chance (seconds).

    The time counts from the first failure. A wait that Klaviyo asks for is kept to the second, or not begun.
    """

    max_attempts: int = 6
    max_seconds: float = 180.0
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait(self, failures: int, *, elapsed: float, asked: float | None, draw: Callable[[], float]) -> float | None:
        """Return how long to wait after *failures* failed attempts, or None when it is enough.

        *elapsed* seconds have passed since the first failure; *asked* is Klaviyo's own wait; *draw* gives 0 to 1.
        """
        if failures >= self.max_attempts:
            return None
        doubled = min(self.first_wait * 2 ** (failures - 1), self.longest_wait)
        wait = asked if asked is not None else doubled * (0.5 + draw() / 2)
        return wait if elapsed + wait <= self.max_seconds else None
