"""What Klaviyo's private keys and the names of their secrets look like, so that nothing else is used for a key."""

import re

from shared.domain.identifiers import secret_name_problem
from shared.domain.sentences import Sentence, say

MAX_KEY_LENGTH = 1_000
"""Klaviyo's keys have about 40 characters; this leaves room for whatever comes."""

SECRET_PREFIX = "klaviyo-"  # noqa: S105 - how names of secrets begin
"""Names of secrets with keys begin so, unless a setting says otherwise: the app reads and writes no other secret."""

_KEY = re.compile(r"[!-~]+").fullmatch


def is_key_name(name: str, prefix: str) -> bool:
    """Tell whether the secret *name* can hold a key: the prefix alone cannot.

    Key Vault takes capital and small letters for the same.
    """
    is_longer = len(name) > len(prefix)
    return is_longer and secret_name_problem(name) is None and name.lower().startswith(prefix.lower())


def key_problem(text: str) -> Sentence | None:
    """Return what is wrong with *text* as a key, or None. The sentence repeats no part of the text."""
    if len(text) > MAX_KEY_LENGTH:
        return say("too_long", "has more than {limit:,} characters", limit=MAX_KEY_LENGTH)
    if not _KEY(text):
        return say("not_key_characters", "has blanks or other characters that no key has")
    return None
