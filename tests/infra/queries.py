"""What the queries of the alerts and the workbook ask for, by their text."""

import re


def asked_events(query: str) -> set[str]:
    """Return the names of the events that *query* reads."""
    return set(re.findall(r"""Message startswith_cs '{"event":"(\w+)",'""", query))


def asked_fields(query: str) -> set[str]:
    """Return the names of the fields that *query* reads of its events."""
    return set(re.findall(r"\bfields\.(\w+)", query))
