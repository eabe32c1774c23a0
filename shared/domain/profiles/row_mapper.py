"""Turns a row into the attributes of a profile, or says why the row cannot be a profile."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from shared.domain.config.mapping import LOCATION_NUMBER_FIELDS, Columns, Mapping
from shared.domain.profiles.email import BadEmail, common_emails, normal_email
from shared.domain.profiles.outcome import Refusal
from shared.domain.profiles.phone import e164
from shared.domain.rows.rows import Row, Unreadable

MAX_EXTERNAL_ID = 255
"""Klaviyo refuses a longer external_id (observed by Segment, action-destinations #3777)."""
SHOWN_CHARACTERS = 200
"""A rejection shows at most so many characters of a value: rejections are kept in memory until they are written."""
MAX_DEPTH = 10
"""How deep lists and objects may be nested; Klaviyo documents this limit for events, not for profiles."""
_EXACT_FLOAT = 2**53

Attributes = dict[str, Any]
Clean = Callable[[Any], Any]
"""Takes a value that is not None; returns the value as it may be sent, None for "no value", or `UNSUITABLE`."""
UNSUITABLE = object()
"""Stands for a value that is there but cannot be sent."""


class RowMapper:
    """Applies a mapping to rows; mutable.

    *notes* has the field and the reason of each value that was noted. `map` adds to it; the caller clears it.
    Missing values, nulls, blank texts, NaN and infinities count as "no value" and are in no profile: Klaviyo's bulk
    import cannot clear a field.
    """

    def __init__(self, mapping: Mapping, *, phone_region: str | None) -> None:
        texts, location, properties = mapping.texts(), mapping.location.columns(), dict(mapping.properties)
        self._email = mapping.email
        self._region = phone_region
        self._fields = [_rule(name, column, self._cleaner(name)) for name, column in texts.items()]
        self._location = [
            _rule(name, column, _location_cleaner(name), "location.") for name, column in location.items()
        ]
        self._properties = [_rule(name, column, clean_json, "properties.") for name, column in properties.items()]
        self._shown = {"email": mapping.email, **texts}
        self._shown_groups = {"location": location, "properties": properties}
        self.notes: list[tuple[str, str]] = []

    def emails(self, rows: Sequence[Row | Unreadable]) -> list[str]:
        """Return the e-mail address of each row if it is a plain common one, else ``""``; `map` takes either."""
        column = self._email
        return common_emails([row.get(column) if type(row) is dict else None for row in rows])

    def map(self, row: Row, email: str) -> Attributes | Refusal:
        """Return the attributes of the profile of *row*, or why *row* is rejected; *email* is from `emails`."""
        if not email:
            try:
                email = normal_email(row.get(self._email))
            except BadEmail as error:
                return self._refusal(row, error.reason, str(error))
        attributes: Attributes = {"email": email}
        if self._fields:
            self._put(attributes, self._fields, row)
            external_id = attributes.get("external_id")
            if external_id is not None and len(external_id) > MAX_EXTERNAL_ID:
                return self._refusal(row, "external_id_too_long", _EXTERNAL_ID_TOO_LONG)
        if self._location and (location := self._put({}, self._location, row)):
            attributes["location"] = location
        if self._properties and (properties := self._put({}, self._properties, row)):
            attributes["properties"] = properties
        return attributes

    def shown(self, row: Row) -> dict[str, Any]:
        """Return the mapped fields of *row* as a rejection shows them: as they came, shortened."""
        fields = _shown(self._shown, row)
        for name, columns in self._shown_groups.items():
            if shown := _shown(columns, row):
                fields[name] = shown
        return fields

    def _put(self, into: Attributes, rules: list["_Rule"], row: Row) -> Attributes:
        get = row.get
        for name, column, clean, takes_text, full_name in rules:
            value = get(column)
            if type(value) is str and takes_text:  # most values come here, without a function call
                if value and not value.isspace():
                    into[name] = value
            elif value is not None:
                cleaned = clean(value)
                if cleaned is UNSUITABLE:
                    self.notes.append((full_name, "not_a_text"))
                elif cleaned is not None:
                    into[name] = cleaned
        return into

    def _cleaner(self, name: str) -> Clean:
        return self._clean_phone if name == "phone_number" else clean_text

    def _clean_phone(self, value: Any) -> Any:
        text = clean_text(value)
        if type(text) is not str:
            return text
        return e164(text, self._region) or UNSUITABLE

    def _refusal(self, row: Row, reason: str, detail: str) -> Refusal:
        return Refusal(reason, detail, self.shown(row))


_Rule = tuple[str, str, Clean, bool, str]
"""Name of the attribute, column, cleaner, whether each text that is not blank is taken as it is, name in full."""


def _rule(name: str, column: str, clean: Clean, prefix: str = "") -> _Rule:
    return name, column, clean, name != "phone_number" or bool(prefix), prefix + name


def clean_text(value: Any) -> Any:
    """Return a text or a number as text; None when *value* is blank, `UNSUITABLE` when it is of another type."""
    kind = type(value)
    if kind is str:
        return None if not value or value.isspace() else value
    if kind is int:
        return str(value)
    if kind is float:
        if not isfinite(value):
            return None
        if abs(value) >= _EXACT_FLOAT:
            return UNSUITABLE  # a float has 53 bits: some digits of the number are lost already
        return str(int(value) if value.is_integer() else value)
    return UNSUITABLE


def clean_number(value: Any) -> Any:
    """Return a finite number as it is, and anything else as `clean_text` does."""
    return value if type(value) in (int, float) and isfinite(value) else clean_text(value)


def clean_json(value: Any) -> Any:
    """Return *value* without the nulls, blank texts, NaNs and empty containers in it.

    Returns None when nothing is left, and `UNSUITABLE` when *value* is deeper than `MAX_DEPTH`.
    """
    kind = type(value)
    if kind is str:
        return None if not value or value.isspace() else value
    if kind is float:
        return value if isfinite(value) else None
    if kind is list or kind is dict:
        try:
            return _pruned(value, MAX_DEPTH)
        except _TooDeep:
            return UNSUITABLE
    return value


class _TooDeep(Exception):
    pass


def _pruned(value: Any, depth: int) -> Any:
    if depth == 0:
        raise _TooDeep
    if type(value) is list:
        return [kept for item in value if (kept := _pruned_item(item, depth)) is not None] or None
    return {name: kept for name, item in value.items() if (kept := _pruned_item(item, depth)) is not None} or None


def _pruned_item(item: Any, depth: int) -> Any:
    return _pruned(item, depth - 1) if type(item) in (list, dict) else clean_json(item)


def _shown(columns: Columns, row: Row) -> dict[str, Any]:
    return {name: _shortened(row[column]) for name, column in columns.items() if row.get(column) is not None}


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value[:SHOWN_CHARACTERS]
    if isinstance(value, list | dict):
        return f"({type(value).__name__} of {len(value):,})"
    return value


def _location_cleaner(name: str) -> Clean:
    return clean_number if name in LOCATION_NUMBER_FIELDS else clean_text


_EXTERNAL_ID_TOO_LONG = f"The external_id has more than {MAX_EXTERNAL_ID} characters."
