"""What the queries of the alerts and the workbook ask for, by their text."""

import json
import re

from tests.infra.snapshots.evaluated import Deployment

ALERT = "Microsoft.Insights/scheduledQueryRules"


def asked_events(query: str) -> set[str]:
    """Return the names of the events that *query* reads."""
    return set(re.findall(r"""Message startswith_cs '{"event":"(\w+)",'""", query))


def asked_fields(query: str) -> set[str]:
    """Return the names of the fields that *query* reads of its events."""
    return set(re.findall(r"\bfields\.(\w+)", query))


def alert_queries(deployment: Deployment) -> dict[str, str]:
    """Return the queries of the alerts by their titles, with their numbers in them."""
    said = [each["properties"] for each in deployment.of_type(ALERT)]
    return {each["displayName"]: each["criteria"]["allOf"][0]["query"] for each in said}


def panel_queries(deployment: Deployment) -> dict[str, str]:
    """Return the queries of the workbook by the titles of their panels."""
    contents = json.loads(deployment.only("Microsoft.Insights/workbooks")["properties"]["serializedData"])
    panels = [item["content"] for item in contents["items"] if "query" in item["content"]]
    return {each["title"]: each["query"] for each in panels}
