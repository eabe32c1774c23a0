"""Segments of which it is known what must become of each row."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.builders import csv_file, ndjson
from tests.real_files.parquet.written import parquet_rows


class Kind(StrEnum):
    """What must become of a row."""

    GOOD = "good"
    DUPLICATE = "duplicate"
    BAD = "bad"
    """It is no profile, and refused by us."""
    DOOR = "door"
    """Klaviyo refuses it at once."""
    LATE = "late"
    """Klaviyo's job refuses it."""


TAKEN = (Kind.GOOD, Kind.LATE)
"""What Klaviyo takes at first."""


LONG_CODE = "x" * 300
"""Klaviyo takes no such external_id; of no matter as long as the mapping does not name its column ``Code``."""


@dataclass(frozen=True)
class KnownRow:
    """A row, where it stands, and what must become of it."""

    blob: str
    number: int
    kind: Kind
    email: str

    @property
    def has_long_code(self) -> bool:
        """Tell whether stricter rules would refuse it."""
        return self.number % 4 == 0

    def document(self) -> dict[str, str]:
        """Return the row as it stands in its file."""
        code = LONG_CODE if self.has_long_code else "1"
        return {"EMail": self.email, "FirstName": f"Name {self.number}", "Code": code}


TEXTS = ("ndjson", "csv")
COLUMNS = ("parquet",)
GROUP_ROWS = 4
"""So many rows has a row group of a Parquet file."""


class KnownSegment:
    """A segment of files, and what must become of each of its rows, in order.

    The files have *endings* in turn. *folder* is the dated folder in which they lie.
    """

    def __init__(
        self,
        name: str,
        kinds: Iterable[Iterable[Kind]],
        *,
        first: int = 1,
        endings: Sequence[str] = TEXTS,
        folder: str | None = None,
    ) -> None:
        self.name = name
        self.rows: list[KnownRow] = []
        self.blobs: dict[str, bytes] = {}
        self._next = first
        place = name if folder is None else f"{name}/{folder}"
        for number, kinds_of_file in enumerate(kinds):
            ending = endings[number % len(endings)]
            self._add_file(f"{place}/{number + 1}.{ending}", list(kinds_of_file))

    def count(self, *kinds: Kind) -> int:
        """Return how many rows there are of *kinds*."""
        return sum(row.kind in kinds for row in self.rows)

    def emails(self, *kinds: Kind) -> list[str]:
        """Return the addresses of the rows of *kinds*."""
        return [row.email for row in self.rows if row.kind in kinds]

    def _add_file(self, blob: str, kinds: list[Kind]) -> None:
        begin = len(self.rows)
        for number, kind in enumerate(kinds, 1):
            self.rows.append(KnownRow(blob, number, kind, self._email(kind)))
        rows = [row.document() for row in self.rows[begin:]]
        if blob.endswith(".parquet"):
            self.blobs[blob] = parquet_rows(rows, row_group_size=GROUP_ROWS)
        else:
            self.blobs[blob] = csv_file(rows, rows[0]) if blob.endswith(".csv") else ndjson(rows)

    def _email(self, kind: Kind) -> str:
        if kind is Kind.DUPLICATE:
            return self.rows[0].email.upper()
        if kind is Kind.BAD:
            return "nobody"
        self._next += 1
        return f"{kind}{self._next}@example.com"


def drawn_kinds(seed: int, rows: int) -> list[Kind]:
    """Return kinds of *rows* rows, the first one good, so that there is something to be a duplicate of."""
    draw = random.Random(seed)  # noqa: S311 - test data
    mixed = [*[Kind.GOOD] * 6, Kind.DUPLICATE, Kind.BAD, Kind.DOOR, Kind.LATE]
    return [Kind.GOOD, *(draw.choice(mixed) for _ in range(rows - 1))]
