"""The simulator's rule for an e-mail address, and two domains with a fixed outcome."""

import re
import unicodedata

REFUSED_DOMAIN = "@refused.example.com"
"""A profile with this domain is refused at once: the whole request gets a 400."""
LATE_DOMAIN = "@late.example.com"
"""A profile with this domain is accepted, and then fails inside the import job with a row error."""

MAX_LENGTH = 254

ADDRESS = (
    r"(?=[^@]{1,64}@)"
    r"[\w!#$%&'*+/=?^`{|}~-]++(?:\.[\w!#$%&'*+/=?^`{|}~-]++)*+"
    r"@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59})"
)
"""A pattern for an address in ASCII."""
_ADDRESS = re.compile(ADDRESS, re.ASCII)

SHORT = 64
SIMPLE_ADDRESS = (
    r"[\w!#$%&'*+/=?^`{|}~-]++(?:\.[\w!#$%&'*+/=?^`{|}~-]++)*+"
    r"@"
    r"(?:[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+\.)++"
    r"[A-Za-z]{2,}+"
)
"""A pattern for most addresses of at most `SHORT` characters, where no part can be too long: it takes half the time."""


def is_address(text: str) -> bool:
    """Return whether *text* is ``local@domain``: no quotes, no spaces, no one-letter top-level domain."""
    if len(text) > MAX_LENGTH:
        return False
    return _ADDRESS.fullmatch(text if text.isascii() else _plain(text)) is not None


def _plain(text: str) -> str:
    """Return *text* in ASCII: letters, marks and digits outside ASCII become ``a``, other characters a space."""
    return "".join(
        character if character.isascii() else "a" if unicodedata.category(character)[0] in "LMN" else " "
        for character in text
    )
