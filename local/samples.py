"""Makes sample rows of a segment: the same settings give the same rows, so tests can check their outcomes."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from random import Random
from typing import Any

import orjson

from local.parquet_files import parquet_file

BLOCK_ROWS = 5_000
FORMATS = ("ndjson", "csv", "parquet")


class Kind(StrEnum):
    """The outcome that a sample row must have."""

    GOOD = "good"
    DUPLICATE = "duplicate"
    BAD = "bad"
    """The export refuses the row before sending."""
    REFUSED = "refused"
    """The simulator refuses the row at once."""
    LATE = "late"
    """The simulator refuses the row in the import job."""


@dataclass(frozen=True, slots=True)
class SampleSpec:
    """The number of rows, and how many percent of them are bad or repeat an earlier e-mail address."""

    rows: int
    bad: float = 0.0
    duplicates: float = 0.0
    seed: int = 1


MAPPING: dict[str, Any] = {
    "email": "EMail",
    "external_id": "CustomerId",
    "first_name": "FirstName",
    "last_name": "LastName",
    "phone_number": "Phone",
    "location": {"city": "City", "country": "Country"},
    "properties": {"loyalty_tier": "LoyaltyTier", "points": "Points", "last_purchase": "LastPurchase"},
}
"""The mapping for the sample rows; it leaves out their columns `Birthday` and `Notes`."""
PHONE_REGION = "UA"


def sample_rows(spec: SampleSpec) -> Iterator[tuple[Kind, dict[str, Any]]]:
    """Yield the rows of *spec* in order, each with the outcome that it must have."""
    chance = Random(spec.seed)
    emails: list[str] = []
    for number in range(1, spec.rows + 1):
        kind = _kind(chance, spec, has_earlier=bool(emails))
        row = _row(number, chance, spec.seed)
        if kind is Kind.DUPLICATE:
            row["EMail"] = chance.choice(emails).upper()
        elif kind is Kind.BAD:
            row["EMail"] = chance.choice(_BAD_EMAILS).format(number)
        elif kind is not Kind.GOOD:
            row["EMail"] = f"customer{number}@{kind.value}.example.com"
        elif len(emails) < _REMEMBERED:
            emails.append(row["EMail"])
        yield kind, row


def sample_file(spec: SampleSpec, file_format: str) -> Iterator[bytes]:
    """Yield the bytes of a file with the rows of *spec*, one block at a time."""
    return written((row for _, row in sample_rows(spec)), file_format)


def written(rows: Iterator[dict[str, Any]], file_format: str, *, has_header: bool = True) -> Iterator[bytes]:
    """Yield the bytes of a file with *rows*; CSV may go without its header."""
    match file_format:
        case "ndjson":
            return _ndjson(rows)
        case "parquet":
            return parquet_file(blocks_of(rows))
        case _:
            return _csv(rows, has_header=has_header)


def blocks_of(rows: Iterator[dict[str, Any]], size: int = BLOCK_ROWS) -> Iterator[list[dict[str, Any]]]:
    """Yield *rows* in lists of *size* rows; the last one may be shorter, none is empty."""
    while block := list(islice(rows, size)):
        yield block


def _kind(chance: Random, spec: SampleSpec, *, has_earlier: bool) -> Kind:
    drawn = chance.random() * _WHOLE
    if drawn < spec.bad:
        return chance.choice(_BAD_KINDS)
    if drawn < spec.bad + spec.duplicates and has_earlier:
        return Kind.DUPLICATE
    return Kind.GOOD


def _row(number: int, chance: Random, seed: int) -> dict[str, Any]:
    drawn = chance.getrandbits(64)
    first = _FIRST_NAMES[drawn % len(_FIRST_NAMES)]
    last = _LAST_NAMES[(drawn >> 8) % len(_LAST_NAMES)]
    city, country = _CITIES[(drawn >> 16) % len(_CITIES)]
    return {
        "CustomerId": f"C{seed}-{number:08d}",
        "EMail": f"{_PLAIN[first]}.{_PLAIN[last]}{number}@{_DOMAINS[(drawn >> 24) % len(_DOMAINS)]}",
        "FirstName": first,
        "LastName": last,
        "Phone": _phone(drawn >> 32),
        "City": city,
        "Country": country,
        "LoyaltyTier": _TIERS[(drawn >> 40) % len(_TIERS)],
        "Points": (drawn >> 44) % 10_000,
        "LastPurchase": f"2026-{(drawn >> 48) % 12 + 1:02d}-{(drawn >> 52) % 28 + 1:02d}",
        "Birthday": f"19{(drawn >> 56) % 50 + 50}-{(drawn >> 48) % 12 + 1:02d}-15",
        "Notes": _NOTES[(drawn >> 60) % len(_NOTES)],
    }


def _phone(drawn: int) -> str:
    """Return a phone number as people write it.

    Most have a country code, some have the national form, a few are too short.
    """
    number = f"{drawn % 10_000_000:07d}"
    match drawn % 50:
        case 0:
            return f"067 {number[:3]} {number[3:]}"
        case 1:
            return f"12-{number[:2]}"
        case _:
            return f"+38067{number}"


def _ndjson(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for block in blocks_of(rows):
        yield b"".join([orjson.dumps(row) + b"\n" for row in block])


def _csv(rows: Iterator[dict[str, Any]], *, has_header: bool) -> Iterator[bytes]:
    header_is_written = not has_header
    for block in blocks_of(rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(block[0]))
        if not header_is_written:
            writer.writeheader()
            header_is_written = True
        writer.writerows(block)
        yield text.getvalue().encode()


_WHOLE = 100.0
_REMEMBERED = 10_000
_BAD_KINDS = (*[Kind.BAD] * 18, Kind.REFUSED, Kind.LATE)
_BAD_EMAILS = ("customer{}", "customer..{}@example.com", "customer{}@example", "customer {}@example.com", "")
_PLAIN = {
    "Olena": "olena",
    "Taras": "taras",
    "Zoë": "zoe",
    "José": "jose",
    "Søren": "soren",
    "Мар'яна": "maryana",  # noqa: RUF001 - a name as people write it
    "Anna-Lena": "anna-lena",
    "Liam": "liam",
    "Shevchenko": "shevchenko",
    "O'Brien": "o'brien",
    "Müller": "mueller",
    "Kovalenko": "kovalenko",
    "García": "garcia",
    "Nguyen": "nguyen",
    "Smith, Jr.": "smith",
}
_FIRST_NAMES = tuple(_PLAIN)[:8]
_LAST_NAMES = tuple(_PLAIN)[8:]
_DOMAINS = ("example.com", "example.org", "mail.example.net", "shop.example.co.uk")
_CITIES = (("Kyiv", "Ukraine"), ("Lviv", "Ukraine"), ("Köln", "Germany"), ("Cork", "Ireland"), ("Sevilla", "Spain"))
_TIERS = ("bronze", "silver", "gold", "platinum")
_NOTES = ("", 'likes "blue"', "call\nin the morning", "no flowers; no chocolate")
