"""The document for the person on call has a section for each alert, and the table of what the app logs is whole."""

import re
from dataclasses import fields

from shared.domain.events import EVENTS
from tests.infra.queries import alert_queries
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.sources import ROOT
from tests.infra.snapshots.templates import parameters

OPERATIONS = (ROOT / "docs/operations.md").read_text()


def section(title: str) -> str:
    return OPERATIONS.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_each_alert_has_a_section_under_the_title_that_it_is_raised_with() -> None:
    titles = re.findall(r"^### (.+)$", section("Alerts"), re.MULTILINE)
    assert len(titles) == len(set(titles))
    assert set(titles) == alert_queries(kept("default")).keys()


def test_the_numbers_of_the_alerts_are_the_defaults_of_the_deployment() -> None:
    told = dict(re.findall(r"(\d+) (?:% of its rows|hours|days) \(`(alert\w+)`\)", section("Alerts")))
    defaults = {name: each["defaultValue"] for name, each in parameters().items() if name.startswith("alert")}
    assert {name: int(number) for number, name in told.items()} == {
        name: value for name, value in defaults.items() if isinstance(value, int)
    }


def test_a_parameter_that_is_named_is_one_of_the_deployment() -> None:
    named = re.findall(r"`((?:alert|log)[A-Z]\w+)`", section("Alerts"))
    assert len(named) > 3
    assert set(named) <= parameters().keys()


def test_every_event_is_told_of_with_all_its_fields() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+) \|$", section("What the app logs for its monitoring"), re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", cell) for name, cell in rows}
    assert told == {event.name: [field.name for field in fields(event)] for event in EVENTS}
