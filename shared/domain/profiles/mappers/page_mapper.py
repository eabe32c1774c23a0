"""Turns the rows of a page into encoded profiles, one attribute of all rows after the other."""

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from shared.domain.profiles.cleaners import EXTERNAL_ID, PHONE_NUMBER
from shared.domain.profiles.mappers.columns import Column, IdColumn, Noted, PhoneColumn, TextColumn
from shared.domain.profiles.mappers.profile_form import ProfileForm
from shared.domain.profiles.mappers.profile_size import SmallColumns
from shared.domain.profiles.mappers.rules import Rule
from shared.domain.profiles.outcome import Profile
from shared.domain.profiles.texts import may_need_care
from shared.domain.profiles.value_notes import RowNoted
from shared.domain.rows.rows import Row

Encode = Callable[[Mapping[str, Any]], Profile]
"""Takes the attributes of a profile; returns the profile as it stands in a request."""


@dataclass(slots=True)
class MappedRows:
    """The profiles of rows; *notes* and *too_long* have the places of these rows; mutable.

    *values* has for each field with a column its value in each row, or None. *too_long* are the places of rows whose
    external_id Klaviyo does not take.
    """

    profiles: list[Profile]
    values: dict[str, Sequence[Any]]
    notes: list[RowNoted]
    too_long: Sequence[int] = ()


class PageMapper:
    """Applies *rules* to rows, and encodes the profiles; mutable.

    *odd* has the texts that stand for no value, or may. The attributes of a row are not kept: thousands of dictionaries
    would keep the garbage collector busy.
    """

    def __init__(self, rules: Sequence[Rule], odd: frozenset[str], encode: Encode) -> None:
        self._encode, self._form, self._small = encode, ProfileForm(rules), SmallColumns(rules)
        self._notes: list[RowNoted] = []
        self._sources = [rule.column for rule in rules if rule.column is not None]
        self._columns = {rule.field: _column(rule, odd, self._note) for rule in rules if rule.column is not None}

    def map(self, rows: Sequence[Row], emails: Sequence[str]) -> MappedRows:
        """Return the profiles of *rows*, which have the addresses *emails*."""
        self._notes = []
        given = _given(rows, self._sources)
        values = {name: column.values(each) for (name, column), each in zip(self._columns.items(), given, strict=True)}
        gaps = frozenset(name for name, column in self._columns.items() if column.has_gaps)
        profiles = self._form.put(gaps)(self._encode, emails, [*values.values()])
        ids = self._columns.get(EXTERNAL_ID)
        return MappedRows(profiles, values, self._notes, ids.too_long if isinstance(ids, IdColumn) else ())

    def identifiers(
        self, rows: Sequence[Row], names: Sequence[str], longest_bytes: int | None
    ) -> list[Sequence[Any]] | None:
        """Return the values of the fields *names*, as `map` would, but make no profiles.

        No row has more bytes of JSON than *longest_bytes*, where that is known.
        Return None where only whole profiles tell: one may be too large, or an identifier is not as it should be.
        """
        if not self._small.come_of(longest_bytes) and not self._small.hold(_given(rows, self._sources)):
            return None
        self._notes = []
        sources = dict(zip(self._columns, self._sources, strict=True))
        given = _given(rows, [sources[name] for name in names])
        values = [self._columns[name].values(each) for name, each in zip(names, given, strict=True)]
        ids = self._columns.get(EXTERNAL_ID)
        is_odd = isinstance(ids, IdColumn) and ids.too_long
        return None if is_odd or may_need_care(self._encode(dict(zip(names, values, strict=True)))) else values

    def without(self, names: Container[str], email: str, values: Mapping[str, Any]) -> Profile:
        """Return the profile of a row with *values*, but without the fields *names*."""
        kept = [[None if name in names else values[name]] for name in self._columns]
        return self._form.put(frozenset(self._columns))(self._encode, [email], kept)[0]

    def _note(self, place: int, field: str, reason: str) -> None:
        self._notes.append(RowNoted(place, field, reason))


def _given(rows: Sequence[Row], sources: Sequence[str]) -> Sequence[Sequence[Any]]:
    """Return the values of each of the columns *sources* as they came; rows may lack columns."""
    if len(sources) > 1 and rows:
        with suppress(KeyError):  # a third of the time of a look into each row for each column
            return list(zip(*map(itemgetter(*sources), rows), strict=True))
    return [[row.get(source) for row in rows] for source in sources]


def _column(rule: Rule, odd: frozenset[str], note: Noted) -> Column:
    if rule.field == EXTERNAL_ID:
        return IdColumn(rule, note, odd)
    if rule.field == PHONE_NUMBER:
        return PhoneColumn(rule, note)
    return TextColumn(rule, note, odd) if rule.is_plain else Column(rule, note)
