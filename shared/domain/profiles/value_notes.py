"""What the mapping did to values: left them out, changed them, or sent them although they look odd."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.domain.profiles.note_reasons import LEFT_OUT, effect_of

MOST_PLACES = 5
"""So many rows are named for each field and reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a file; rows count from 1."""

    blob: str
    row: int


class RowNoted(NamedTuple):
    """Something that was noted: *row* says at which of the rows that are worked on together."""

    row: int
    field: str
    reason: str


@dataclass(slots=True)
class Noted:
    """How often values of one field were noted for one reason, and the first places; mutable."""

    count: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, count: int, places: list[Place]) -> None:
        """Count *count* more values, of which the first stand at *places*."""
        self.count += count
        self.places += places[: MOST_PLACES - len(self.places)]


@dataclass(slots=True)
class ValueNotes:
    """Counts what was noted, by field and reason; mutable.

    A field is an attribute of the profile in full, such as ``phone_number``, ``location.city`` or ``properties.tier``.
    It is empty for what is noted about a whole row, such as ``short_row``.
    """

    noted: dict[tuple[str, str], Noted] = field(default_factory=dict)

    def note_value(self, name: str, why: str, place: Place) -> None:
        """Note one value of the field *name* for the reason *why*, at *place*."""
        noted = self.noted.get((name, why))
        if noted is None:
            noted = self.noted[name, why] = Noted()
        noted.count += 1
        if noted.count <= MOST_PLACES:
            noted.places.append(place)

    def update(self, more: "ValueNotes") -> None:
        """Add what *more* counts; its places come after the places so far."""
        for key, each in more.noted.items():
            self.noted.setdefault(key, Noted()).add(each.count, each.places)

    def left_out(self) -> Counter[str]:
        """Return how many values were left out, by field."""
        counts = Counter[str]()
        for (name, reason), noted in self.noted.items():
            if name and effect_of(reason) == LEFT_OUT:
                counts[name] += noted.count
        return counts
