"""The alerts and the workbook ask for what the app logs, by the names that the app has, and reach somebody."""

import re
from dataclasses import fields
from typing import Any

import pytest

from shared.domain.events import EVENTS as ALL_EVENTS
from tests.infra.queries import ALERT, alert_queries, asked_events, asked_fields, panel_queries
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.sources import INFRA

DEFAULT = kept("default")
QUERIES = {path.stem: path.read_text() for path in (INFRA / "queries").glob("*.kql")}
EVENTS = {event.name: {field.name for field in fields(event)} for event in ALL_EVENTS}
ALERTS = {each["name"].split("-", 2)[2]: each["properties"] for each in DEFAULT.of_type(ALERT)}
ABOUT = {
    "run-failed": "run_ended",
    "credentials-refused": "credentials_refused",
    "run-stuck": "run_stuck",
    "brake-pulled": "run_ended",
    "source-empty": "run_ended",
    "poison": "poison_found",
    "no-tick": "tick_completed",
    "rejected-share": "run_ended",
    "account-waiting": "run_waiting",
    "secret-expiring": "secret_expiring",
}
"""Each alert, and the event that it is about."""
EXAMPLES: list[tuple[str, dict[str, object], bool]] = [
    ("run-failed", {"status": "failed", "next_run": "", "reason": "configuration"}, True),
    ("run-failed", {"status": "failed", "next_run": "20261123t060000z-6f3a-again"}, False),
    ("run-failed", {"status": "partial", "next_run": ""}, False),
    ("run-failed", {"status": "failed", "next_run": "", "reason": "limit_reached"}, False),
    ("brake-pulled", {"status": "failed", "reason": "limit_reached"}, True),
    ("brake-pulled", {"status": "failed", "reason": "configuration"}, False),
    ("source-empty", {"status": "succeeded", "read": 0}, True),
    ("source-empty", {"status": "succeeded", "read": 1}, False),
    ("source-empty", {"status": "failed", "read": 0}, False),
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


def criterion(name: str) -> dict[str, Any]:
    [found] = ALERTS[name]["criteria"]["allOf"]
    return dict(found)


def test_each_alert_asks_its_own_query_often_enough_about_its_own_event() -> None:
    assert {name: asked_events(criterion(name)["query"]) for name in ALERTS} == {
        name: {event} for name, event in ABOUT.items()
    }
    for name, alert in ALERTS.items():
        assert MINUTES[alert["evaluationFrequency"]] <= MINUTES[alert["windowSize"]], name
        assert alert["severity"] in (1, 2), name
    assert ALERTS["no-tick"]["windowSize"] == "PT10M"


@pytest.mark.parametrize(("name", "values", "raised"), EXAMPLES)
def test_an_alert_is_raised_for_the_right_thing(name: str, values: dict[str, object], raised: bool) -> None:
    query = criterion(name)["query"]
    # Names, numbers, "and" and comparisons: Kusto's words and Python's are the same.
    condition = re.sub(r"tostring\(fields\.(\w+)\)", r"\1", re.findall(r"\| where (?!Message)(.+)", query)[-1])
    assert bool(eval(condition, {"__builtins__": {}}, values)) is raised  # noqa: S307 - a file of ours


@pytest.mark.parametrize("name", ABOUT)
def test_every_alert_reaches_somebody(name: str) -> None:
    mailed = kept("mailed-alerts")
    group, workspace = (
        mailed.only("Microsoft.Insights/actionGroups"),
        mailed.only("Microsoft.OperationalInsights/workspaces"),
    )
    said = mailed.only(ALERT, name)["properties"]
    assert said["enabled"] is said["autoMitigate"] is True
    assert said["scopes"] == [workspace["id"]]
    assert said["actions"]["actionGroups"] == [group["id"]]
    assert (criterion(name)["operator"], criterion(name)["threshold"]) == ("GreaterThan", 0)
    assert group["properties"]["enabled"] is True
    assert group["properties"]["webhookReceivers"] == []
    assert [each["emailAddress"] for each in group["properties"]["emailReceivers"]] == ["oncall@example.com"]


def test_a_webhook_gets_each_alert_and_the_budget_in_the_common_schema() -> None:
    watched = kept("watched")
    group = watched.only("Microsoft.Insights/actionGroups")
    [webhook] = group["properties"]["webhookReceivers"]
    assert webhook["useCommonAlertSchema"] is True
    for each in watched.of_type(ALERT):
        assert each["properties"]["actions"]["actionGroups"] == [group["id"]]
    notifications = watched.only("Microsoft.Consumption/budgets")["properties"]["notifications"]
    assert [each["contactGroups"] for each in notifications.values()] == [[group["id"]]] * 2


def test_a_note_is_sent_once_for_each_run_where_notes_are_wanted() -> None:
    [note] = [each["properties"] for each in kept("watched").of_type(ALERT) if each["name"].endswith("run-succeeded")]
    assert (note["severity"], note["autoMitigate"]) == (4, False)
    assert note["muteActionsDuration"] == note["windowSize"]
    assert [each["name"] for each in note["criteria"]["allOf"][0]["dimensions"]] == ["export", "run"]
    assert "run-succeeded" not in ALERTS


def test_the_numbers_that_are_given_stand_in_the_queries() -> None:
    changed, before = alert_queries(kept("mailed-alerts")), alert_queries(DEFAULT)
    assert "100 * rejected > 5 * read" in changed["Too many rows were rejected"]
    assert "waiting_seconds > 6 * 3600" in changed["A run waits too long"]
    assert "days_left <= 60" in changed["A Klaviyo key expires soon"]
    assert [title for title, query in changed.items() if query != before[title]] == [
        "A run waits too long",
        "Too many rows were rejected",
        "A Klaviyo key expires soon",
    ]


@pytest.mark.parametrize("path", QUERIES)
def test_a_query_asks_for_events_and_fields_that_the_app_logs(path: str) -> None:
    events, read = asked_events(QUERIES[path]), asked_fields(QUERIES[path])
    assert events
    assert events <= EVENTS.keys()
    assert read <= {field for name in events for field in EVENTS[name]}


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_asked_for_with_all_its_fields(name: str) -> None:
    asking = [query for query in QUERIES.values() if name in asked_events(query)]
    assert asking
    assert EVENTS[name] - {field for query in asking for field in asked_fields(query)} == set()


def test_every_query_is_in_use_and_its_numbers_are_filled_in() -> None:
    asked = [*alert_queries(kept("watched")).values(), *panel_queries(DEFAULT).values()]
    assert [query for query in asked if re.search(r"\{\w+\}", query)] == []
    for path, query in QUERIES.items():
        filled = re.escape(query).replace(r"\{", "{").replace(r"\}", "}")
        pattern = re.compile(re.sub(r"{\w+}", r"\\d+", filled))
        assert any(pattern.fullmatch(each) for each in asked), path


def test_the_workbook_shows_what_is_needed() -> None:
    assert sorted(panel_queries(DEFAULT).values()) == sorted(QUERIES[name] for name in PANELS)
    workbook = DEFAULT.only("Microsoft.Insights/workbooks")["properties"]
    # Azure takes the contents as one text, and shows an empty workbook for anything else.
    assert workbook["serializedData"].startswith('{"version":"Notebook/1.0"')
