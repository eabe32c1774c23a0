"""Turns a row into the attributes of a profile, or says why the row cannot be a profile."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.domain.config.mapping import Entry
from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import EXTERNAL_ID, GUARDED, PROPERTIES, Cleaners, is_plain
from shared.domain.profiles.email import BadEmail, common_emails, normal_email, without_invisible
from shared.domain.profiles.external_ids import MAX_EXTERNAL_ID, common_external_ids, looks_like_a_decimal
from shared.domain.profiles.outcome import Refusal
from shared.domain.profiles.texts import AFTER_GUARDS, EMPTY_WORDS, Clean, Odd, nulls_of, unguarded
from shared.domain.rows.rows import Row, Unreadable
from shared.domain.sentences import Sentence, say

MOST_KNOWN = 1_000
"""Of each field, so many texts are known to be good: most columns repeat their values (cities, tiers, first names)."""
SHOWN_CHARACTERS = 200
"""A rejection shows at most so many characters of a value: rejections are kept in memory until they are written."""

Attributes = dict[str, Any]


class RowMapper:
    """Applies a mapping to rows; mutable.

    *null_values* are texts that stand for no value, beside the blank ones. *decimal_comma* tells how numbers are
    written where the mapping does not say.
    *notes* has the field and the reason of each value that was noted. `map` adds to it; the caller clears it.
    Missing values, nulls, blank texts, NaN and infinities count as "no value" and are in no profile: Klaviyo's bulk
    import cannot clear a field.
    """

    def __init__(
        self,
        mapping: ColumnMapping,
        *,
        phone_region: str | None,
        null_values: Iterable[str] = (),
        decimal_comma: bool = False,
    ) -> None:
        self.notes: list[tuple[str, str]] = []
        self._nulls = nulls_of(null_values)
        self._odd = self._nulls | EMPTY_WORDS
        self._cleaners = Cleaners(self._nulls, phone_region, decimal_comma)
        self._email = mapping.email
        texts = mapping.texts()
        entry = texts.pop(EXTERNAL_ID, None)
        self._external_id = self._rules("", {} if entry is None else {EXTERNAL_ID: entry})
        self._id_column = entry.column if entry is not None and is_plain(EXTERNAL_ID, entry) else None
        self._fields = self._rules("", texts)
        self._location = self._rules("location.", mapping.location.entries())
        self._properties = self._rules(PROPERTIES, mapping.properties)
        self._shown = {"email": mapping.email, **_columns(mapping.texts())}
        self._shown_groups = {
            "location": _columns(mapping.location.entries()),
            "properties": _columns(mapping.properties),
        }

    def emails(self, rows: Sequence[Row | Unreadable]) -> list[str]:
        """Return the e-mail address of each row if it is a plain common one, else ``""``; `map` takes either."""
        column = self._email
        return common_emails([row.get(column) if type(row) is dict else None for row in rows])

    def external_ids(self, rows: Sequence[Row | Unreadable]) -> list[str] | None:
        """Return the external_id of each row if all are common ones, else None."""
        column = self._id_column
        if column is None:
            return None
        return common_external_ids([row.get(column) if type(row) is dict else None for row in rows], self._odd)

    def map(self, row: Row, email: str, external_id: str = "") -> Attributes | Refusal:
        """Return the attributes of the profile of *row*, or why *row* is rejected.

        *email* is from `emails`, and *external_id*, if there is one, from `external_ids`.
        Texts are looked at from the outside only; `needing_care` tells where that does not do.
        """
        if not email:
            try:
                email = self._uncommon_email(row.get(self._email))
            except BadEmail as error:
                return self._refusal(row, error.reason, error.told)
        attributes: Attributes = {"email": email}
        if external_id:
            attributes[EXTERNAL_ID] = external_id
        elif self._external_id is not None:
            self._put(attributes, self._external_id, row)
            if len(attributes.get(EXTERNAL_ID, "")) > MAX_EXTERNAL_ID:
                return self._refusal(row, "external_id_too_long", _EXTERNAL_ID_TOO_LONG)
            self._note_decimal(attributes)
        if self._fields is not None:
            self._put(attributes, self._fields, row)
        if self._location is not None and (location := self._put({}, self._location, row)):
            attributes["location"] = location
        if self._properties is not None and (properties := self._put({}, self._properties, row)):
            attributes["properties"] = properties
        return attributes

    def map_with_care(self, row: Row, email: str) -> Attributes:
        """Return what `map` returns for a *row* that it has mapped already, and look into each text."""
        attributes = {"email": email, **self._put_with_care(self._external_id, row)}
        self._note_decimal(attributes)
        attributes |= self._put_with_care(self._fields, row)
        if location := self._put_with_care(self._location, row):
            attributes["location"] = location
        if properties := self._put_with_care(self._properties, row):
            attributes["properties"] = properties
        return attributes

    def shown(self, row: Row) -> dict[str, Any]:
        """Return the mapped fields of *row* as a rejection shows them: as they came, shortened."""
        fields = _shown(self._shown, row)
        for name, columns in self._shown_groups.items():
            if shown := _shown(columns, row):
                fields[name] = shown
        return fields

    def _put(self, into: Attributes, rules: "_Rules", row: Row) -> Attributes:
        get, odd = row.get, self._odd
        for name, column, finish, good, first, as_it_is in rules.plain:  # most values end here, without a call of ours
            value = get(column)
            if type(value) is not str:
                if type(value) is as_it_is:
                    into[name] = value
                elif value is not None:
                    finish(into, value)
            elif value in good:
                into[name] = value
            else:
                value = value.strip()
                if value > first and value not in odd:
                    into[name] = value
                    if len(good) < MOST_KNOWN:
                        good.add(value)
                elif value:
                    finish(into, value)
        if rules.others:
            self._put_others(into, rules, row)
        return into

    def _put_others(self, into: Attributes, rules: "_Rules", row: Row) -> None:
        for column, finish in rules.special:
            value = row.get(column)
            if value is not None:
                finish(into, value)
        into.update(rules.constants)

    def _put_with_care(self, rules: "_Rules | None", row: Row) -> Attributes:
        into: Attributes = {}
        if rules is not None:
            for _, column, finish, *_ in rules.plain:
                if (value := row.get(column)) is not None:
                    finish(into, value)
            self._put_others(into, rules, row)
        return into

    def _note_decimal(self, attributes: Attributes) -> None:
        if looks_like_a_decimal(attributes.get(EXTERNAL_ID, "")):
            self.notes.append((EXTERNAL_ID, "looks_like_a_decimal"))

    def _rules(self, prefix: str, entries: Mapping[str, Entry]) -> "_Rules | None":
        rules = _Rules()
        for name, entry in entries.items():
            full_name = prefix + name
            finish = self._finish(name, full_name, self._cleaners.of(full_name, entry))
            if entry.column is None:
                finish(rules.constants, entry.value)
            elif is_plain(full_name, entry):
                first = AFTER_GUARDS if full_name in GUARDED else ""
                as_it_is = int if prefix == PROPERTIES and entry.type is None else str
                rules.plain.append((name, entry.column, finish, set(), first, as_it_is))
            else:
                rules.special.append((entry.column, finish))
        rules.others = bool(rules.special or rules.constants)
        self.notes.clear()  # what a person has written into the mapping is meant
        return rules if entries else None

    def _finish(self, name: str, full_name: str, clean: Clean) -> "_Finish":
        """Return what cleans a value, notes what is odd about it, and puts it among the attributes as *name*."""
        notes = self.notes

        def finish(into: Attributes, value: Any) -> None:
            cleaned = clean(value)
            if type(cleaned) is Odd:
                notes.extend((full_name, reason) for reason in cleaned.reasons)
                cleaned = cleaned.value
            if cleaned is not None:
                into[name] = cleaned

        return finish

    def _uncommon_email(self, value: Any) -> str:
        if type(value) is str:
            if value.strip() in self._nulls:
                value = None
            else:
                visible = without_invisible(value)
                if visible != value:
                    self.notes.append(("email", "invisible_characters"))
                if unguarded(plain := visible.strip().lower()) != plain:
                    self.notes.append(("email", "excel_guard"))
        return normal_email(value)

    def _refusal(self, row: Row, reason: str, told: Sentence) -> Refusal:
        return Refusal(reason, told, self.shown(row))


_Finish = Callable[[Attributes, Any], None]


@dataclass(slots=True)
class _Rules:
    """How one group of attributes comes from a row.

    *plain* has the name, the column, what finishes odd values, texts that are known to be good as they are, what comes
    before every text that needs no finish, and a type beside text whose values need none. *special* values are always
    finished. *others* tells whether there are any, or constants.
    """

    constants: Attributes = field(default_factory=dict)
    plain: list[tuple[str, str, _Finish, set[str], str, type]] = field(default_factory=list)
    special: list[tuple[str, _Finish]] = field(default_factory=list)
    others: bool = False


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


_EXTERNAL_ID_TOO_LONG = say(
    "external_id_too_long", "The external_id has more than {count} characters.", count=MAX_EXTERNAL_ID
)
