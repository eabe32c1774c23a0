"""Values of a column whose type the mapping says: numbers, true or false, dates.

A text of CSV and the JSON value that it stands for give the same value.
"""

import re
from datetime import date, datetime
from math import isfinite
from typing import Any

from shared.domain.config.mapping import Entry
from shared.domain.profiles.numbers import DigitsLost, number_in, whole_in, whole_of
from shared.domain.profiles.texts import Clean, Odd
from shared.domain.rows.json_objects import LEAST_INTEGER, MOST_INTEGER

_DEGREES = {"latitude": 90, "longitude": 180}


def typed(entry: Entry, *, decimal_comma: bool) -> Clean:
    """Return what reads the values of *entry* by its type, which is not text; blanks at the ends are gone already."""
    comma = decimal_comma if entry.decimal_comma is None else entry.decimal_comma
    match entry.type:
        case "integer":
            return lambda value: _integer(value, decimal_comma=comma)
        case "number":
            return lambda value: _number(value, decimal_comma=comma)
        case "boolean":
            return _boolean
        case "date":
            return lambda value: _date(value, entry.date_format)
        case _:
            return lambda value: _datetime(value, entry.date_format)


def degrees(name: str) -> Clean:
    """Return what reads the latitude or the longitude, with a decimal point or a decimal comma."""
    most, reason = _DEGREES[name], (f"not_a_{name}",)

    def clean(value: Any) -> Any:
        number = _any_number(value, decimal_comma="," in value if type(value) is str else False)
        return Odd(None, reason) if number is None or abs(number) > most else number

    return clean


def _any_number(value: Any, *, decimal_comma: bool) -> int | float | None:
    if type(value) is str:
        return number_in(value, decimal_comma=decimal_comma)
    return value if type(value) in (int, float) and isfinite(value) else None


def _number(value: Any, *, decimal_comma: bool) -> Any:
    number = _any_number(value, decimal_comma=decimal_comma)
    if number is None:
        return Odd(None, ("not_a_number",))
    return number if LEAST_INTEGER <= number <= MOST_INTEGER else float(number)


def _integer(value: Any, *, decimal_comma: bool) -> Any:
    try:
        if type(value) is str:
            return whole_in(value, decimal_comma=decimal_comma)
        if type(value) in (int, float) and isfinite(value):
            return whole_of(value)
    except DigitsLost:
        return Odd(None, ("digits_lost",))
    except ValueError:
        pass
    return Odd(None, ("not_an_integer",))


def whole_property(value: Any) -> Any:
    """Return *value*, a whole number or an `Odd`, unless JSON cannot take the number along."""
    if type(value) is int and not LEAST_INTEGER <= value <= MOST_INTEGER:
        return Odd(None, ("digits_lost",))
    return value


def _boolean(value: Any) -> Any:
    if type(value) is bool:
        return value
    known = _BOOLEANS.get(_as_text(value).lower())
    return Odd(None, ("not_true_or_false",)) if known is None else known


def _date(value: Any, form: str | None) -> Any:
    text = _as_text(value)
    try:
        if form is not None:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - only its day is taken
        if _ISO_DAY(text):
            return date.fromisoformat(text).isoformat()
        return _moment(text).date().isoformat()
    except ValueError:
        return Odd(None, ("not_a_date",))


def _datetime(value: Any, form: str | None) -> Any:
    text = _as_text(value)
    try:
        moment = _moment(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007 - kept as it is
    except ValueError:
        return Odd(None, ("not_a_datetime",))
    return moment.isoformat()


def _moment(text: str) -> datetime:
    """Return the moment that *text* writes in ISO 8601, or as databases write it: ``2026-12-31 18:30:00.000 UTC``."""
    found = _ISO_MOMENT(text)
    if found is None:
        raise ValueError("not ISO 8601")
    offset = found[2] or ""
    return datetime.fromisoformat(found[1] + ("+00:00" if offset in ("Z", "z", "UTC") else offset))


def _as_text(value: Any) -> str:
    """Return *value* as a CSV file writes it; what is no text and no number stands for nothing that is read here."""
    return value if type(value) is str else repr(value) if type(value) in (int, float) else ""


_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "1", "1.0"), True),
    **dict.fromkeys(("false", "no", "0", "0.0"), False),
}
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}").fullmatch
_ISO_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]{1,9})?)?)?)"
    r" ?(Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?"
).fullmatch
