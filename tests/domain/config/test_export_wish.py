"""The body of a PUT of an export, and the document that comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.config.document_model import Writing
from shared.domain.config.export import Export
from shared.domain.config.field_problems import Problem, WrongFields
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HOURLY = Schedule(cron="0 * * * *", time_zone="UTC")
WISH: dict[str, Any] = {
    "display_name": "VIP newsletter",
    "connection_id": "acme",
    "list_id": "Y6nRLr",
    "segments": ["vip", "eu/vip"],
    "mapping": {"email": "EMail", "location": {"city": "City"}, "properties": {"a/b~c": "T"}},
    "phone_region": "UA",
    "limits": {"max_rejected_share": 0.25, "max_rows": 1000},
    "allow_flows": True,
    "schedule": {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"},
    "enabled": False,
}


SHOWN = ("schema", "self", "connection", "status", "last_run", "next_run", "warnings", "may")


def read(document: Any, export_id: str = "vip") -> tuple[Export | None, list[Problem]]:
    try:
        return Export.written(document, Writing(export_id, frozenset(SHOWN))), []
    except WrongFields as wrong:
        return None, sorted(wrong.problems)


def wish(**changes: Any) -> Export:
    return Export.written({**WISH, **changes}, Writing("vip"))


def test_a_saved_export_is_read_back_as_it_was_written() -> None:
    for schedule in (WISH["schedule"], "refresh", None):
        saved = wish(schedule=schedule).saved(None, by="Dana", now=NOW)
        assert Export.from_document(saved.document()) == saved
        assert (saved.created_at, saved.changed_at, saved.changed_by) == (NOW, NOW, "Dana")


def test_what_is_shown_of_an_export_can_be_sent_back() -> None:
    shown = wish().saved(None, by="Dana", now=NOW).document()
    assert read(shown | {name: {"x": 1} for name in SHOWN} | {"created_at": "never"}) == (wish(), [])


def test_an_export_keeps_the_time_when_it_was_made() -> None:
    first = wish().saved(None, by="Dana", now=NOW)
    second = wish(enabled=True).saved(first, by="Kim", now=LATER)
    assert (second.created_at, second.changed_at, second.changed_by) == (NOW, LATER, "Kim")


def test_every_problem_is_named_with_its_pointer_at_once() -> None:
    document = {
        **WISH,
        "id": "other",
        "display_name": "two\nlines",
        "connection_id": "../acme",
        "list_id": "https://www.klaviyo.com/list/Y6nRLr",
        "segments": ["vip", "a/../b", "vip"],
        "mapping": {"email": "", "Email": "x", "location": {"town": "City"}, "properties": {"$id": "x", "a/b~c": 5}},
        "phone_region": "Ukraine",
        "limits": {"max_rejected_share": 2, "max": 1},
        "allow_flows": "yes",
        "schedule": {"cron": "daily", "every": 1},
        "enabled": 1,
        "lists": [],
    }
    _, problems = read(document)
    assert [pointer for pointer, _ in problems] == [
        "/allow_flows",
        "/connection_id",
        "/display_name",
        "/enabled",
        "/id",
        "/limits/max",
        "/limits/max_rejected_share",
        "/list_id",
        "/lists",
        "/mapping/Email",
        "/mapping/email",
        "/mapping/location/town",
        "/mapping/properties/$id",
        "/mapping/properties/a~1b~0c",
        "/phone_region",
        "/schedule/cron",
        "/schedule/every",
        "/segments/1",
        "/segments/2",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", " "),
        ("display_name", "x" * 201),
        ("list_id", "a/b"),
        ("list_id", "x" * 65),
        ("segments", [f"s{number}" for number in range(101)]),
        ("schedule", "daily"),
        ("schedule", True),
        ("schedule", []),
        ("connection_id", ""),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: Any) -> None:
    assert [pointer for pointer, _ in read(WISH | {field: value})[1]] == [f"/{field}"]


def test_a_connection_must_be_named_or_be_null() -> None:
    bare = {name: value for name, value in WISH.items() if name != "connection_id"}
    assert [pointer for pointer, _ in read(bare)[1]] == ["/connection_id"]
    detached = wish(connection_id=None)
    assert detached.connection_id is None
    with pytest.raises(ConfigurationError, match=r"Export 'vip' has no connection.*give it another one"):
        detached.connected_to()
    assert wish().connected_to() == "acme"


@pytest.mark.parametrize(
    ("changes", "refresh", "timetable"),
    [
        ({"schedule": HOURLY.document()}, None, HOURLY),
        ({"schedule": HOURLY.document(), "enabled": False}, None, None),
        ({"schedule": HOURLY.document(), "connection_id": None}, None, None),
        ({"schedule": "refresh"}, HOURLY, HOURLY),
        ({"schedule": "refresh"}, None, None),
        ({"schedule": "refresh", "enabled": False}, HOURLY, None),
        ({"schedule": None}, HOURLY, None),
    ],
)
def test_an_export_starts_by_itself_when_all_is_set_for_it(
    changes: dict[str, Any], refresh: Schedule | None, timetable: Schedule | None
) -> None:
    assert wish(**{"enabled": True, **changes}).timetable(refresh) == timetable


def test_an_export_that_was_stored_by_an_earlier_version_can_be_read() -> None:
    old = {name: value for name, value in WISH.items() if name != "allow_flows"}
    export = Export.from_document({**old, "id": "vip", "schema": 1, "display_name": "x" * 300, "unheard_of": 1})
    assert (export.created_at, export.changed_by, export.allow_flows) == (None, None, False)
