"""The expected outcome of every row of a segment, computed without the product's code."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from local.chaos.rows import QUOTES, has_open_quote, stray_quotes
from local.samples import Kind, SampleSpec, sample_rows

Place = tuple[str, int]
"""The path of a file in the container, and the number of a row in that file, from 1."""


@dataclass(frozen=True, slots=True)
class SegmentSpec:
    """A segment: the name of its folder, and the sample rows of each file.

    *refusal* is the code of the sentence with which each of its runs must fail; None where a run can read it.
    """

    name: str
    files: Mapping[str, SampleSpec]
    refusal: str | None = None

    def rows(self, file: str) -> Iterator[tuple[Kind, dict[str, Any]]]:
        """Yield the rows of *file*.

        The segment's name begins each address: no person is in two segments, so exports do not change each other's
        profiles.
        """
        for number, (drawn, row) in enumerate(sample_rows(self.files[file]), 1):
            if row["EMail"]:
                row["EMail"] = f"{self.name}.{row['EMail']}"
            if file == QUOTES:
                row |= {"LastName": row["LastName"].replace(",", ""), "Notes": stray_quotes(number)}
            yield Kind.BAD if file == QUOTES and has_open_quote(number) else drawn, row


class Owners:
    """Tells which identifiers an earlier row has, so that a later row goes without them; mutable."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {"external_id": set(), "phone_number": set()}

    def first_of(self, made: dict[str, Any]) -> dict[str, Any]:
        """Return *made*, the profile of a row that is sent, without the identifiers that an earlier row has."""
        for name, seen in self._seen.items():
            if made.get(name) in seen:
                del made[name]
            elif name in made:
                seen.add(made[name])
        return made


@dataclass(slots=True)
class Expected:
    """The expected outcomes of a segment's rows. `expected_of` makes them; mutable.

    *good*: profiles that must be on the list; e-mail address → place and hash of the attributes.
    *late*: profiles that the import job refuses; e-mail address → place.
    *refused*: places of rows that Klaviyo refuses at once.
    *bad*: places of rows that the export refuses before sending.
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
    _owners: Owners = field(default_factory=Owners, repr=False)

    def taken_within(self, spans: Iterable[Sequence[Any]]) -> int:
        """Return how many rows of *spans* (file, first, last) become profiles that Klaviyo accepts with 202."""
        return sum(
            bisect_right(self._taken[file], last) - bisect_left(self._taken[file], first) for file, first, last in spans
        )

    def add(self, place: Place, kind: Kind, row: dict[str, Any]) -> None:
        """Add one row; rows come in the order of the files."""
        self.rows += 1
        email = row["EMail"].lower()
        if kind is Kind.BAD:
            self.bad.add(place)
        elif email in self._seen:
            self.duplicates += 1
        else:
            self._seen.add(email)
            made = self._owners.first_of(profile(row, email, is_text=".csv" in place[0]))
            self.phones_left_out += "phone_number" not in made
            self._send(place, kind, made)

    def _send(self, place: Place, kind: Kind, made: dict[str, Any]) -> None:
        if kind is Kind.REFUSED:
            self.refused.add(place)
            return
        self._taken[place[0]].append(place[1])
        if kind is Kind.LATE:
            self.late[made["email"]] = place
        else:
            self.good[made["email"]] = (place, attributes_hash(made))


def expected_of(segment: SegmentSpec, *, first: int | None = None) -> Expected:
    """Return the expected outcome of every row of *segment*, or of its *first* rows alone."""
    expected = Expected()
    for file in sorted(segment.files):
        for number, (kind, row) in enumerate(segment.rows(file), 1):
            if expected.rows == first:
                return expected
            expected.add((f"{segment.name}/{file}", number), kind, row)
    return expected


def profile(row: dict[str, Any], email: str, *, is_text: bool) -> dict[str, Any]:
    """Return the expected profile of a good *row*; *is_text* when the file has no numbers, as CSV has none."""
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
    """Return a sample number in E.164 form, None for one that is too short.

    Example: ``067 123 4567`` gives ``+380671234567``.
    """
    if written.startswith("+"):
        return written
    return "+38" + written.replace(" ", "") if written.startswith("067") else None


def attributes_hash(attributes: dict[str, Any]) -> int:
    """Return a hash of *attributes*, valid within this process only; a million of them fit into memory."""
    return hash(orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS))
