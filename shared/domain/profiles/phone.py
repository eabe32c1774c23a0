"""Phone numbers in E.164, the only form that Klaviyo takes."""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.domain.profiles.e164 import is_e164
from shared.domain.profiles.numbers import DigitsLost, digits_of_exponent

if TYPE_CHECKING:  # slow to import; a cold start does without
    from phonenumbers import PhoneNumber

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
    return _plain_national(text, region) or _formatted(_number_in(_without_decimals(text), region))


def is_region(text: str) -> bool:
    """Tell whether *text* is a region whose phone numbers can be read."""
    return text in _library().SUPPORTED_REGIONS


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


def _plain_national(text: str, region: str | None) -> str | None:
    """Return the number of *text* if it is certainly what people of *region* write: a zero, and digits in groups.

    Raises `BadPhone` for digits that are certainly too few: ``12-34``. Both take a tenth of the time of the library,
    which decides about all other texts.
    """
    if region is None or not _GROUPS(text):
        return None
    known, digits = _known_region(region), _NO_DIGITS("", text)
    if known.dials_abroad(digits):
        return None
    if len(digits) < known.least_digits and not digits.startswith(known.code):
        raise BadPhone(NOT_VALID)
    if text[0] != "0" or not known.has_zero:
        return None
    number = f"+{known.code}{digits[1:]}"
    return number if is_e164(number) else None


class _Region(NamedTuple):
    """How people of a region write numbers. *has_zero* tells that a zero in front is all that stands before a number.

    No number has fewer than *least_digits* digits, which is 0 where some digits stand for others. *dials_abroad* finds
    the digits for calls to other countries.
    """

    code: str
    has_zero: bool
    least_digits: int
    dials_abroad: Callable[[str], Any]


@cache
def _known_region(region: str) -> _Region:
    metadata = _library().PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        return _Region("", False, 0, bool)
    has_zero = (metadata.national_prefix, metadata.national_prefix_for_parsing) == ("0", "0")
    least = 0 if metadata.national_prefix_transform_rule else min(metadata.general_desc.possible_length)
    dials_abroad = re.compile(metadata.international_prefix or "(?!)").match
    return _Region(str(metadata.country_code), has_zero, least, dials_abroad)


def _number_in(text: str, region: str | None) -> "PhoneNumber":
    """Return the valid number that *text* writes; raises `BadPhone` where it writes none, or may write two."""
    library = _library()
    try:
        number = library.parse(text, region, keep_raw_input=True)
    except library.NumberParseException as error:
        is_national = region is None and error.error_type == error.INVALID_COUNTRY_CODE
        raise BadPhone("phone_without_country" if is_national and _PLUS not in text else NOT_VALID) from None
    valid: PhoneNumber | None = number if library.is_valid_number(number) else None
    if number.country_code_source == library.CountryCodeSource.FROM_DEFAULT_COUNTRY:
        digits = _NO_DIGITS("", text) if text.isascii() else library.normalize_digits_only(text)
        digits = digits.removesuffix(number.extension or "")
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
    library = _library()
    try:
        number = library.parse("+" + digits)
    except library.NumberParseException:
        return None
    return number if library.is_valid_number(number) else None


def _lacks_zero(region: str | None) -> bool:
    """Tell whether national numbers of *region* begin with a digit that a number without it lacks."""
    metadata = _library().PhoneMetadata.metadata_for_region(region) if region else None
    return metadata is not None and bool(metadata.national_prefix)


def _is_possible(digits: str) -> bool:
    library = _library()
    return bool(library.is_possible_number(library.parse("+" + digits)))


def _is_mobile(number: "PhoneNumber") -> bool:
    library = _library()
    kinds = library.PhoneNumberType
    return library.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)


def _formatted(number: "PhoneNumber") -> str:
    library = _library()
    return str(library.format_number(number, library.PhoneNumberFormat.E164))


@cache
def _library() -> Any:
    """Return the library, which is slow to import; to import it by name for each number takes a tenth of its time."""
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers


_PLUS = "+"
_ZERO_TAIL = re.compile(r"(\+?[0-9]+)[.,]0+").fullmatch
_NO_DIGITS = re.compile("[^0-9]+").sub
_GROUPS = re.compile("[0-9]+(?:[ -][0-9]+)*").fullmatch
