"""What must become of every row of a segment, worked out without the product's code."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from local.segment import Kind, Wish, sample_rows

Place = tuple[str, int]
"""A file, by its path in the container, and the number of a row in it, from 1."""


@dataclass(frozen=True, slots=True)
class SegmentWish:
    """A segment: its folder, and what each of its files holds."""

    name: str
    files: Mapping[str, Wish]

    def rows(self, file: str) -> Iterator[tuple[Kind, dict[str, Any]]]:
        """Yield the rows of *file*; nobody is in two segments, so that no export changes what another one has sent."""
        for kind, row in sample_rows(self.files[file]):
            if row["EMail"]:
                row["EMail"] = f"{self.name}.{row['EMail']}"
            yield kind, row


@dataclass(slots=True)
class Truth:
    """The outcome that each row of a segment must have; made by `truth_of`, mutable while it is made.

    *good* gives the place of each profile that must be on the list, and a print of its attributes; *late* the place
    of each that Klaviyo takes and refuses later, *refused* those that it refuses at once, *bad* those that are not
    sent at all.
    """

    rows: int = 0
    duplicates: int = 0
    phones_left_out: int = 0
    good: dict[str, tuple[Place, int]] = field(default_factory=dict, repr=False)
    late: dict[str, Place] = field(default_factory=dict, repr=False)
    refused: set[Place] = field(default_factory=set, repr=False)
    bad: set[Place] = field(default_factory=set, repr=False)
    _taken: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _seen: set[str] = field(default_factory=set, repr=False)

    def taken_within(self, spans: Iterable[Sequence[Any]]) -> int:
        """Return how many rows of *spans* (file, first, last) are profiles that Klaviyo takes at first."""
        return sum(
            bisect_right(self._taken[file], last) - bisect_left(self._taken[file], first) for file, first, last in spans
        )

    def add(self, place: Place, kind: Kind, row: dict[str, Any]) -> None:
        """Take one more row, in the order of the files."""
        self.rows += 1
        email = row["EMail"].lower()
        if kind is Kind.BAD:
            self.bad.add(place)
        elif email in self._seen:
            self.duplicates += 1
        else:
            self._seen.add(email)
            self.phones_left_out += phone(row["Phone"]) is None
            self._send(place, kind, row, email)

    def _send(self, place: Place, kind: Kind, row: dict[str, Any], email: str) -> None:
        if kind is Kind.REFUSED:
            self.refused.add(place)
            return
        self._taken[place[0]].append(place[1])
        if kind is Kind.LATE:
            self.late[email] = place
        else:
            self.good[email] = (place, print_of(profile(row, email, is_text=".csv" in place[0])))


def truth_of(segment: SegmentWish) -> Truth:
    """Return what must become of the rows of *segment*."""
    truth = Truth()
    for file in sorted(segment.files):
        for number, (kind, row) in enumerate(segment.rows(file), 1):
            truth.add((f"{segment.name}/{file}", number), kind, row)
    return truth


def profile(row: dict[str, Any], email: str, *, is_text: bool) -> dict[str, Any]:
    """Return the profile that must come of a good *row*; *is_text* where the file knows no numbers."""
    made = {
        "email": email,
        "external_id": row["CustomerId"],
        "first_name": row["FirstName"],
        "last_name": row["LastName"],
        "location": {"city": row["City"], "country": row["Country"]},
        "properties": {
            "loyalty_tier": row["LoyaltyTier"],
            "points": str(row["Points"]) if is_text else row["Points"],
            "last_purchase": row["LastPurchase"],
        },
    }
    if number := phone(row["Phone"]):
        made["phone_number"] = number
    return made


def phone(written: str) -> str | None:
    """Return the E.164 form of a sample row's number: most have it, some are national, some are too short."""
    if written.startswith("+"):
        return written
    return "+38" + written.replace(" ", "") if written.startswith("067") else None


def print_of(attributes: dict[str, Any]) -> int:
    """Return a number that stands for *attributes*, within this process: a million of them must fit into memory."""
    return hash(orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS))
