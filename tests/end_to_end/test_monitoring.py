"""The queries of the alerts and the workbook ask for what a running app has been seen to log, and for nothing else."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest

from shared.domain.events import EVENTS
from shared.domain.events import Event as Told
from tests.end_to_end.monitored_app import BAD_KEY, GOOD_KEY, QUEUE, logs_of_everything
from tests.events import events_in
from tests.infra.queries import asked_events, asked_fields
from tests.infra.snapshots.sources import INFRA

QUERIES = {path.name: path.read_text() for path in (INFRA / "queries").glob("*.kql")}
READ_AS: dict[str, type | tuple[type, ...]] = {"tolong": int, "todouble": (int, float), "tostring": str, "tobool": bool}
Event = dict[str, Any]


@pytest.fixture(scope="module")
def lines(azurite: str) -> list[str]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(logs_of_everything(azurite))


@pytest.fixture(scope="module")
def seen(lines: list[str]) -> list[Event]:
    return events_in(lines)


def unseen(queries: Mapping[str, str], seen: Iterable[Event]) -> Iterator[str]:
    """Yield what *queries* ask for and is not among the events *seen*."""
    events = list(seen)
    for path, query in queries.items():
        for name in asked_events(query):
            asked = [event for event in events if event["event"] == name]
            if not asked:
                yield f"{path} asks for {name}, which nobody has seen."
            yield from _misread(path, query, asked)


def _misread(path: str, query: str, events: list[Event]) -> Iterator[str]:
    for event in events:
        yield from (f"{path} reads {name}, which nobody has seen." for name in asked_fields(query) - event.keys())
        for reading, name in re.findall(r"(to\w+)\(fields\.(\w+)\)", query):
            if name in event and not isinstance(event[name], READ_AS[reading]):
                yield f"{path} reads {name} by {reading}, and it is {event[name]!r}."
    for name, value in re.findall(r"tostring\(fields\.(\w+)\) == '(\w+)'", query):
        if all(event.get(name) != value for event in events):
            yield f"{path} looks for {name} {value}, which nobody has seen."


def test_every_event_was_seen_with_every_field(seen: list[Event]) -> None:
    expected = {event.name: {"event", *(field.name for field in fields(event))} for event in EVENTS}
    assert {event["event"]: set(event) for event in seen} == expected


def test_every_query_asks_for_what_was_seen(seen: list[Event]) -> None:
    assert sorted(set(unseen(QUERIES, seen))) == []
    assert all(asked_events(query) for query in QUERIES.values())


@pytest.mark.parametrize(
    ("path", "right", "wrong", "found"),
    [
        ("run-failed.kql", "run_ended", "run_finished", "asks for run_finished"),
        ("legs.kql", "fields.rows", "fields.lines", "reads lines"),
        ("runs.kql", "tostring(fields.status)", "tolong(fields.status)", "reads status by tolong"),
        ("run-failed.kql", "== 'failed'", "== 'broken'", "looks for status broken"),
    ],
)
def test_a_query_that_asks_for_something_else_is_found(
    seen: list[Event], path: str, right: str, wrong: str, found: str
) -> None:
    assert right in QUERIES[path]
    changed = {**QUERIES, path: QUERIES[path].replace(right, wrong)}
    assert any(found in each for each in unseen(changed, seen))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.name))
def test_an_app_that_calls_anything_by_another_name_is_found(seen: list[Event], event: type[Told]) -> None:
    name = event.name
    renamed = [{**each, "event": "renamed"} if each["event"] == name else each for each in seen]
    assert any(f"asks for {name}" in each for each in unseen(QUERIES, renamed))
    for field in fields(event):
        without = [{key: value for key, value in each.items() if key != field.name} for each in seen]
        assert any(f"reads {field.name}, which" in each for each in unseen(QUERIES, without))


def test_what_happened_is_what_was_told(seen: list[Event]) -> None:
    ends = {each["export"]: each for each in seen if each["event"] == "run_ended"}
    assert (ends["vip"]["status"], ends["vip"]["read"], ends["vip"]["accepted"]) == ("partial", 42, 40)
    assert (ends["vip"]["duplicates"], ends["vip"]["rejected"]) == (1, 1)
    assert (ends["refused"]["status"], ends["refused"]["reason"]) == ("failed", "credentials_refused")
    refused = [each for each in seen if each["event"] == "credentials_refused"]
    assert {(each["connection"], each["export"]) for each in refused} == {("revoked", "refused")}
    assert "klaviyo-revoked" in refused[0]["detail"]
    waits = [each["reason"] for each in seen if each["event"] == "run_waiting" and each["export"] == "gold"]
    assert waits[0] == "account_busy"
    [silent] = {each["export"] for each in seen if each["event"] == "run_stuck"}
    assert silent == "silent"
    poison = [each for each in seen if each["event"] == "poison_found"]
    assert (poison[0]["queue"], poison[0]["messages"]) == (f"{QUEUE}-poison", 1)
    [expiring] = [each for each in seen if each["event"] == "secret_expiring"]
    assert (expiring["secret"], round(expiring["days_left"])) == ("klaviyo-acme", 12)
    [leg] = [each for each in seen if each["event"] == "leg_ended" and each["export"] == "vip"]
    assert leg["requests"] >= 3


def test_no_address_row_or_key_was_logged(lines: list[str]) -> None:
    assert len(lines) > 20
    text = "\n".join(lines)
    for secret in ("@", "Bad-Row", "nobody at all", GOOD_KEY, BAD_KEY):
        assert secret not in text
