"""What an answer of Klaviyo's says of its rate limit.

Every answer but a 429 has the headers ``RateLimit-Limit``, ``RateLimit-Remaining`` and ``RateLimit-Reset`` of the
minute's window.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = 60.0
"""Seconds: Klaviyo's longer window, a fixed minute; the shorter one is a second."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer says of a window.

    The window takes *limit* requests, *remaining* are left, and the window ends in *reset* seconds.
    """

    limit: int
    remaining: int
    reset: int

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Quota | None":
        """Return what *headers* say of the window; None where a header is missing or is not a number."""
        found = [_NUMBER(headers.get(f"RateLimit-{name}", "")) for name in ("Limit", "Remaining", "Reset")]
        numbers = [int(match[1]) for match in found if match]
        return cls(*numbers) if len(numbers) == len(found) and numbers[-1] <= WINDOW else None


_NUMBER = re.compile(r"\s*([0-9]{1,9})(?:\s*[,;].*)?\s*").fullmatch
