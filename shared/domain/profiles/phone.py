"""Phone numbers in E.164, the only form that Klaviyo takes."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.domain.profiles.numbers import DigitsLost, digits_of_exponent

if TYPE_CHECKING:  # slow to import; a cold start does without
    from phonenumbers import PhoneMetadata, PhoneNumber

MAX_PHONE_LENGTH = 64


class BadPhone(ValueError):
    """The text is no phone number, or may be two; *reason* is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def e164(value: str, region: str | None) -> str:
    """Return the phone number in E.164; raises `BadPhone`.

    *region* (ISO 3166, such as ``UA``) says how to read a number without a country code.
    """
    text = value.strip()
    if is_e164(text):
        return text
    if len(text) > MAX_PHONE_LENGTH:
        raise BadPhone(NOT_VALID)
    return _formatted(_number_in(_without_decimals(text), region))


def is_e164(text: str) -> bool:
    """Tell whether *text* is certainly a valid number in E.164; takes a thirtieth of the time of `e164`."""
    return _E164(text) is not None and _is_valid_e164(text)


def is_region(text: str) -> bool:
    """Tell whether *text* is a region whose phone numbers can be read."""
    import phonenumbers  # noqa: PLC0415 - as above

    return text in phonenumbers.SUPPORTED_REGIONS


NOT_VALID, AMBIGUOUS = "not_a_phone_number", "phone_ambiguous"


def _without_decimals(text: str) -> str:
    """Return the digits of a *text* that a program has written as a number: ``4915123456789.0``, ``4.915…E+12``.

    A number that people group by points stays as it is: ``+49.15123456789``.
    """
    if tail := _ZERO_TAIL(text):
        return tail[1]
    try:
        return digits_of_exponent(text) or text
    except DigitsLost:
        raise BadPhone("digits_lost") from None
    except ValueError:
        raise BadPhone(NOT_VALID) from None


def _number_in(text: str, region: str | None) -> "PhoneNumber":
    """Return the valid number that *text* writes; raises `BadPhone` where it writes none, or may write two."""
    from phonenumbers import (  # noqa: PLC0415 - as above
        CountryCodeSource,
        NumberParseException,
        is_valid_number,
        normalize_digits_only,
        parse,
    )

    try:
        number = parse(text, region, keep_raw_input=True)
    except NumberParseException as error:
        is_national = region is None and error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        raise BadPhone("phone_without_country" if is_national and _PLUS not in text else NOT_VALID) from None
    valid = number if is_valid_number(number) else None
    if number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY:
        digits = normalize_digits_only(text).removesuffix(number.extension or "")
        return _read_both_ways(valid, digits, str(number.country_code), region)
    if valid is None:
        raise BadPhone(NOT_VALID)
    return valid


def _read_both_ways(national: "PhoneNumber | None", digits: str, own_code: str, region: str | None) -> "PhoneNumber":
    """Return the number of *digits* that begin with no plus sign; *national* is how the region reads them, if it does.

    Programs that keep phone numbers as numbers lose the plus sign, and the zero in front of a national number.
    Digits that begin with the code of the region itself, *own_code*, can be meant either way: of two readings that are
    valid, the mobile number is meant. Where the other reading is not valid, it may still be a number with a digit too
    few; a national number that is no mobile number is then doubtful, if it should have begun with a zero.
    A mobile number of another country, too, makes a national number doubtful that is no mobile number.
    """
    is_own = digits.startswith(own_code)
    if national is None and not is_own:
        raise BadPhone(NOT_VALID)
    if national is not None and (digits.startswith("0") or (not is_own and _is_mobile(national))):
        return national  # no country code begins with a zero
    international = _international(digits)
    if national is None:
        if international is None:
            raise BadPhone(NOT_VALID)
        return international
    if international is None:
        if is_own and not _is_mobile(national) and _lacks_zero(region) and _is_possible(digits):
            raise BadPhone(AMBIGUOUS)
        return national
    if _formatted(international) == _formatted(national):
        return national
    mobile = [number for number in (national, international) if _is_mobile(number)]
    if is_own and len(mobile) == 1:
        return mobile[0]
    if is_own or mobile:
        raise BadPhone(AMBIGUOUS)
    return national


def _international(digits: str) -> "PhoneNumber | None":
    """Return the valid number that *digits* are behind a plus sign, or None."""
    from phonenumbers import NumberParseException, is_valid_number, parse  # noqa: PLC0415 - as above

    try:
        number = parse("+" + digits)
    except NumberParseException:
        return None
    return number if is_valid_number(number) else None


def _lacks_zero(region: str | None) -> bool:
    """Tell whether national numbers of *region* begin with a digit that a number without it lacks."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 - as above

    metadata = PhoneMetadata.metadata_for_region(region) if region else None
    return metadata is not None and bool(metadata.national_prefix)


def _is_possible(digits: str) -> bool:
    from phonenumbers import is_possible_number, parse  # noqa: PLC0415 - as above

    return bool(is_possible_number(parse("+" + digits)))


def _is_mobile(number: "PhoneNumber") -> bool:
    from phonenumbers import PhoneNumberType, number_type  # noqa: PLC0415 - as above

    return number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _formatted(number: "PhoneNumber") -> str:
    from phonenumbers import PhoneNumberFormat, format_number  # noqa: PLC0415 - as above

    return str(format_number(number, PhoneNumberFormat.E164))


def _is_valid_e164(text: str) -> bool:
    """Tell whether the number is certainly valid; after False `phonenumbers` must decide."""
    for length in (1, 2, 3):
        matches = _valid_numbers(text[1 : 1 + length])
        if matches is not None:
            return matches(text[1 + length :]) is not None
    return False


@cache
def _valid_numbers(country_code: str) -> Callable[[str], Any] | None:
    """Return a matcher for the national numbers of *country_code*, or None when there is no such code."""
    import phonenumbers  # noqa: PLC0415 - as above

    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(country_code))
    if regions is None:
        return None
    found = (phonenumbers.PhoneMetadata.metadata_for_region(region) for region in regions)
    patterns = [pattern for metadata in found if metadata is not None for pattern in _patterns(metadata)]
    return re.compile("|".join(patterns) or "(?!)").fullmatch


def _patterns(metadata: "PhoneMetadata") -> Iterator[str]:
    """Yield a pattern for each kind of number of a region.

    A valid number matches the pattern of a kind and the general pattern of the region.
    """
    form = metadata.general_desc and metadata.general_desc.national_number_pattern
    for name in _KINDS:
        kind = getattr(metadata, name)
        if form and kind is not None and kind.national_number_pattern:
            yield f"(?=(?:{form})$)(?:{kind.national_number_pattern})"


_PLUS = "+"
_ZERO_TAIL = re.compile(r"(\+?[0-9]+)[.,]0+").fullmatch
_E164 = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch
_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
