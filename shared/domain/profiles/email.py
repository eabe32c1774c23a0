"""What counts as an e-mail address, and the form in which an address is compared and sent."""

import re
from collections.abc import Callable, Sequence

from shared.domain.profiles.texts import unguarded
from shared.domain.sentences import Sentence, say

MAX_EMAIL_LENGTH = 254


class BadEmail(ValueError):
    """The text is no e-mail address; *reason* is a stable word, and *told* says what is wrong."""

    def __init__(self, reason: str, told: Sentence) -> None:
        super().__init__(told.detail)
        self.reason, self.told = reason, told


def common_emails(values: Sequence[object]) -> list[str]:
    """Return for each of *values* its normal form if it is a plain common address, else ``""``.

    For ``""`` the caller asks `normal_email`. One search over all values takes a third of the time of a search for each
    value.
    """
    texts = [value if type(value) is str else "" for value in values]
    found: list[str] = _ALL_COMMON("\n".join(texts).lower())
    if len(found) == len(texts):
        return found
    one_line = ["" if "\n" in text else text for text in texts]
    found = _ALL_COMMON("\n".join(one_line).lower())
    return found[: len(texts)]


def normal_email(value: object) -> str:
    """Return *value* in lower case, its domain in Unicode; raises `BadEmail`.

    Blanks at the ends, invisible characters, and a sign by which Excel guards a text are no part of the address.
    The library email-validator decides what is an address; DNS is not asked.
    """
    if not isinstance(value, str):
        if value is None:
            raise BadEmail("email_missing", _MISSING)
        raise BadEmail("email_invalid", _NOT_A_TEXT)
    email = unguarded(without_invisible(value).strip().lower()).strip()
    if not email:
        raise BadEmail("email_missing", _MISSING)
    if len(email) > MAX_EMAIL_LENGTH:
        raise BadEmail("email_too_long", _TOO_LONG)
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import; a cold start does without

    try:
        normal = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        normal = ""
    if not normal:
        raise BadEmail("email_invalid", _why(email))
    if _ONE_LETTER_TOP_LEVEL(normal):
        raise BadEmail("email_invalid", _ONE_LETTER)
    return normal


def without_invisible(text: str) -> str:
    """Return *text* without control characters and other characters that nobody can see."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE("", text)


def _why(email: str) -> Sentence:
    """Return what is wrong with *email* in a sentence without any of its text."""
    before, at, domain = email.rpartition("@")
    for is_so, sentence in _FAULTS_OF_ALL:
        if is_so(email):
            return sentence
    if not at:
        return _NO_SIGN
    if not before or not domain:
        return _NOTHING_AFTER if before else _NOTHING_BEFORE
    return next((sentence for is_so, sentence in _FAULTS_OF_PARTS if is_so(before, domain)), _OTHER)


_COMMON = (
    r"(?=.{6,64}$)"  # short addresses only: then no part can be longer than the limit for that part
    r"(?!')[a-z0-9_+'-]++(?:\.[a-z0-9_+'-]++)*+@"  # dots only between other characters; no sign of Excel's in front
    r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)+"  # no two hyphens in a row, so no part is Punycode
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\b)[a-z]{2,}"  # reserved (RFC 6761 and others)
)
_ALL_COMMON = re.compile(rf"^[ \t]*(?:({_COMMON})[ \t\r]*|.*)$", re.MULTILINE).findall
_ONE_LETTER_TOP_LEVEL = re.compile(r"\.[^.]$").search
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
).sub
_SPECIAL = re.compile(r"(?:^|\.)(?:arpa|example|invalid|local|localhost|onion|test)$").search
_LETTER = re.compile("[^\\W0-9_]").search
_MOST_BETWEEN = 63
_FAULTS_OF_ALL: tuple[tuple[Callable[[str], object], Sentence], ...] = (
    (
        re.compile("mailto:").match,
        say("email_mailto", "The e-mail address begins with 'mailto:'; write the address alone."),
    ),
    (
        re.compile("[<>]").search,
        say("email_brackets", "The e-mail address has angle brackets, as behind a name; write the address alone."),
    ),
    (
        re.compile("[,;]").search,
        say("email_comma", "The e-mail address has a comma or a semicolon; write one address a row."),
    ),
    (re.compile(r"\S\s+\S").search, say("email_blank", "The e-mail address has a blank within.")),
    (
        re.compile("@.*@", re.DOTALL).search,
        say("email_several_signs", "The e-mail address has more than one @ sign."),
    ),
    (re.compile(r"\.\.").search, say("email_two_periods", "The e-mail address has two periods in a row.")),
)
_FAULTS_OF_PARTS: tuple[tuple[Callable[[str, str], object], Sentence], ...] = (
    (
        lambda before, domain: "." in (before[0], before[-1], domain[0], domain[-1]),
        say("email_period_at_an_end", "A part of the e-mail address begins or ends with a period."),
    ),
    (
        lambda _before, domain: domain.startswith("["),
        say("email_number_as_domain", "The e-mail address has a number in brackets in the place of a domain."),
    ),
    (
        lambda _before, domain: _SPECIAL(domain),
        say("email_special_domain", "The domain of the e-mail address is one for tests or for local networks."),
    ),
    (
        lambda _before, domain: "." not in domain,
        say("email_domain_without_period", "The domain of the e-mail address has no period."),
    ),
    (
        lambda _before, domain: max(map(len, domain.split("."))) > _MOST_BETWEEN,
        say(
            "email_long_domain_part",
            "A part of the domain of the e-mail address has more than {count} characters.",
            count=_MOST_BETWEEN,
        ),
    ),
    (
        lambda _before, domain: any(part[0] == "-" or part[-1] == "-" for part in domain.split(".")),
        say("email_hyphen_at_an_end", "A part of the domain of the e-mail address begins or ends with a hyphen."),
    ),
    (
        lambda _before, domain: not _LETTER(domain),
        say("email_domain_without_letter", "The domain of the e-mail address has no letter."),
    ),
)
"""What can be wrong with an address, the first fault first, with the sentence for it."""
_MISSING = say("email_missing", "The row has no e-mail address.")
_NOT_A_TEXT = say("email_not_a_text", "The e-mail address is not a text.")
_TOO_LONG = say("email_too_long", "The e-mail address has more than {count} characters.", count=MAX_EMAIL_LENGTH)
_NO_SIGN = say("email_no_sign", "The e-mail address has no @ sign.")
_NOTHING_BEFORE = say("email_nothing_before", "The e-mail address has nothing before its @ sign.")
_NOTHING_AFTER = say("email_nothing_after", "The e-mail address has nothing after its @ sign.")
_ONE_LETTER = say(
    "email_one_letter_at_the_end", "The part after the last period has one character; there is no such domain."
)
_OTHER = say("email_other", "The e-mail address has a character or a form that no address has.")
