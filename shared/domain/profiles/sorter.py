"""Decides what becomes of each row: a profile to be sent, a duplicate, or a refusal."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import IDENTIFIERS, Cleaners
from shared.domain.profiles.external_ids import EXTERNAL_ID_TOO_LONG
from shared.domain.profiles.mappers.good_rows import GoodRows
from shared.domain.profiles.mappers.page_mapper import Encode, PageMapper
from shared.domain.profiles.mappers.profile_size import MAX_PROFILE_BYTES, too_large
from shared.domain.profiles.mappers.row_mapper import RowMapper
from shared.domain.profiles.mappers.rules import rules_of
from shared.domain.profiles.outcome import Outcome, Profile, Refusal, Unsent
from shared.domain.profiles.seen_values import SeenValues
from shared.domain.profiles.texts import EMPTY_WORDS, needing_care, nulls_of
from shared.domain.profiles.value_notes import RowNoted
from shared.domain.rows.rows import Row, Unreadable


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
        nulls = nulls_of(null_values)
        rules = rules_of(mapping, Cleaners(nulls, phone_region, decimal_comma))
        self._mapper = RowMapper(mapping, rules, nulls)
        self._page_mapper = PageMapper(rules, nulls | EMPTY_WORDS, encode)
        self._encode = encode
        self._seen = SeenValues(expected=expected_rows)
        self._claimed = {name: SeenValues(expected=expected_rows) for name in IDENTIFIERS if name in mapping.texts()}

    def sort(self, rows: Sequence[Row | Unreadable]) -> SortedRows:
        """Return what becomes of *rows*, which follow all rows of earlier calls."""
        refusals: dict[int, Refusal] = {}
        noted: list[RowNoted] = []
        good = self._mapped(rows, refusals, noted)
        self._look_closer(good, noted)
        outcomes: list[Outcome] = [*good.profiles]
        if refusals:
            profiles = iter(good.profiles)
            outcomes = [refusals.get(index) or next(profiles) for index in range(len(rows))]
        unsent = self._unsent(good)
        for place, outcome in unsent.items():
            outcomes[good.indexes[place]] = outcome
        noted += self._take_out_shared(good, outcomes, unsent)
        return SortedRows(outcomes, sorted(each for each in noted if type(outcomes[each.row]) is bytes))

    def learn(self, rows: Sequence[Row | Unreadable], longest_bytes: int | None = None) -> None:
        """Remember of *rows* what `sort` would remember, but make no profiles where it can be told without them.

        No row has more bytes of JSON than *longest_bytes*, where that is known.
        """
        good = self._with_address(rows, {}, [])
        columns = self._page_mapper.identifiers(good.rows, [*self._claimed], longest_bytes)
        if columns is None:
            self.sort(rows)
            return
        duplicates = {*self._seen.known_among(good.emails)}
        for seen, values in zip(self._claimed.values(), columns, strict=True):
            known = (value for place, value in enumerate(values) if value is not None and place not in duplicates)
            seen.known_among(values if not duplicates and None not in values else [*known])

    def _mapped(
        self, rows: Sequence[Row | Unreadable], refusals: dict[int, Refusal], noted: list[RowNoted]
    ) -> GoodRows:
        """Return the good ones among *rows*; put the others among *refusals*, and what is noted among *noted*."""
        good = self._with_address(rows, refusals, noted)
        mapped = self._page_mapper.map(good.rows, good.emails)
        good.profiles, good.values = mapped.profiles, mapped.values
        noted += [RowNoted(good.indexes[place], name, reason) for place, name, reason in mapped.notes]
        if not mapped.too_long:
            return good
        for place in mapped.too_long:
            refusals[good.indexes[place]] = self._mapper.refusal(
                good.rows[place], "external_id_too_long", EXTERNAL_ID_TOO_LONG
            )
        return good.without({*mapped.too_long})

    def _with_address(
        self, rows: Sequence[Row | Unreadable], refusals: dict[int, Refusal], noted: list[RowNoted]
    ) -> GoodRows:
        """Return those of *rows* that have a good e-mail address; put the others among *refusals*."""
        emails = self._mapper.emails(rows)
        if not all(emails):
            for index, row in enumerate(rows):
                if not emails[index]:
                    email = Refusal(row.reason, row.told, {}) if type(row) is Unreadable else self._mapper.email(row)
                    noted += self._take_notes(index)
                    if type(email) is Refusal:
                        refusals[index] = email
                    else:
                        emails[index] = email
        good = GoodRows(range(len(rows)), rows, emails)
        return good.without(refusals) if refusals else good

    def _take_notes(self, index: int) -> list[RowNoted]:
        """Return what the mapper has noted about row *index*."""
        noted = [RowNoted(index, name, reason) for name, reason in self._mapper.notes]
        self._mapper.notes.clear()
        return noted

    def _look_closer(self, good: GoodRows, noted: list[RowNoted]) -> None:
        """Map *good* rows again whose texts may hold what nobody means; *noted* then has what is noted about all."""
        places = needing_care(good.profiles)
        if not places:
            return
        good.again = {*places}
        again = {good.indexes[place] for place in places}
        noted[:] = [each for each in noted if each.row not in again or each.field == "email"]
        claimed = {name: [*good.values[name]] for name in self._claimed}
        for place in places:
            mapped = self._mapper.map(good.rows[place], good.emails[place])
            noted += self._take_notes(good.indexes[place])
            good.profiles[place] = self._encode(mapped)
            for name, values in claimed.items():
                values[place] = mapped.get(name)
        good.values |= claimed

    def _unsent(self, good: GoodRows) -> dict[int, Outcome]:
        """Return the places of *good* rows whose profiles are too large, and of duplicates, with the outcomes."""
        unsent: dict[int, Outcome] = {}
        emails, places = good.emails, range(len(good.emails))
        if max(map(len, good.profiles), default=0) > MAX_PROFILE_BYTES:
            unsent = {
                place: too_large(profile, emails[place])
                for place, profile in enumerate(good.profiles)
                if len(profile) > MAX_PROFILE_BYTES
            }
        fitting = [place for place in places if place not in unsent] if unsent else places
        known = self._seen.known_among([emails[place] for place in fitting] if unsent else emails)
        return unsent | {fitting[index]: Unsent.DUPLICATE for index in known}

    def _take_out_shared(self, good: GoodRows, outcomes: list[Outcome], unsent: Container[int]) -> Iterator[RowNoted]:
        """Take the identifiers that an earlier row has out of the profiles that are sent; yield a note for each."""
        shared: dict[int, list[str]] = {}
        for name, seen in self._claimed.items():
            values = good.values[name]
            places: Sequence[int] = range(len(values))
            if unsent or None in values:
                places = [place for place, value in enumerate(values) if value is not None and place not in unsent]
                values = [values[place] for place in places]
            for known in seen.known_among(values):
                shared.setdefault(places[known], []).append(name)
        for place, names in shared.items():
            index = good.indexes[place]
            outcomes[index] = self._without(names, good, place)
            yield from (RowNoted(index, name, "shared_identifier") for name in names)

    def _without(self, names: Container[str], good: GoodRows, place: int) -> Profile:
        """Return the profile of a good row without the attributes *names*."""
        if place not in good.again:
            values = {name: each[place] for name, each in good.values.items()}
            return self._page_mapper.without(names, good.emails[place], values)
        mapped = self._mapper.map(good.rows[place], good.emails[place])
        self._mapper.notes.clear()
        return self._encode({name: mapped[name] for name in mapped if name not in names})
