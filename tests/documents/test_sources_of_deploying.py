"""docs/deploy.md says of each statement about Azure, and of each price, whether it was read, and where and when."""

import re
from pathlib import Path

import pytest

from tests.infra.snapshots.evaluated import GIVEN

TEXT = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
BODY, _, SOURCES = TEXT.partition("\n## Where it was read\n")
NOTES = dict(re.findall(r"^\[\^([a-z-]+)\]: (.+)$", SOURCES, re.MULTILINE))
WHEN = re.compile(r"\b20[12]\d\b|\b\d+\.\d+\.\d+\b|\b20\d\d-\d\d-\d\d\b")
"""The day, the year or the version of what was read."""
TIMES = "\N{MULTIPLICATION SIGN}"
PRICES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.split("| price | unit | how sure |")[1].split("\n\n")[0].splitlines()[2:]
]


def test_every_statement_that_has_a_note_finds_it_and_every_note_belongs_to_one() -> None:
    used = re.findall(r"\[\^([a-z-]+)\]", BODY)
    assert len(NOTES) > 40
    assert set(used) == NOTES.keys()


@pytest.mark.parametrize("name", NOTES)
def test_a_note_says_whether_it_was_read_and_then_of_which_day_or_version(name: str) -> None:
    kind = re.match(r"(Read|Expected)\b", NOTES[name])
    assert kind, NOTES[name]
    assert kind[1] == "Expected" or WHEN.search(NOTES[name]), NOTES[name]


@pytest.mark.parametrize(
    "heading",
    [
        "What you need",
        "With one click",
        "With one command",
        "With two commands, and the code",
        "Parameters",
        "What is made, and what it costs",
        "The first key",
        "Entra ID instead of function keys",
        "A network of your own",
        "Who tells you",
        "Customer Insights as the writer",
        "When you may not assign roles",
        "Another environment, and another region",
        "Removal",
    ],
)
def test_every_part_that_speaks_of_azure_has_notes(heading: str) -> None:
    assert "[^" in BODY.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("price", PRICES, ids=lambda price: " ".join(price[:2]))
def test_a_price_was_read_on_a_day_or_is_a_guess(price: list[str]) -> None:
    _, _, kind, where = price
    assert kind == "guess" or (kind == "read" and WHEN.search(where))


def test_what_is_counted_with_a_guess_says_so() -> None:
    read = {each for price, _, kind, _ in PRICES if kind == "read" for each in re.findall(r"\d[\d.]*", price)}
    guessed = {
        each for price, _, kind, _ in PRICES if kind == "guess" for each in re.findall(r"\d[\d.]*", price)
    } - read
    assert {"1.50", "0.50", "0.087", "0.01"} <= guessed
    costs = BODY.split("\n### Idle\n")[1].split("\n### Where the prices are from\n")[0]
    multiplied = re.compile(rf"{TIMES} (?:{'|'.join(map(re.escape, sorted(guessed)))})(?![\d.]*\d)")
    lines = [line for line in costs.splitlines() if multiplied.search(line) and "**all**" not in line]
    assert len(lines) >= 4
    assert [line for line in lines if "(guess" not in line] == []


def test_every_price_that_is_counted_with_is_in_the_table() -> None:
    known = {each for price, *_ in PRICES for each in re.findall(r"\d[\d.]*", price)}
    costs = BODY.split("\n### Idle\n")[1].split("\n### Where the prices are from\n")[0]
    used = set(re.findall(rf"{TIMES} (\d+\.\d+) = ", costs))
    assert {"0.0625", "2.76"} <= used
    assert used <= known


def test_every_parameter_that_opens_closes_or_watches_something_has_its_price() -> None:
    table = BODY.split("\n### What a parameter adds\n")[1].split("\n### ")[0]
    of_networks = {"allowedAddresses", "addressSpace", "appSubnetId", "endpointsSubnetId", "dnsZonesGroupId"}
    beside = {"entraClientId", "budgetStart", *of_networks}
    given = {name for each in ("watched", "with-package", "admin-isolation", "private-entra") for name in GIVEN[each]}
    assert {"packageUri", "network", "protect"} <= given
    assert {name for name in given - beside if f"`{name}" not in table} == set()
