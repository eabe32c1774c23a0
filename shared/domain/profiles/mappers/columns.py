"""The values of one attribute for many rows: most columns are looked at as a whole, only the others value by value."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.domain.profiles.cleaners import EXTERNAL_ID, GUARDED, PROPERTIES
from shared.domain.profiles.e164 import KnownCountries
from shared.domain.profiles.external_ids import MAX_EXTERNAL_ID, common_external_ids, looks_like_a_decimal
from shared.domain.profiles.mappers.rules import Rule
from shared.domain.profiles.texts import AFTER_GUARDS, Odd

MOST_KNOWN = 1_000
"""Of each field, about so many texts are known to be good: most columns repeat their values (cities, tiers, names)."""

Noted = Callable[[int, str, str], object]
"""Takes the place of a row, a field and a reason."""


class Column:
    """Makes the values of *rule* for many rows at once; mutable.

    `values` returns a value for each row, None for "no value". *has_gaps* tells whether one of these may be None.
    """

    def __init__(self, rule: Rule, note: Noted) -> None:
        self._field, self._clean, self._note = rule.field, rule.clean, note
        self.has_gaps = False

    def values(self, given: Sequence[Any]) -> Sequence[Any]:
        """Return what is sent of the values that rows have in the column."""
        return self._each(given)

    def _each(self, given: Sequence[Any]) -> list[Any]:
        values = [None if value is None else self._finished(place, value) for place, value in enumerate(given)]
        self.has_gaps = None in values
        return values

    def _finished(self, place: int, value: Any) -> Any:
        cleaned = self._clean(value)
        if type(cleaned) is not Odd:
            return cleaned
        for reason in cleaned.reasons:
            self._note(place, self._field, reason)
        return cleaned.value


class TextColumn(Column):
    """Texts that are sent as they are but for blanks at their ends; *odd* has those that stand for no value, or may.

    Texts are looked at from the outside only; `needing_care` tells where that does not do.
    """

    def __init__(self, rule: Rule, note: Noted, odd: frozenset[str]) -> None:
        super().__init__(rule, note)
        self._odd, self._first = odd, AFTER_GUARDS if rule.field in GUARDED else ""
        self._as_it_is = int if rule.field.startswith(PROPERTIES) and not rule.is_typed else str
        self._good: set[str] = set()

    def values(self, given: Sequence[Any]) -> Sequence[Any]:
        """Return what is sent of the values that rows have in the column."""
        self.has_gaps = False
        try:
            if self._good.issuperset(given):
                return given
            texts = list(map(str.strip, given))
        except TypeError:
            return given if set(map(type, given)) == {self._as_it_is} else self._each(given)
        if not texts or min(texts) <= self._first or not self._odd.isdisjoint(texts):
            return self._each(given)
        if len(self._good) < MOST_KNOWN:
            self._good.update(texts)
        return texts

    def _each(self, given: Sequence[Any]) -> list[Any]:
        values: list[Any] = []
        good, odd, first, as_it_is = self._good, self._odd, self._first, self._as_it_is
        for place, value in enumerate(given):
            if type(value) is not str:
                is_done = value is None or type(value) is as_it_is
            elif value in good:
                is_done = True
            else:
                value = value.strip()  # noqa: PLW2901 - the blanks are no part of it
                if is_done := value > first and value not in odd:
                    if len(good) < MOST_KNOWN:
                        good.add(value)
                elif not value:
                    value, is_done = None, True  # noqa: PLW2901 - as above
            values.append(value if is_done else self._finished(place, value))
        self.has_gaps = None in values
        return values


class PhoneColumn(Column):
    """Phone numbers: most are sent as they are, and are found together; the others are read one by one."""

    def __init__(self, rule: Rule, note: Noted) -> None:
        super().__init__(rule, note)
        self._countries = KnownCountries()

    def values(self, given: Sequence[Any]) -> Sequence[Any]:
        """Return what is sent of the values that rows have in the column."""
        others = self._others(given)
        self.has_gaps = False
        if not others:
            return given
        values, met = [*given], None
        for place in others:
            value = given[place]
            number = values[place] = None if value is None else self._finished(place, value)
            if number is None:
                self.has_gaps = True
            elif number == value:
                met = number
        if met is not None:
            self._countries.meet(met)  # one a page: each costs some milliseconds
        return values

    def _others(self, given: Sequence[Any]) -> list[int]:
        try:
            return list(self._countries.others(given))
        except (TypeError, ValueError):
            texts = [value if type(value) is str and "\n" not in value else "" for value in given]
            return list(self._countries.others(texts))


class IdColumn(Column):
    """The external_id; *too_long* has the places of those that Klaviyo does not take."""

    def __init__(self, rule: Rule, note: Noted, odd: frozenset[str]) -> None:
        super().__init__(rule, note)
        self._others = TextColumn(rule, note, odd) if rule.is_plain else Column(rule, note)
        self._odd, self._is_plain = odd, rule.is_plain
        self.too_long: list[int] = []

    def values(self, given: Sequence[Any]) -> Sequence[Any]:
        """Return what is sent of the values that rows have in the column."""
        if self._is_plain and (common := common_external_ids(given, self._odd)):
            self.has_gaps, self.too_long = False, []
            return common
        values = self._others.values(given)
        self.has_gaps = self._others.has_gaps
        texts = [(place, value) for place, value in enumerate(values) if value is not None]
        self.too_long = [place for place, text in texts if len(text) > MAX_EXTERNAL_ID]
        for place, text in texts:
            if looks_like_a_decimal(text):
                self._note(place, EXTERNAL_ID, "looks_like_a_decimal")
        return values
