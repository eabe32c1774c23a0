"""Decides what becomes of each row: a profile to be sent, a duplicate, or a refusal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.outcome import Outcome, Profile, Refusal, Unsent
from shared.domain.profiles.row_mapper import Attributes, RowMapper
from shared.domain.profiles.seen_emails import SeenEmails
from shared.domain.profiles.value_notes import RowNoted
from shared.domain.rows.rows import Row, Unreadable

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
    """Maps rows, encodes the profiles and finds duplicates; mutable: it remembers the e-mail addresses of all rows."""

    def __init__(
        self, mapping: ColumnMapping, *, phone_region: str | None, encode: Encode, expected_rows: int = 0
    ) -> None:
        self._mapper = RowMapper(mapping, phone_region=phone_region)
        self._encode = encode
        self._seen = SeenEmails(expected=expected_rows)

    def sort(self, rows: Sequence[Row | Unreadable]) -> SortedRows:
        """Return what becomes of *rows*, which follow all rows of earlier calls."""
        result = SortedRows()
        outcomes, notes = result.outcomes, self._mapper.notes
        map_row, encode, is_new = self._mapper.map, self._encode, self._seen.add
        for row, email in zip(rows, self._mapper.emails(rows), strict=True):
            outcome: Outcome
            if type(row) is Unreadable:
                outcome = Refusal(row.reason, row.detail, {})
            elif type(mapped := map_row(row, email)) is Refusal:
                outcome = mapped
            elif len(profile := encode(mapped)) > MAX_PROFILE_BYTES:
                outcome = _too_large(profile, mapped)
            else:
                outcome = profile if is_new(mapped["email"]) else Unsent.DUPLICATE
            if notes:
                if type(outcome) is bytes:
                    result.notes += [RowNoted(len(outcomes), name, reason) for name, reason in notes]
                notes.clear()
            outcomes.append(outcome)
        return result


def _too_large(profile: Profile, attributes: Attributes) -> Refusal:
    detail = f"The profile has {len(profile):,} bytes; Klaviyo takes at most {MAX_PROFILE_BYTES:,}."
    return Refusal("profile_too_large", detail, {"email": attributes["email"]})
