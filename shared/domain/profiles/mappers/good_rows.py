"""The rows of a page that make profiles."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from shared.domain.profiles.outcome import Profile


@dataclass(slots=True)
class GoodRows:
    """Rows that make profiles, in order; mutable. Row ``rows[i]`` stands at ``indexes[i]`` of its page.

    *identifiers* has for each attribute that must be nobody else's its value in each row, or None. There may be no
    *profiles* and no *identifiers* yet.
    """

    indexes: Sequence[int]
    rows: Sequence[Any]
    emails: list[str]
    profiles: list[Profile] = field(default_factory=list)
    identifiers: dict[str, list[Any]] = field(default_factory=dict)

    def without(self, places: Container[int]) -> Self:
        """Return all but the rows at *places*."""
        kept = [place for place in range(len(self.indexes)) if place not in places]

        def some(values: Sequence[Any]) -> list[Any]:
            return [values[place] for place in kept]

        identifiers = {name: some(values) for name, values in self.identifiers.items()}
        profiles = some(self.profiles) if self.profiles else []
        return type(self)(some(self.indexes), some(self.rows), some(self.emails), profiles, identifiers)
