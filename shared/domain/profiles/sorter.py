"""Decides what becomes of each row: a profile to be sent, a duplicate, or a refusal."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Self

from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import EXTERNAL_ID, IDENTIFIERS
from shared.domain.profiles.outcome import Outcome, Profile, Refusal, Unsent
from shared.domain.profiles.row_mapper import Attributes, RowMapper
from shared.domain.profiles.seen_values import SeenValues
from shared.domain.profiles.texts import needing_care
from shared.domain.profiles.value_notes import RowNoted
from shared.domain.rows.rows import Row, Unreadable
from shared.domain.sentences import say

MAX_PROFILE_BYTES = 100_000
"""Klaviyo takes at most 100 KB a profile (its OpenAPI, revision 2026-10-15)."""

Encode = Callable[[Mapping[str, Any]], Profile]
"""Takes the attributes of a profile; returns the profile as it stands in a request."""


@dataclass(slots=True)
class SortedRows:
    """What became of rows; mutable. ``outcomes[i]`` is the outcome of row *i*.

    *notes* has what was noted about the values of rows that are sent; the row of a note is its index.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    notes: list[RowNoted] = field(default_factory=list)


class Sorter:
    """Maps rows, encodes the profiles, finds duplicates and shared identifiers; mutable.

    A sorter remembers the e-mail address and the identifiers of each row that is sent. Of rows with one identifier, the
    first keeps it, and all others go without it: Klaviyo could take the people for one.
    What becomes of a row follows from this row and the rows before it, so a replay finds the same.
    """

    def __init__(  # noqa: PLR0913 - what an export says about values, each by name
        self,
        mapping: ColumnMapping,
        *,
        phone_region: str | None,
        encode: Encode,
        expected_rows: int = 0,
        null_values: Iterable[str] = (),
        decimal_comma: bool = False,
    ) -> None:
        self._mapper = RowMapper(
            mapping, phone_region=phone_region, null_values=null_values, decimal_comma=decimal_comma
        )
        self._encode = encode
        self._seen = SeenValues(expected=expected_rows)
        self._claimed = {name: SeenValues(expected=expected_rows) for name in IDENTIFIERS if name in mapping.texts()}

    def sort(self, rows: Sequence[Row | Unreadable]) -> SortedRows:
        """Return what becomes of *rows*, which follow all rows of earlier calls."""
        outcomes: list[Outcome] = []
        noted: list[RowNoted] = []
        refused = 0
        emails, external_ids = self._mapper.emails(rows), self._mapper.external_ids(rows)
        identifiers: dict[str, list[Any]] = {name: [] for name in self._claimed}
        puts = [
            (name, values.append) for name, values in identifiers.items() if name != EXTERNAL_ID or not external_ids
        ]
        map_row, encode, notes = self._mapper.map, self._encode, self._mapper.notes
        for row, email, external_id in zip(rows, emails, external_ids or repeat(""), strict=False):
            if type(row) is Unreadable:
                outcomes.append(Refusal(row.reason, row.told, {}))
                refused += 1
                continue
            mapped = map_row(row, email, external_id)
            if notes:
                noted += self._take_notes(len(outcomes))
            if type(mapped) is Refusal:
                outcomes.append(mapped)
                refused += 1
                continue
            if not email:
                emails[len(outcomes)] = mapped["email"]
            for name, put in puts:
                put(mapped.get(name))
            outcomes.append(encode(mapped))
        good = _Good.of(outcomes, refused, emails, identifiers, external_ids)
        noted = self._look_closer(rows, good, outcomes, noted)
        unsent = self._unsent(good)
        for place, outcome in unsent.items():
            outcomes[good.indexes[place]] = outcome
        noted += self._take_out_shared(rows, good, outcomes, unsent)
        return SortedRows(outcomes, sorted(each for each in noted if type(outcomes[each.row]) is bytes))

    def _take_notes(self, index: int) -> list[RowNoted]:
        """Return what the mapper has noted about row *index*."""
        noted = [RowNoted(index, name, reason) for name, reason in self._mapper.notes]
        self._mapper.notes.clear()
        return noted

    def _look_closer(
        self, rows: Sequence[Row | Unreadable], good: "_Good", outcomes: list[Outcome], noted: list[RowNoted]
    ) -> list[RowNoted]:
        """Map *good* rows again whose texts may hold what nobody means; return what is noted about all rows then."""
        places = needing_care(good.profiles)
        if not places:
            return noted
        again = {good.indexes[place] for place in places}
        noted = [each for each in noted if each.row not in again or each.field == "email"]
        for place in places:
            index, mapped = good.indexes[place], self._mapped_with_care(rows, good, place)
            noted += self._take_notes(index)
            outcomes[index] = good.profiles[place] = self._encode(mapped)
            for name, values in good.identifiers.items():
                values[place] = mapped.get(name)
        return noted

    def _unsent(self, good: "_Good") -> dict[int, Outcome]:
        """Return the places of *good* rows whose profiles are too large, and of duplicates, with the outcomes."""
        unsent: dict[int, Outcome] = {}
        emails, places = good.emails, range(len(good.emails))
        if max(map(len, good.profiles), default=0) > MAX_PROFILE_BYTES:
            unsent = {
                place: _too_large(profile, emails[place])
                for place, profile in enumerate(good.profiles)
                if len(profile) > MAX_PROFILE_BYTES
            }
        fitting = [place for place in places if place not in unsent] if unsent else places
        known = self._seen.known_among([emails[place] for place in fitting] if unsent else emails)
        return unsent | {fitting[index]: Unsent.DUPLICATE for index in known}

    def _take_out_shared(
        self,
        rows: Sequence[Row | Unreadable],
        good: "_Good",
        outcomes: list[Outcome],
        unsent: Container[int],
    ) -> Iterator[RowNoted]:
        """Take the identifiers that an earlier row has out of the profiles that are sent; yield a note for each."""
        shared: dict[int, list[str]] = {}
        for name, seen in self._claimed.items():
            values = good.identifiers[name]
            places: Sequence[int] = range(len(values))
            if unsent or None in values:
                places = [place for place, value in enumerate(values) if value is not None and place not in unsent]
                values = [values[place] for place in places]
            for known in seen.known_among(values):
                shared.setdefault(places[known], []).append(name)
        for place, names in shared.items():
            index, mapped = good.indexes[place], self._mapped_with_care(rows, good, place)
            self._mapper.notes.clear()
            outcomes[index] = self._encode({name: mapped[name] for name in mapped if name not in names})
            yield from (RowNoted(index, name, "shared_identifier") for name in names)

    def _mapped_with_care(self, rows: Sequence[Row | Unreadable], good: "_Good", place: int) -> Attributes:
        row = rows[good.indexes[place]]
        return {} if type(row) is Unreadable else self._mapper.map_with_care(row, good.emails[place])


