"""Names of folders that are dates."""

import re
from datetime import UTC, datetime
from enum import Enum


class DateKind(Enum):
    """How the dates are written; the value shows it to people."""

    TREE = "yyyy/MM/dd"
    """A folder each for year, month and day, and maybe one for the time (``HHmm``)."""
    DAY = "yyyy-MM-dd"
    KEYED = "date=yyyy-MM-dd"
    STAMP = "yyyyMMddTHHmm"


def kind_of_date(step: str) -> DateKind | None:
    """Return how the name *step* of a folder in a segment writes a date, None where it writes none."""
    return next((kind for kind in DateKind if moment_of(kind, step) is not None), None)


def moment_of(kind: DateKind, path: str) -> datetime | None:
    """Return the moment that *path* writes in this *kind*, its beginning where *path* leaves the rest open.

    Example: ``2026/11`` in a `DateKind.TREE` is 1 November 2026, 00:00. What zone is meant is not known; UTC is taken.
    """
    found = _PATTERNS[kind](path)
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(part or least) for part, least in zip(found.groups(), _LEAST, strict=True)
    )
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


_YEAR = "((?:19|20|21)[0-9]{2})"
_TWO = "([0-9]{2})"
_NONE = "()"
_LEAST = (1, 1, 1, 0, 0, 0)
_PATTERNS = {
    DateKind.TREE: re.compile(f"{_YEAR}(?:/{_TWO}(?:/{_TWO}(?:/{_TWO}{_TWO})?)?)?{_NONE}").fullmatch,
    DateKind.DAY: re.compile(f"{_YEAR}-{_TWO}-{_TWO}{_NONE * 3}").fullmatch,
    DateKind.KEYED: re.compile(f"date={_YEAR}-{_TWO}-{_TWO}{_NONE * 3}").fullmatch,
    DateKind.STAMP: re.compile(f"{_YEAR}{_TWO}{_TWO}T{_TWO}{_TWO}(?:{_TWO})?Z?").fullmatch,
}
