"""Rules about the alerts and the workbook, and the events that their queries lean on."""

import re
from collections.abc import Iterator
from dataclasses import fields

from shared.domain import events
from tests.infra.bicep import Expression, text_of
from tests.infra.infrastructure import Infrastructure

EVENTS = {event.name: {field.name for field in fields(event)} for event in events.EVENTS}
"""The events that the app logs, and the fields of each."""
ALERTS = {
    "run-failed": "run_ended",
    "credentials-refused": "credentials_refused",
    "run-stuck": "run_stuck",
    "no-tick": "tick_completed",
    "rejected-share": "run_ended",
    "account-waiting": "run_waiting",
    "secret-expiring": "secret_expiring",
}
"""Each alert, and the event that it is about."""
EXAMPLES: dict[str, list[tuple[dict[str, object], bool]]] = {
    "run-failed": [({"status": "failed"}, True), ({"status": "partial"}, False)],
    "no-tick": [({"ticks": 0}, True), ({"ticks": 1}, False)],
    "rejected-share": [
        ({"read": 100, "rejected": 21}, True),
        ({"read": 100, "rejected": 20}, False),
        ({"read": 0, "rejected": 0}, False),
    ],
    "account-waiting": [({"waiting_seconds": 10801}, True), ({"waiting_seconds": 10800}, False)],
    "secret-expiring": [({"days_left": 30}, True), ({"days_left": -1}, True), ({"days_left": 30.5}, False)],
}
"""What each alert that compares something is raised for, and what not, with the numbers of the defaults."""
PANELS = {"starts", "runs", "rows-a-minute", "throttling", "batches", "legs", "waiting"}
MINUTES = {"PT5M": 5, "PT10M": 10, "PT15M": 15, "PT1H": 60, "P1D": 1440}
"""The windows in use, all of them among those that Azure allows."""
ALERTS_FILE, WORKBOOK_FILE = "infra/modules/alerts.bicep", "infra/modules/workbook.bicep"


def asked_events(query: str) -> set[str]:
    return set(re.findall(r"""Message startswith_cs '{"event":"(\w+)",'""", query))


def asked_fields(query: str) -> set[str]:
    return set(re.findall(r"\bfields\.(\w+)", query))


def alerts_are_those_that_are_needed(infrastructure: Infrastructure) -> Iterator[str]:
    file = infrastructure.files[ALERTS_FILE]
    alerts = {each["name"]: each for each in file.variables["alerts"].value}
    yield from (f"There is no alert {name}." for name in ALERTS if name not in alerts)
    for name, alert in alerts.items():
        query = getattr(alert["query"], "text", "")
        if f"loadTextContent('../queries/{name}.kql')" not in query:
            yield f"The alert {name} does not ask its own query."
        if asked_events(infrastructure.texts.get(f"infra/queries/{name}.kql", "")) != {ALERTS.get(name)}:
            yield f"The alert {name} is not about {ALERTS.get(name)}."
        if MINUTES[alert["frequency"]] > MINUTES[alert["window"]]:
            yield f"The alert {name} looks away between two looks."
        if alert["severity"] not in (1, 2):
            yield f"The alert {name} has no severity that somebody acts on."
    if "no-tick" in alerts and alerts["no-tick"]["window"] != "PT10M":
        yield "The alert no-tick does not look at ten minutes."


def alerts_are_raised_for_the_right_thing(infrastructure: Infrastructure) -> Iterator[str]:
    for name, examples in EXAMPLES.items():
        query = infrastructure.texts[f"infra/queries/{name}.kql"]
        for placeholder, number in (("{percent}", "20"), ("{hours}", "3"), ("{days}", "30")):
            query = query.replace(placeholder, number)
        # Names, numbers, "and" and comparisons: Kusto's words and Python's are the same.
        condition = re.sub(r"tostring\(fields\.(\w+)\)", r"\1", re.findall(r"\| where (?!Message)(.+)", query)[-1])
        for values, raised in examples:
            if bool(eval(condition, {"__builtins__": {}}, values)) is not raised:  # noqa: S307 - a file of ours
                yield f"The alert {name} is {'not raised' if raised else 'raised'} for {values}."


