"""Makes sample rows of a segment: the same settings give the same rows, so tests can check their outcomes."""

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

from local.processes import LocalProblem

BLOCK_ROWS = 5_000
FORMATS = ("ndjson", "csv")


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
    rows = (row for _, row in sample_rows(spec))
    return _ndjson(rows) if file_format == "ndjson" else _csv(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--rows", type=int, required=True, help="the number of rows")
    parser.add_argument("--bad", type=float, default=0.0, metavar="PERCENT", help="this share of the rows is bad")
    parser.add_argument(
        "--duplicates", type=float, default=0.0, metavar="PERCENT", help="this share repeats an earlier e-mail address"
    )
    parser.add_argument("--format", choices=FORMATS, default="ndjson")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")


async def run(arguments: argparse.Namespace) -> int:
    """Write the file to standard output; raises `LocalProblem` for numbers that no file can have."""
    spec = SampleSpec(arguments.rows, arguments.bad, arguments.duplicates, arguments.seed)
    _check(spec)
    for block in sample_file(spec, arguments.format):
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()
    return 0


def _check(spec: SampleSpec) -> None:
    if spec.rows < 0:
        raise LocalProblem(f"--rows must be a whole number from 0 on, not {spec.rows}.")
    for name, percent in (("--bad", spec.bad), ("--duplicates", spec.duplicates)):
        if not 0 <= percent <= _WHOLE:  # also refuses "nan"
            raise LocalProblem(f"{name} must be a number of percent from 0 to 100, not {percent:g}.")
    if spec.bad + spec.duplicates > _WHOLE:
        raise LocalProblem("--bad and --duplicates must not be more than 100 percent together.")


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
