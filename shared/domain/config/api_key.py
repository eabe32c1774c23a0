"""What Klaviyo's private keys look like, so that what can be none is found out before it is used."""

import re

from shared.domain.sentences import Sentence, say

MAX_KEY_LENGTH = 1_000
"""Klaviyo's keys have about 40 characters; this leaves room for whatever comes."""

_KEY = re.compile(r"[!-~]+").fullmatch


def key_problem(text: str) -> Sentence | None:
    """Return what is wrong with *text* as a key, or None. The sentence repeats no part of the text."""
    if len(text) > MAX_KEY_LENGTH:
        return say("too_long", "has more than {limit:,} characters", limit=MAX_KEY_LENGTH)
    if not _KEY(text):
        return say("not_key_characters", "has blanks or other characters that no key has")
    return None
