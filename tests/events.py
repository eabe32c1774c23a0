"""Reads events out of what the app has logged."""

import json
from collections.abc import Iterable
from typing import Any

MARK = '{"event":"'


def events_in(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Return the events among *lines*, in order; of a line, what stands before the event is left out."""
    return [json.loads(line[line.index(MARK) :]) for line in lines if MARK in line]


def named(events: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the fields of each event called *name*."""
    return [
        {key: value for key, value in event.items() if key != "event"} for event in events if event["event"] == name
    ]
