"""What counts as an e-mail address, and the form in which it is compared and sent."""

import re
from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email

MAX_EMAIL_LENGTH = 254


class BadEmail(ValueError):
    """The text is no e-mail address; *reason* is a stable word, the message says what is wrong with it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def common_emails(values: Sequence[object]) -> list[str]:
    """Return, for each of *values*, the normal form where it is a plain common address, and ``""`` where it is not.

    An empty text means that `normal_email` must decide. One search over all values costs a third of one search each.
    """
    texts = [value if type(value) is str else "" for value in values]
    found: list[str] = _ALL_COMMON("\n".join(texts).lower())
    if len(found) == len(texts):
        return found
    one_line = ["" if "\n" in text else text for text in texts]
    found = _ALL_COMMON("\n".join(one_line).lower())
    return found[: len(texts)]


def normal_email(value: object) -> str:
    """Return *value* trimmed and in lower case, international domains in Unicode; raises `BadEmail`.

    Decided by a library that knows the standards, without asking DNS.
    """
    if not isinstance(value, str):
        if value is None:
            raise BadEmail("email_missing", _MISSING)
        raise BadEmail("email_invalid", "The e-mail address is not a text.")
    email = value.strip().lower()
    if not email:
        raise BadEmail("email_missing", _MISSING)
    if len(email) > MAX_EMAIL_LENGTH:
        raise BadEmail("email_too_long", f"The e-mail address has more than {MAX_EMAIL_LENGTH} characters.")
    try:
        normal = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadEmail("email_invalid", str(error)) from None
    if _ONE_LETTER_TOP_LEVEL(normal):
        raise BadEmail("email_invalid", "The part after the last period has one character; there is no such domain.")
    return normal


_COMMON = (
    r"(?=.{6,64}$)"  # so short that no part of it can be longer than its own limit
    r"[a-z0-9_+'-]++(?:\.[a-z0-9_+'-]++)*+@"  # dots only between other characters
    r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)+"  # no two hyphens in a row, so nothing here is Punycode
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\b)[a-z]{2,}"  # reserved (RFC 6761 and others)
)
_ALL_COMMON = re.compile(rf"^[ \t]*(?:({_COMMON})[ \t\r]*|.*)$", re.MULTILINE).findall
_ONE_LETTER_TOP_LEVEL = re.compile(r"\.[^.]$").search
_MISSING = "The row has no e-mail address."
