"""The alerts and the workbook ask for what the app logs, by the names that the app has, and reach somebody."""

import re
from dataclasses import fields
from typing import Any

import pytest

from shared.domain.events import EVENTS as ALL_EVENTS
from tests.infra.bicep import Expression, text_of
from tests.infra.infrastructure import ALERTS_FILE, Infrastructure
from tests.infra.queries import asked_events, asked_fields

REPOSITORY = Infrastructure.of_the_repository()
QUERIES = {path: text for path, text in REPOSITORY.texts.items() if path.endswith(".kql")}
EVENTS = {event.name: {field.name for field in fields(event)} for event in ALL_EVENTS}
ALERTS: list[dict[str, Any]] = REPOSITORY.files[ALERTS_FILE].variables["alerts"].value
ABOUT = {
    "run-failed": "run_ended",
    "credentials-refused": "credentials_refused",
    "run-stuck": "run_stuck",
    "no-tick": "tick_completed",
    "rejected-share": "run_ended",
    "account-waiting": "run_waiting",
    "secret-expiring": "secret_expiring",
}
"""Each alert, and the event that it is about."""
EXAMPLES: list[tuple[str, dict[str, object], bool]] = [
    ("run-failed", {"status": "failed", "next_run": ""}, True),
    ("run-failed", {"status": "failed", "next_run": "20261123t060000z-6f3a-again"}, False),
    ("run-failed", {"status": "partial", "next_run": ""}, False),
    ("no-tick", {"ticks": 0}, True),
    ("no-tick", {"ticks": 1}, False),
    ("rejected-share", {"read": 100, "rejected": 21}, True),
    ("rejected-share", {"read": 100, "rejected": 20}, False),
    ("rejected-share", {"read": 0, "rejected": 0}, False),
    ("account-waiting", {"waiting_seconds": 10801}, True),
    ("account-waiting", {"waiting_seconds": 10800}, False),
    ("secret-expiring", {"days_left": 30}, True),
    ("secret-expiring", {"days_left": -1}, True),
    ("secret-expiring", {"days_left": 30.5}, False),
]
"""What each alert that compares something is raised for, and what not, with the numbers of the defaults."""
PANELS = {"starts", "runs", "rows-a-minute", "throttling", "batches", "legs", "waiting"}
MINUTES = {"PT5M": 5, "PT10M": 10, "PT15M": 15, "PT1H": 60, "P1D": 1440}
"""The windows in use, all of them among those that Azure allows."""


def test_each_alert_asks_its_own_query_often_enough_about_its_own_event() -> None:
    assert {alert["name"]: asked_events(QUERIES[f"infra/queries/{alert['name']}.kql"]) for alert in ALERTS} == {
        name: {event} for name, event in ABOUT.items()
    }
    for alert in ALERTS:
        assert f"loadTextContent('../queries/{alert['name']}.kql')" in alert["query"].text
        assert MINUTES[alert["frequency"]] <= MINUTES[alert["window"]], alert["name"]
        assert alert["severity"] in (1, 2), alert["name"]
    assert [alert["window"] for alert in ALERTS if alert["name"] == "no-tick"] == ["PT10M"]


@pytest.mark.parametrize(("name", "values", "raised"), EXAMPLES)
def test_an_alert_is_raised_for_the_right_thing(name: str, values: dict[str, object], raised: bool) -> None:
    query = QUERIES[f"infra/queries/{name}.kql"]
    for placeholder, number in (("{percent}", "20"), ("{hours}", "3"), ("{days}", "30")):
        query = query.replace(placeholder, number)
    # Names, numbers, "and" and comparisons: Kusto's words and Python's are the same.
    condition = re.sub(r"tostring\(fields\.(\w+)\)", r"\1", re.findall(r"\| where (?!Message)(.+)", query)[-1])
    assert bool(eval(condition, {"__builtins__": {}}, values)) is raised  # noqa: S307 - a file of ours


def test_every_alert_reaches_somebody() -> None:
    [(_, rules)] = REPOSITORY.resources("Microsoft.Insights/scheduledQueryRules")
    assert "[for alert in alerts: {" in text_of(rules.node)
    assert rules.at("properties.enabled") is rules.at("properties.autoMitigate") is True
    assert rules.at("properties.scopes") == [Expression("workspaceId")]
    assert rules.at("properties.actions.actionGroups") == [Expression("group.id")]
    [criterion] = rules.at("properties.criteria.allOf")
    assert (criterion["operator"], criterion["threshold"]) == ("GreaterThan", 0)
    [(_, group)] = REPOSITORY.resources("Microsoft.Insights/actionGroups")
    assert group.at("properties.enabled") is True
    assert "emailAddress: email " in group.at("properties.emailReceivers").text


@pytest.mark.parametrize("path", QUERIES)
def test_a_query_asks_for_events_and_fields_that_the_app_logs(path: str) -> None:
    events, read = asked_events(QUERIES[path]), asked_fields(QUERIES[path])
    assert events
    assert events <= EVENTS.keys()
    assert read <= {field for name in events for field in EVENTS[name]}
    assert not read or "| extend fields = parse_json(Message)\n" in QUERIES[path]


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_asked_for_with_all_its_fields(name: str) -> None:
    asking = [query for query in QUERIES.values() if name in asked_events(query)]
    assert asking
    assert EVENTS[name] - {field for query in asking for field in asked_fields(query)} == set()


def test_an_alert_is_split_by_what_its_query_returns() -> None:
    variables = REPOSITORY.files[ALERTS_FILE].variables
    for alert in ALERTS:
        dimensions = alert["dimensions"]
        for each in variables[dimensions.text].value if isinstance(dimensions, Expression) else dimensions:
            split = f"{each['name']} = tostring(fields.{each['name']})"
            assert split in QUERIES[f"infra/queries/{alert['name']}.kql"], alert["name"]


def test_the_numbers_in_the_queries_are_filled_in_and_every_query_is_in_use() -> None:
    bicep = "".join(text for path, text in REPOSITORY.texts.items() if path.endswith(".bicep"))
    for path, query in QUERIES.items():
        load = f"loadTextContent('../{path.removeprefix('infra/')}')"
        assert load in bicep
        for name in re.findall(r"\{(\w+)\}", query):
            assert f"replace({load}, '{{{name}}}', string(" in bicep, path


def test_the_workbook_shows_what_is_needed() -> None:
    panels = REPOSITORY.files["infra/modules/workbook.bicep"].variables["panels"].value
    assert {panel["query"].text for panel in panels} == {f"loadTextContent('../queries/{name}.kql')" for name in PANELS}
    [(_, workbook)] = REPOSITORY.resources("Microsoft.Insights/workbooks")
    # Azure takes the contents as one text, and shows an empty workbook for anything else.
    assert workbook.at("properties.serializedData").text.startswith("string({ version: 'Notebook/1.0'")
