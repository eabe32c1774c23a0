"""Which language somebody prefers, by the header Accept-Language (RFC 9110, section 12.5.4)."""

from collections.abc import Sequence

MAX_RANGES = 20
"""So many languages of the header are looked at."""


def first_language(header: str, languages: Sequence[str]) -> str | None:
    """Return the one of *languages* that *header* prefers, or None where it names none of them.

    Example: ``uk-UA,uk;q=0.9,en;q=0.8`` prefers ``uk``. A language with the quality 0 is not wanted.
    """
    ranges = [_range(each) for each in header.split(",")[:MAX_RANGES]]
    wanted = [(quality, name) for name, quality in ranges if quality > 0 and name in languages]
    return max(wanted, key=lambda each: each[0])[1] if wanted else None


def _range(text: str) -> tuple[str, float]:
    """Return the language of one range of the header, and its quality; 0 for a quality that cannot be read."""
    name, _, parameter = text.partition(";")
    language = name.strip().lower().partition("-")[0]
    sign, _, number = parameter.strip().partition("=")
    if not parameter.strip():
        return language, 1.0
    try:
        return language, float(number) if sign.strip().lower() == "q" else 0.0
    except ValueError:
        return language, 0.0
