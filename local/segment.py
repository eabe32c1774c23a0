"""Sample rows of a segment: the same rows for the same wish, so that what becomes of them can be checked."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

import orjson

BLOCK_ROWS = 5_000
FORMATS = ("ndjson", "csv")


class Kind(StrEnum):
    """What should become of a sample row."""

    GOOD = "good"
    DUPLICATE = "duplicate"
    BAD = "bad"
    """Refused by the export, before it is sent."""
    REFUSED = "refused"
    """Refused by the simulator at once."""
    LATE = "late"
    """Refused by the simulator in the import job."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How many rows, and how many of 100 are bad or duplicates of an earlier one."""

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
"""Fits the sample rows; their columns `Birthday` and `Notes` stay at home."""
PHONE_REGION = "UA"


def sample_rows(wish: Wish) -> Iterator[tuple[Kind, dict[str, Any]]]:
    """Yield the rows of *wish* in order, each with what should become of it."""
    chance = Random(wish.seed)
    emails: list[str] = []
    for number in range(1, wish.rows + 1):
        kind = _kind(chance, wish, has_earlier=bool(emails))
        row = _row(number, chance)
        if kind is Kind.DUPLICATE:
            row["EMail"] = chance.choice(emails).upper()
        elif kind is Kind.BAD:
            row["EMail"] = chance.choice(_BAD_EMAILS).format(number)
        elif kind is not Kind.GOOD:
            row["EMail"] = f"customer{number}@{kind.value}.example.com"
        elif len(emails) < _REMEMBERED:
            emails.append(row["EMail"])
        yield kind, row


def sample_file(wish: Wish, file_format: str) -> Iterator[bytes]:
    """Yield the rows of *wish* as a file, a block at a time."""
    rows = (row for _, row in sample_rows(wish))
    return _ndjson(rows) if file_format == "ndjson" else _csv(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--rows", type=int, required=True, help="how many rows")
    parser.add_argument("--bad", type=float, default=0.0, metavar="PERCENT", help="how many of 100 rows are bad")
    parser.add_argument("--duplicates", type=float, default=0.0, metavar="PERCENT", help="… repeat an e-mail address")
    parser.add_argument("--format", choices=FORMATS, default="ndjson")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")


async def run(arguments: argparse.Namespace) -> int:
    """Write the file to standard output."""
    wish = Wish(arguments.rows, arguments.bad, arguments.duplicates, arguments.seed)
    for block in sample_file(wish, arguments.format):
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()
    return 0


def _kind(chance: Random, wish: Wish, *, has_earlier: bool) -> Kind:
    drawn = chance.random() * 100
    if drawn < wish.bad:
        return chance.choice(_BAD_KINDS)
    if drawn < wish.bad + wish.duplicates and has_earlier:
        return Kind.DUPLICATE
    return Kind.GOOD


def _row(number: int, chance: Random) -> dict[str, Any]:
    drawn = chance.getrandbits(64)
    first = _FIRST_NAMES[drawn % len(_FIRST_NAMES)]
    last = _LAST_NAMES[(drawn >> 8) % len(_LAST_NAMES)]
    city, country = _CITIES[(drawn >> 16) % len(_CITIES)]
    return {
        "CustomerId": f"C-{number:08d}",
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
    """Return a number as people write them: most in full, some for their own country, a few wrong."""
    number = f"{drawn % 10_000_000:07d}"
    match drawn % 50:
        case 0:
            return f"067 {number[:3]} {number[3:]}"
        case 1:
            return f"12-{number[:2]}"
        case _:
            return f"+38067{number}"


def _ndjson(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for block in _blocks(rows):
        yield b"".join([orjson.dumps(row) + b"\n" for row in block])


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    header_is_written = False
    for block in _blocks(rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(block[0]))
        if not header_is_written:
            writer.writeheader()
            header_is_written = True
        writer.writerows(block)
        yield text.getvalue().encode()


def _blocks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    block: list[dict[str, Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK_ROWS:
            yield block
            block = []
    if block:
        yield block


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
