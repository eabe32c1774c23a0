"""What the simulator takes for an e-mail address, and which addresses it treats specially."""

import re
import unicodedata

REFUSED_DOMAIN = "@refused.example.com"
"""Whoever is here is refused at once: the whole request is a 400."""
LATE_DOMAIN = "@late.example.com"
"""Whoever is here is accepted and then fails inside the import job, as a row error."""

MAX_LENGTH = 254

_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)"
    r"[\w!#$%&'*+/=?^`{|}~-]++(?:\.[\w!#$%&'*+/=?^`{|}~-]++)*+"
    r"@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59})",
    re.ASCII,
)


def is_address(text: str) -> bool:
    """Say whether *text* is ``local@domain`` as mail servers take it: no quotes, no spaces, no one-letter endings."""
    if len(text) > MAX_LENGTH:
        return False
    return _ADDRESS.fullmatch(text if text.isascii() else _plain(text)) is not None


def _plain(text: str) -> str:
    """Return *text* with an ``a`` for every letter, mark or digit outside ASCII, and a space for anything else."""
    return "".join(
        character if character.isascii() else "a" if unicodedata.category(character)[0] in "LMN" else " "
        for character in text
    )