def alerts_reach_somebody(infrastructure: Infrastructure) -> Iterator[str]:
    [(_, rules)] = infrastructure.resources("Microsoft.Insights/scheduledQueryRules")
    wanted = {
        "properties.enabled": True,
        "properties.autoMitigate": True,
        "properties.scopes": [Expression("workspaceId")],
        "properties.actions.actionGroups": [Expression("group.id")],
    }
    for where, value in wanted.items():
        if rules.at(where) != value:
            yield f"{ALERTS_FILE}: {where} is {rules.at(where)!r}, not {value!r}."
    [(_, group)] = infrastructure.resources("Microsoft.Insights/actionGroups")
    receivers = getattr(group.at("properties.emailReceivers"), "text", "")
    if "emailAddress: email " not in receivers or group.at("properties.enabled") is not True:
        yield f"{ALERTS_FILE}: nobody gets an e-mail."
    [criterion] = rules.at("properties.criteria.allOf")
    if (criterion["operator"], criterion["threshold"]) != ("GreaterThan", 0):
        yield f"{ALERTS_FILE}: one row is not enough for an alert."
    if "[for alert in alerts: {" not in text_of(rules.node):
        yield f"{ALERTS_FILE} does not raise each of its alerts."


def queries_ask_for_what_is_emitted(infrastructure: Infrastructure) -> Iterator[str]:
    for path, query in infrastructure.texts.items():
        if not path.endswith(".kql"):
            continue
        asked = asked_events(query)
        yield from (f"{path} asks for {name}, which nobody emits." for name in sorted(asked - EVENTS.keys()))
        if not asked:
            yield f"{path} asks for nothing."
        if asked_fields(query) and "| extend fields = parse_json(Message)\n" not in query:
            yield f"{path} does not read the event's text."
        known = {field for name in asked for field in EVENTS.get(name, ())}
        yield from (f"{path} reads {name}, which is no field." for name in sorted(asked_fields(query) - known))


def every_event_is_asked_for(infrastructure: Infrastructure) -> Iterator[str]:
    queries = [query for path, query in infrastructure.texts.items() if path.endswith(".kql")]
    for name, known in EVENTS.items():
        read = {field for query in queries if name in asked_events(query) for field in asked_fields(query)}
        if not any(name in asked_events(query) for query in queries):
            yield f"No query asks for {name}."
        yield from (f"No query reads {field} of {name}." for field in sorted(known - read))


def alerts_are_split_by_a_field(infrastructure: Infrastructure) -> Iterator[str]:
    file = infrastructure.files[ALERTS_FILE]
    for alert in file.variables["alerts"].value:
        query = infrastructure.texts.get(f"infra/queries/{alert['name']}.kql", "")
        dimensions = alert["dimensions"]
        for each in file.variables[dimensions.text].value if isinstance(dimensions, Expression) else dimensions:
            if f"{each['name']} = tostring(fields.{each['name']})" not in query:
                yield f"The alert {alert['name']} is split by {each['name']}, which its query does not return."


def placeholders_are_filled(infrastructure: Infrastructure) -> Iterator[str]:
    bicep = infrastructure.texts[ALERTS_FILE]
    for path, query in infrastructure.texts.items():
        for name in re.findall(r"\{(\w+)\}", query) if path.endswith(".kql") else []:
            load = f"replace(loadTextContent('../{path.removeprefix('infra/')}'), '{{{name}}}', string("
            if load not in bicep:
                yield f"{path} has {{{name}}}, which nobody fills in."


def the_workbook_shows_what_is_needed(infrastructure: Infrastructure) -> Iterator[str]:
    panels = infrastructure.files[WORKBOOK_FILE].variables["panels"].value
    shown = {Expression(f"loadTextContent('../queries/{name}.kql')") for name in PANELS}
    if {panel["query"] for panel in panels} != shown:
        yield f"{WORKBOOK_FILE} does not show {', '.join(sorted(PANELS))}."
    [(_, workbook)] = infrastructure.resources("Microsoft.Insights/workbooks")
    if not getattr(workbook.at("properties.serializedData"), "text", "").startswith("string({ version: 'Notebook/1.0'"):
        yield f"{WORKBOOK_FILE} does not write its contents down as text."