@dataclass(slots=True)
class _Good:
    """The rows of a page that make profiles, in order; mutable.

    *identifiers* has for each claimed attribute its value in each row, or None. The attributes themselves are not kept:
    thousands of dictionaries would keep the garbage collector busy.
    """

    indexes: Sequence[int]
    profiles: list[Profile]
    emails: list[str]
    identifiers: dict[str, list[Any]]

    @classmethod
    def of(
        cls,
        outcomes: list[Outcome],
        refused: int,
        emails: list[str],
        identifiers: dict[str, list[Any]],
        external_ids: list[str] | None,
    ) -> Self:
        """Return the good rows among *outcomes*, of which *refused* are refusals.

        *identifiers* are of the good rows only, *emails* and *external_ids* of all rows.
        """
        profiles: list[Any] = outcomes.copy()
        indexes: Sequence[int] = range(len(outcomes))
        if refused:
            profiles = [outcome for outcome in outcomes if type(outcome) is bytes]
            indexes = [index for index, outcome in enumerate(outcomes) if type(outcome) is bytes]
            emails = [emails[index] for index in indexes]
            external_ids = external_ids and [external_ids[index] for index in indexes]
        if external_ids:
            identifiers[EXTERNAL_ID] = external_ids
        return cls(indexes, profiles, emails, identifiers)


def _too_large(profile: Profile, email: str) -> Refusal:
    text = "The profile has {bytes:,} bytes; Klaviyo takes at most {most:,}."
    told = say("profile_too_large", text, bytes=len(profile), most=MAX_PROFILE_BYTES)
    return Refusal("profile_too_large", told, {"email": email})
