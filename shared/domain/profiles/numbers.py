"""Numbers as people and programs write them into text."""

import re
from math import isfinite

EXACT_FLOAT = 2**53
"""A float from here on has lost digits of a whole number."""


class DigitsLost(ValueError):
    """The number has lost digits: it was rounded before it was written."""


def number_in(text: str, *, decimal_comma: bool = False) -> int | float | None:
    """Return the number that *text* writes, None where it writes none or may write two.

    Groups of three digits may be parted by a blank or an apostrophe: ``1 234,5``. Points and commas part groups only
    where there is no other way to read them: ``1,234.5``, ``1.234.567``. Of ``1.234`` and ``1,234``, the one with the
    decimal sign of the file is a fraction, and the other one is no number.
    """
    found = _WRITTEN(text)
    if found is None:
        return None
    sign, body, exponent = found.groups(default="")
    plain = _plain(body, decimal_comma=decimal_comma)
    if plain is None:
        return None
    sign = sign.replace("\u2212", "-")
    if "." not in plain and not exponent:
        return int(sign + plain)
    number = float(sign + plain + exponent)
    return number if isfinite(number) else None


def whole_in(text: str, *, decimal_comma: bool = False) -> int:
    """Return the whole number that *text* writes, such as ``12345.0``; raises `ValueError` where it writes none."""
    if (digits := digits_of_exponent(text)) is not None:
        return int(digits)
    if (tail := _ZERO_TAIL(text)) is not None:
        return int(tail[1])
    number = number_in(text, decimal_comma=decimal_comma)
    if number is None:
        raise ValueError("no number")
    return whole_of(number)


def whole_of(number: float) -> int:
    """Return *number* as a whole one; raises `DigitsLost` where it may have been another one, `ValueError` else."""
    if isinstance(number, int):
        return number
    if abs(number) >= EXACT_FLOAT:
        raise DigitsLost("a float cannot hold so many digits")
    if not number.is_integer():
        raise ValueError("a fraction")
    return int(number)


def digits_of_exponent(text: str) -> str | None:
    """Return the digits of the whole number that *text* writes with an exponent, None where it has no exponent.

    Example: ``3.80501234567E+11`` has all its digits. Raises `DigitsLost` for ``3.80501E+11``, in which zeros would
    have to be made up, and `ValueError` for what is no whole number.
    """
    found = _EXPONENT(text)
    if found is None:
        return None
    sign, whole, fraction, exponent = found[1], found[2], found[3] or "", int(found[4])
    if exponent > len(fraction):
        raise DigitsLost("zeros would have to be made up")
    if fraction[exponent:].strip("0"):
        raise ValueError("a fraction")
    return f"{sign}{whole}{fraction[:exponent]}"


def _plain(body: str, *, decimal_comma: bool) -> str | None:
    """Return *body*, digits with separators, with a decimal point and nothing else; None where that is a guess."""
    own = "," if decimal_comma else "."
    if found := _SIMPLE(body):
        whole, mark, fraction = found.groups()
        return body if mark is None else f"{whole or 0}.{fraction}" if mark == own else None
    if found := _GROUPED(body):
        whole, _, mark, fraction = found.groups()
        if mark is None:
            return _digits(whole)
        return None if mark != own and len(fraction) == _GROUP else f"{_digits(whole)}.{fraction}"
    if found := _MIXED(body):
        whole, fraction = (found[1], found[2]) if found[1] else (found[3], found[4])
        return f"{_digits(whole)}.{fraction}"
    return _digits(body) if _SEVERAL_GROUPS(body) else None


def _digits(text: str) -> str:
    return _OTHER("", text)


_GROUP = 3
_OTHER = re.compile("[^0-9]").sub
_WRITTEN = re.compile("([+\u2212-]?)([0-9.,' \u00a0\u2009\u202f\u2019]{1,64}?)([eE][+-]?[0-9]{1,3})?").fullmatch
_SIMPLE = re.compile("([0-9]*)(?:([.,])([0-9]+))?").fullmatch
_GROUPED = re.compile("([0-9]{1,3}(?=([' \u00a0\u2009\u202f\u2019]))(?:\\2[0-9]{3})+)(?:([.,])([0-9]+))?").fullmatch
_MIXED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)|([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)").fullmatch
_SEVERAL_GROUPS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})").fullmatch
_ZERO_TAIL = re.compile("([+-]?[0-9]{1,20})[.,](?!000$)0+").fullmatch
_EXPONENT = re.compile(r"([+-]?)([0-9]{1,20})(?:[.,]([0-9]{1,40}))?[eE]\+?([0-9]{1,2})").fullmatch
