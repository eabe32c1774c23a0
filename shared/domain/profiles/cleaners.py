"""What cleans the values of each attribute of a profile."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from shared.domain.config.mapping import LOCATION_NUMBER_FIELDS, Entry
from shared.domain.profiles.e164 import is_e164
from shared.domain.profiles.numbers import EXACT_FLOAT
from shared.domain.profiles.phone import BadPhone, e164
from shared.domain.profiles.texts import EMPTY_WORDS, Clean, Odd, tidied
from shared.domain.profiles.typed_values import degrees, typed, whole_property

EXTERNAL_ID, PHONE_NUMBER = "external_id", "phone_number"
IDENTIFIERS = (EXTERNAL_ID, PHONE_NUMBER)
"""The attributes that Klaviyo knows a profile by, beside the e-mail address."""
_NAMES = ("first_name", "last_name", "organization", "title", "location.zip")
GUARDED = frozenset((*IDENTIFIERS, *_NAMES))
"""Where a sign of Excel's in front is no part of the text."""
PROPERTIES = "properties."
MAX_DEPTH = 10
"""How deep lists and objects may be nested; Klaviyo documents this limit for events, not for profiles."""
MAX_ITEMS = 50_000
"""So many items, of two bytes or more each, are in no profile that Klaviyo takes."""


@dataclass(frozen=True, slots=True)
class Cleaners:
    """Makes what cleans the values of an attribute, for one export; *nulls* are the texts that stand for no value."""

    nulls: frozenset[str]
    phone_region: str | None
    decimal_comma: bool

    def of(self, field: str, entry: Entry) -> Clean:
        """Return what cleans the values of *entry* for *field*, an attribute in full, such as ``location.city``."""
        if field == EXTERNAL_ID and entry.type == "integer":
            whole = typed(entry, decimal_comma=self.decimal_comma)
            return self._tidied_first(lambda value: _as_digits(whole(value)), field)
        if field == PHONE_NUMBER:
            return _phones_as_they_are(self._tidied_first(self._phone, field))
        if field.removeprefix("location.") in LOCATION_NUMBER_FIELDS and field.startswith("location."):
            return self._tidied_first(degrees(field.removeprefix("location.")), field)
        if not field.startswith(PROPERTIES) or entry.type == "text":
            return self._tidied_first(_text, field)
        if entry.type is None:
            return self._tidied_first(self._property, field)
        value_of = typed(entry, decimal_comma=self.decimal_comma)
        return self._tidied_first(lambda value: whole_property(value_of(value)), field)

    def _tidied_first(self, clean: Clean, field: str) -> Clean:
        """Return *clean* for values whose texts are tidied, and are neither "no value" nor a word for nothing."""
        is_guarded, is_identifier, nulls = field in GUARDED, field in IDENTIFIERS, self.nulls

        def clean_tidied(value: Any) -> Any:
            if type(value) is not str:
                return None if type(value) is float and not isfinite(value) else clean(value)
            text, reasons = tidied(value, guarded=is_guarded)
            if text in nulls:
                cleaned = None
            elif is_identifier and text in EMPTY_WORDS:
                cleaned = Odd(None, ("no_identifier",))
            else:
                cleaned = clean(text)
            if not reasons:
                return cleaned
            return Odd(cleaned.value, reasons + cleaned.reasons) if type(cleaned) is Odd else Odd(cleaned, reasons)

        return clean_tidied

    def _phone(self, value: Any) -> Any:
        text = _text(value)
        if type(text) is not str:
            return text
        if type(value) is float and not value.is_integer():
            return Odd(None, ("not_a_phone_number",))
        try:
            return e164(text, self.phone_region)
        except BadPhone as error:
            return Odd(None, (error.reason,))

    def _property(self, value: Any) -> Any:
        return _pruned(value, self.nulls) if type(value) in (list, dict) else _odd_word(value)


def is_plain(field: str, entry: Entry) -> bool:
    """Tell whether most texts are sent as they are but for blanks at the ends; `Cleaners.of` cleans all others."""
    if field.startswith(PROPERTIES):
        return entry.type in (None, "text")
    is_number = field.removeprefix("location.") in LOCATION_NUMBER_FIELDS
    return field != PHONE_NUMBER and entry.type in (None, "text") and not is_number


def _phones_as_they_are(clean: Clean) -> Clean:
    """Return *clean* with a shorter way for numbers in E.164, which most are."""
    return lambda value: value if type(value) is str and is_e164(value) else clean(value)


def _text(value: Any) -> Any:
    """Return a text or a number as text, and an `Odd` for a value of another type."""
    kind = type(value)
    if kind is str:
        return _odd_word(value)
    if kind is int:
        return str(value)
    if kind is float:
        if abs(value) >= EXACT_FLOAT:
            return Odd(None, ("digits_lost",))
        return str(int(value) if value.is_integer() else value)
    return Odd(None, ("not_a_text",))


def _odd_word(value: Any) -> Any:
    return Odd(value, ("looks_empty",)) if type(value) is str and value in EMPTY_WORDS else value


def _as_digits(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _pruned(value: Any, nulls: frozenset[str]) -> Any:
    """Return *value*, a list or an object, with tidied texts and without what stands for no value.

    *nulls* are the texts that do. Returns None when nothing is left. A value with more than `MAX_ITEMS` items is
    returned as it is: it makes its profile too large.
    """
    pruner = _Pruner(nulls)
    try:
        kept = pruner.prune(value, MAX_DEPTH)
    except _TooDeep:
        return Odd(None, ("too_deep",))
    except _TooMany:
        return value
    return Odd(kept, tuple(pruner.reasons)) if pruner.reasons else kept


class _TooDeep(Exception):
    pass


class _TooMany(Exception):
    pass


class _Pruner:
    """Prunes one value; mutable: *reasons* has what was noted, once each."""

    def __init__(self, nulls: frozenset[str]) -> None:
        self._nulls = nulls
        self.reasons: dict[str, None] = {}
        self._left = MAX_ITEMS

    def prune(self, value: Any, depth: int) -> Any:
        if depth == 0:
            raise _TooDeep
        self._left -= len(value)
        if self._left < 0:
            raise _TooMany
        if type(value) is list:
            return [kept for item in value if (kept := self._item(item, depth)) is not None] or None
        return {
            self._tidied(name): kept for name, item in value.items() if (kept := self._item(item, depth)) is not None
        } or None

    def _item(self, item: Any, depth: int) -> Any:
        kind = type(item)
        if kind is str:
            text = self._tidied(item)
            return None if text in self._nulls else text
        if kind is list or kind is dict:
            return self.prune(item, depth - 1)
        return None if kind is float and not isfinite(item) else item

    def _tidied(self, text: str) -> str:
        text, reasons = tidied(text)
        self.reasons.update(dict.fromkeys(reasons))
        return text
