"""The rows of a page that make profiles."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from shared.domain.profiles.outcome import Profile


@dataclass(slots=True)
class GoodRows:
    """Rows that make profiles, in order; mutable. Row ``rows[i]`` stands at ``indexes[i]`` of its page.

    *values* has for each field with a column its value in each row, or None. There may be no *profiles* and no *values*
    yet. *again* has the places of rows whose values were looked at again; only their identifiers are in *values*.
    """

    indexes: Sequence[int]
    rows: Sequence[Any]
    emails: list[str]
    profiles: list[Profile] = field(default_factory=list)
    values: dict[str, Sequence[Any]] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)

    def without(self, places: Container[int]) -> Self:
        """Return all but the rows at *places*."""
        kept = [place for place in range(len(self.indexes)) if place not in places]

        def some(values: Sequence[Any]) -> list[Any]:
            return [values[place] for place in kept]

        values: dict[str, Sequence[Any]] = {name: some(each) for name, each in self.values.items()}
        profiles = some(self.profiles) if self.profiles else []
        return type(self)(some(self.indexes), some(self.rows), some(self.emails), profiles, values)
