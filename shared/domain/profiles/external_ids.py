"""What counts as an external_id, and a short way for those that are sent as they are."""

from collections.abc import Sequence
from typing import cast

from shared.domain.profiles.texts import AFTER_GUARDS, is_like_a_decimal
from shared.domain.sentences import say

MAX_EXTERNAL_ID = 255
"""Klaviyo refuses a longer external_id (observed by Segment, action-destinations #3777)."""
EXTERNAL_ID_TOO_LONG = say(
    "external_id_too_long", "The external_id has more than {count} characters.", count=MAX_EXTERNAL_ID
)


def common_external_ids(values: Sequence[object], odd: frozenset[str]) -> list[str] | None:
    """Return *values* without the blanks at their ends if each is sent like that, and nothing is noted about it.

    *odd* has the texts that stand for no value, or may. A few looks at all values together take a third of the time of
    looks at each.
    """
    try:
        texts = list(map(str.strip, cast("Sequence[str]", values)))
    except TypeError:
        return None
    least = min(texts, default="")
    if least <= AFTER_GUARDS or max(map(len, texts)) > MAX_EXTERNAL_ID or not odd.isdisjoint(texts):
        return None
    if least < _AFTER_DIGITS and any(map(looks_like_a_decimal, texts)) and not all(map(str.isdecimal, texts)):
        return None
    return texts


def looks_like_a_decimal(external_id: str) -> bool:
    """Tell whether a program has made a fraction of *external_id*, a whole number."""
    return external_id < _AFTER_DIGITS and not external_id.isdecimal() and is_like_a_decimal(external_id)


_AFTER_DIGITS = ":"
"""A text that begins with a digit comes before this."""
