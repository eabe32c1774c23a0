"""Kusto's own parser and type checker take every query, as the alerts and the workbook ask it."""

import json
import subprocess
from typing import Any

import pytest

from local.azurite import NODE_PACKAGES, find_node
from tests.infra.queries import alert_queries, panel_queries
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.sources import ROOT

CHECKER = ROOT / "tests" / "infra" / "check_queries.cjs"
DEPLOYMENTS = ("watched", "mailed-alerts")
WRONG = {
    "a column that there is not": ("AppTraces | where Mesage == 'x'", "Mesage"),
    "a word that is none": ("AppTraces | summarise count()", "summarise"),
    "a text where a number belongs": ("AppTraces | where abs(Message) > 3", "abs"),
    "a number that was not filled in": ("AppTraces | where SeverityLevel > {hours}", "{"),
}


def checked(queries: dict[str, str]) -> dict[str, Any]:
    """Return what the parser says of each query: ``findings``, and the ``columns`` that come back."""
    if not (NODE_PACKAGES / "@kusto" / "language-service-next").exists():
        pytest.fail("Kusto's parser is not installed: run 'make setup', which installs the node packages of local/.")
    done = subprocess.run(
        [find_node(), str(CHECKER)],
        input=json.dumps(queries),
        env={"NODE_PATH": str(NODE_PACKAGES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_every_query_parses_and_its_types_fit() -> None:
    queries = {
        f"{name}: {title}": query
        for name in DEPLOYMENTS
        for title, query in {**alert_queries(kept(name)), **panel_queries(kept(name))}.items()
    }
    assert len(queries) > 2 * 12
    assert {title: said["findings"] for title, said in checked(queries).items() if said["findings"]} == {}


def test_an_alert_is_split_by_what_its_query_returns() -> None:
    deployment = kept("watched")
    columns = {title: set(said["columns"]) for title, said in checked(alert_queries(deployment)).items()}
    split = 0
    for rule in deployment.of_type("Microsoft.Insights/scheduledQueryRules"):
        [criterion] = rule["properties"]["criteria"]["allOf"]
        by = {f"{each['name']}: string" for each in criterion["dimensions"]}
        assert by <= columns[rule["properties"]["displayName"]]
        split += len(by)
    assert split > 3


def test_a_wrong_query_is_found() -> None:
    said = checked({name: query for name, (query, _) in WRONG.items()})
    for name, (_, named) in WRONG.items():
        assert any(named in finding for finding in said[name]["findings"]), name
