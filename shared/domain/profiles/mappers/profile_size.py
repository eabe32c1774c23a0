"""How many bytes a profile may have, and which columns of rows can make no profile of more."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from shared.domain.profiles.mappers.rules import Rule
from shared.domain.profiles.outcome import Profile, Refusal
from shared.domain.sentences import say

MAX_PROFILE_BYTES = 100_000
"""Klaviyo takes at most 100 KB a profile (its OpenAPI, revision 2026-10-15)."""


class SmallColumns:
    """Tells of columns of rows whether they can make a profile by *rules* that is too large, without a profile."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        characters = sum(len(rule.field) + len(repr(rule.value)) for rule in rules)
        self._fixed = characters * _BYTES_A_CHARACTER + len(rules) * _LONGEST_SCALAR + _AROUND
        columns = Counter(rule.column for rule in rules if rule.column is not None)
        self._most_uses = max(columns.values(), default=0)

    def come_of(self, longest_bytes: int | None) -> bool:
        """Tell whether no row of at most *longest_bytes* of JSON makes a profile of more than `MAX_PROFILE_BYTES`.

        An attribute is no longer than its value in the row, but for numbers: ``1e15`` becomes ``1000000000000000.0``.
        False tells nothing, as with `hold`.
        """
        if longest_bytes is None:
            return False
        return longest_bytes * self._most_uses * _LONGER + self._fixed <= MAX_PROFILE_BYTES

    def hold(self, columns: Sequence[Sequence[Any]]) -> bool:
        """Tell whether no row with values in *columns* makes a profile of more than `MAX_PROFILE_BYTES`.

        Encoded values of some rows together are a bound for each of them: to clean a text only takes characters away.
        False tells nothing: a look at the profiles must tell.
        """
        most = MAX_PROFILE_BYTES - self._fixed
        for start in range(0, len(columns[0]) if columns else 0, _TOGETHER):
            end = start + _TOGETHER
            try:
                if sum(len(orjson.dumps(values[start:end])) for values in columns) > most:
                    return False
            except orjson.JSONEncodeError:
                return False
        return True


def too_large(profile: Profile, email: str) -> Refusal:
    """Return the refusal of a row whose *profile* has too many bytes."""
    text = "The profile has {bytes:,} bytes; Klaviyo takes at most {most:,}."
    told = say("profile_too_large", text, bytes=len(profile), most=MAX_PROFILE_BYTES)
    return Refusal("profile_too_large", told, {"email": email})


_AROUND = 2_000
"""The e-mail address, the names of the groups, and the brackets around them."""
_BYTES_A_CHARACTER = 6
r"""JSON writes a control character as ``\u0001``; no other character takes more bytes."""
_LONGEST_SCALAR = 40
"""A number has at most 24 characters, and a moment of 8 characters becomes one of 32."""
_LONGER = 5
"""A number is less than so many times as long as in the row: 18 characters come of 4."""
_TOGETHER = 50
