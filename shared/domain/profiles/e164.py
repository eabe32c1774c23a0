"""Phone numbers that are in E.164 already, and certainly valid: a short way to tell, for one number and for many."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # slow to import; a cold start does without
    from phonenumbers import PhoneMetadata

KINDS = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
"""The kinds of phone numbers, the most frequent first."""
MOST_COUNTRIES = 8
"""Numbers of so many countries are looked at together; those of other countries are looked at one by one."""


def is_e164(text: str) -> bool:
    """Tell whether *text* is certainly a valid number in E.164; after False `phonenumbers` must decide."""
    if _E164(text) is None:
        return False
    code = _country_code(text[1:4])
    return code is not None and _valid_numbers(code)(text[1 + len(code) :]) is not None


class KnownCountries:
    """Finds valid numbers among many texts, of countries that it has met before; mutable.

    One search over all texts takes a sixth of the time of a search for each.
    """

    def __init__(self) -> None:
        self._codes: list[str] = []
        self._run: Callable[[str, int], re.Match[str] | None] = re.compile("").match

    def others(self, texts: Sequence[str]) -> Iterator[int]:
        """Yield the index of each of *texts* that is no valid number of a known country.

        Raises `TypeError` where not all are texts, and `ValueError` where one has a line end.
        """
        lines, at, index = "\n".join(texts) + "\n", 0, 0
        if lines.count("\n") > max(1, len(texts)):
            raise ValueError("not one line")
        while True:
            run = self._run(lines, at)
            end = run.end() if run else at
            index += lines.count("\n", at, end)
            if index >= len(texts):
                return
            yield index
            at, index = lines.index("\n", end) + 1, index + 1

    def meet(self, number: str) -> None:
        """Know the country of *number*, a valid one, from now on; the first countries only."""
        code = _country_code(number[1:4])
        if code is not None and code not in self._codes and len(self._codes) < MOST_COUNTRIES:
            self._codes.append(code)
            known = "|".join(f"{each}(?:{_pattern(each, end=_LINE_END)})" for each in self._codes)
            self._run = re.compile(rf"(?:\+(?:{known}){_LINE_END})*+").match


@cache
def _country_code(digits: str) -> str | None:
    """Return the country code that *digits* begin with: no code is the beginning of another."""
    import phonenumbers  # noqa: PLC0415 - as above

    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return next((digits[:end] for end in (1, 2, 3) if int(digits[:end]) in known), None)


@cache
def _valid_numbers(country_code: str) -> Callable[[str], Any]:
    """Return a matcher for the national numbers of *country_code*."""
    return re.compile(_pattern(country_code, end="$")).fullmatch


@cache
def _pattern(country_code: str, *, end: str) -> str:
    """Return a pattern of the national numbers of *country_code*, behind which *end* stands."""
    import phonenumbers  # noqa: PLC0415 - as above

    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(country_code)]
    found = (phonenumbers.PhoneMetadata.metadata_for_region(region) for region in regions)
    patterns = [_of_region(metadata, end) for metadata in found if metadata is not None]
    return "|".join(pattern for pattern in patterns if pattern) or "(?!)"


def _of_region(metadata: "PhoneMetadata", end: str) -> str:
    """Return a pattern of the numbers of a region; they match the pattern of a kind, and the general one."""
    form = metadata.general_desc and metadata.general_desc.national_number_pattern
    descriptions = [getattr(metadata, name) for name in KINDS]
    kinds = [each.national_number_pattern for each in descriptions if each is not None]
    some = "|".join(f"(?:{kind})" for kind in kinds if kind)
    return f"(?=(?:{form}){end})(?:{some})" if form and some else ""


_LINE_END = r"\n"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch
