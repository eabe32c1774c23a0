"""What Klaviyo's private keys look like, so that what can be none is found out before it is used."""

import re

MAX_KEY_LENGTH = 1_000
"""Klaviyo's keys have about 40 characters; this leaves room for whatever comes."""

_KEY = re.compile(r"[!-~]+").fullmatch


def key_problem(text: str) -> str | None:
    """Return what is wrong with *text* as a key, or None; it never repeats any of it."""
    if len(text) > MAX_KEY_LENGTH:
        return f"has more than {MAX_KEY_LENGTH:,} characters"
    if not _KEY(text):
        return "has blanks or other characters that no key has"
    return None
