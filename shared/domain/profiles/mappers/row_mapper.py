"""Reads the e-mail address of each row, maps a single row with care, and shows what a rejected row had."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from shared.domain.config.mapping import Entry
from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import EXTERNAL_ID
from shared.domain.profiles.email import BadEmail, common_emails, normal_email, without_invisible
from shared.domain.profiles.external_ids import looks_like_a_decimal
from shared.domain.profiles.mappers.rules import Rule
from shared.domain.profiles.outcome import Refusal
from shared.domain.profiles.texts import Odd, unguarded
from shared.domain.rows.rows import Row, Unreadable
from shared.domain.sentences import Sentence

SHOWN_CHARACTERS = 200
"""A rejection shows at most so many characters of a value: rejections are kept in memory until they are written."""

Attributes = dict[str, Any]


class RowMapper:
    """Applies *mapping*, whose rules are *rules*, to one row after the other; mutable.

    *nulls* are the texts that stand for no value.
    *notes* has the field and the reason of each value that was noted; the caller clears it.
    """

    def __init__(self, mapping: ColumnMapping, rules: Sequence[Rule], nulls: Iterable[str]) -> None:
        self.notes: list[tuple[str, str]] = []
        self._nulls = frozenset(nulls)
        self._email = mapping.email
        self._get_email: Callable[[Any], Any] = itemgetter(mapping.email)
        self._rules = rules
        self._shown = {"email": mapping.email, **_columns(mapping.texts())}
        self._shown_groups = {
            "location": _columns(mapping.location.entries()),
            "properties": _columns(mapping.properties),
        }

    def emails(self, rows: Sequence[Row | Unreadable]) -> list[str]:
        """Return the e-mail address of each row if it is a plain common one, else ``""``: `email` must tell."""
        try:
            return common_emails(list(map(self._get_email, rows)))
        except (KeyError, TypeError):  # a row without the column, or none at all
            return common_emails([row.get(self._email) if type(row) is dict else None for row in rows])

    def email(self, row: Row) -> str | Refusal:
        """Return the e-mail address of *row*, or why *row* is rejected."""
        value = row.get(self._email)
        if type(value) is str:
            if value.strip() in self._nulls:
                value = None
            else:
                visible = without_invisible(value)
                if visible != value:
                    self.notes.append(("email", "invisible_characters"))
                if unguarded(plain := visible.strip().lower()) != plain:
                    self.notes.append(("email", "excel_guard"))
        try:
            return normal_email(value)
        except BadEmail as error:
            return self.refusal(row, error.reason, error.told)

    def map(self, row: Row, email: str) -> Attributes:
        """Return the attributes of the profile of *row*, with a look into each text.

        Missing values, nulls, blank texts, NaN and infinities count as "no value" and are in no profile: Klaviyo's bulk
        import cannot clear a field.
        """
        attributes: Attributes = {"email": email}
        for rule in self._rules:
            value = rule.value if rule.column is None else self._cleaned(rule, row.get(rule.column))
            if value is not None:
                into = attributes.setdefault(rule.group, {}) if rule.group else attributes
                into[rule.name] = value
        if looks_like_a_decimal(attributes.get(EXTERNAL_ID, "")):
            self.notes.append((EXTERNAL_ID, "looks_like_a_decimal"))
        return attributes

    def refusal(self, row: Row, reason: str, told: Sentence) -> Refusal:
        """Return the refusal of *row*, with its mapped fields as they came, shortened."""
        fields = _shown(self._shown, row)
        for name, columns in self._shown_groups.items():
            if shown := _shown(columns, row):
                fields[name] = shown
        return Refusal(reason, told, fields)

    def _cleaned(self, rule: Rule, value: Any) -> Any:
        cleaned = None if value is None else rule.clean(value)
        if type(cleaned) is not Odd:
            return cleaned
        self.notes.extend((rule.field, reason) for reason in cleaned.reasons)
        return cleaned.value


def _columns(entries: Mapping[str, Entry]) -> dict[str, str]:
    return {name: entry.column for name, entry in entries.items() if entry.column is not None}


def _shown(columns: dict[str, str], row: Row) -> dict[str, Any]:
    return {name: _shortened(row[column]) for name, column in columns.items() if row.get(column) is not None}


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value[:SHOWN_CHARACTERS]
    if isinstance(value, list | dict):
        return f"({type(value).__name__} of {len(value):,})"
    return value
