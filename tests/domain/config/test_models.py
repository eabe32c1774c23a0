"""What holds for every model of a document: how it reads what people write, and how it reads what is stored."""

import traceback
from typing import Any

import pytest
from hypothesis import given

from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.document_model import Model, Writing
from shared.domain.config.export import Export
from shared.domain.config.export_limits import Limits
from shared.domain.config.field_problems import Problem, WrongFields
from shared.domain.config.wishes import ConnectionTestWish, ExportCopy, PreviewWish, RunWish
from shared.domain.consent_texts import CURRENT_TEXT
from shared.domain.errors import Damaged
from shared.domain.sentences import say
from tests.damage import EMAIL, damaged

EXPORT: dict[str, Any] = {
    "display_name": "VIP newsletter",
    "connection_id": "acme",
    "list_id": "Y6nRLr",
    "segments": ["vip"],
    "mapping": {"email": "EMail", "location": {"city": "City"}, "properties": {"tier": "Tier"}},
    "limits": {"max_rejected_share": 0.5, "max_rows": 10},
    "schedule": {"cron": "0 6 * * *", "time_zone": "UTC"},
    "enabled": True,
}
CONNECTION: dict[str, Any] = {
    "display_name": "Acme_Klaviyo",
    "api_key": "pk_1",
    "account_id": "AbC123",
    "consent": {"accepted": True, "accepted_by": "Dana", "text": CURRENT_TEXT},
}
STORED = {**EXPORT, "schema": 1, "id": "vip", "created_at": "2026-11-23T10:00:00.000Z"}
WHOLE: list[tuple[type[Model], dict[str, Any], str]] = [
    (RunWish, {}, "limit"),
    (PreviewWish, {}, "limit"),
    (Limits, {}, "max_rows"),
]
"""Every model with a whole number in it that people write."""


def problems(kind: type[Model], document: Any) -> tuple[Problem, ...]:
    """Return what is wrong with *document*, written as a *kind*."""
    try:
        kind.written(document, Writing("acme" if kind is ConnectionWish else "vip"))
    except WrongFields as wrong:
        return wrong.problems
    return ()


@pytest.mark.parametrize(("kind", "rest", "field"), WHOLE)
def test_a_whole_number_is_one_everywhere_whatever_way_json_writes_it(
    kind: type[Model], rest: dict[str, Any], field: str
) -> None:
    for value in (10, 10.0):
        read = getattr(kind.written({**rest, field: value}), field)
        assert (read, type(read)) == (10, int)


@pytest.mark.parametrize("value", [10.5, True, False, "10", "", [10], {"a": 1}, 0, -1, 0.0, 2.0**60, float("nan")])
@pytest.mark.parametrize(("kind", "rest", "field"), WHOLE)
def test_what_is_no_whole_number_from_1_on_is_refused_everywhere(
    kind: type[Model], rest: dict[str, Any], field: str, value: Any
) -> None:
    ((pointer, sentence),) = problems(kind, {**rest, field: value})
    assert pointer == f"/{field}"
    assert (sentence.code, sentence.params["least"]) == ("not_a_whole_number", 1)
    assert sentence.detail.startswith("must be a whole number from 1 ")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"enabled": 1}, "/enabled"),
        ({"enabled": "true"}, "/enabled"),
        ({"enabled": None}, "/enabled"),
        ({"list_id": 5}, "/list_id"),
        ({"limits": {"max_rejected_share": "0.5"}}, "/limits/max_rejected_share"),
        ({"limits": {"max_rejected_share": True}}, "/limits/max_rejected_share"),
        ({"segments": "vip"}, "/segments"),
        ({"segments": {"vip": 1}}, "/segments"),
        ({"mapping": [["email", "EMail"]]}, "/mapping"),
        ({"mapping": {"email": "E", "location": {"city": ["City"]}}}, "/mapping/location/city"),
        ({"schedule": {"cron": "0 6 * * *", "time_zone": None}}, "/schedule/time_zone"),
    ],
)
def test_nothing_is_taken_for_what_it_only_looks_like(changes: dict[str, Any], pointer: str) -> None:
    assert [place for place, _ in problems(Export, {**EXPORT, **changes})] == [pointer]


@pytest.mark.parametrize("value", [5, 1.5e9, True, "", "yesterday", "2026-11-23", "2026-11-23T10:00:00", ["x"]])
def test_a_time_is_a_text_with_its_time_zone(value: Any) -> None:
    with pytest.raises(Damaged, match=r"^The export cannot be used: /created_at: must be a time with its time zone\.$"):
        Export.from_document({**STORED, "created_at": value})


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (RunWish, {"limit": 1}),
        (ConnectionTestWish, {"list_id": "L"}),
        (PreviewWish, {"limit": 1}),
        (ExportCopy, {"id": "copy"}),
        (Export, EXPORT),
        (ConnectionWish, CONNECTION),
    ],
)
def test_a_field_that_is_not_known_is_named_where_people_write(kind: type[Model], document: dict[str, Any]) -> None:
    assert problems(kind, document) == ()
    unknown = say("unknown_field", "is not a known field", known=None)
    assert problems(kind, {**document, "a/b~c": 1}) == (("/a~1b~0c", unknown),)


def test_what_a_newer_version_has_added_is_left_alone_in_every_part_of_a_stored_document() -> None:
    newer = {
        **STORED,
        "schema": 7,
        "reading": {"quote": "'"},
        "mapping": {**EXPORT["mapping"], "birthday": "B", "location": {"city": "City", "planet": "P"}},
        "limits": {**EXPORT["limits"], "max_bytes": 1},
        "schedule": {**EXPORT["schedule"], "jitter": 5},
    }
    assert Export.from_document(newer) == Export.from_document(STORED)
    connection = {"schema": 1, "id": "acme", "display_name": "A", "secret_name": "s", "consent": {"accepted": False}}
    newer = {**connection, "schema": 7, "region": "eu", "consent": {"accepted": False, "covers": ["remove"]}}
    assert Connection.from_document(newer) == Connection.from_document(connection)


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": "x" * 300},
        {"display_name": "two\nlines"},
        {"list_id": "a list of before"},
        {"segments": [f"s{number}" for number in range(101)]},
        {"segments": ["vip", "vip"]},
    ],
)
def test_a_stored_export_may_be_older_than_a_rule_and_nobody_can_write_such_a_one(changes: dict[str, Any]) -> None:
    stored = Export.from_document({**STORED, **changes})
    assert stored.document() == {**Export.from_document(STORED).document(), **changes}
    assert problems(Export, {**EXPORT, **changes})


@pytest.mark.parametrize("changes", [{"display_name": "any name"}, {"account_id": "../x"}])
def test_a_stored_connection_may_be_older_than_a_rule_and_nobody_can_write_such_a_one(changes: dict[str, Any]) -> None:
    document = {"id": "acme", "display_name": "A", "secret_name": "s", **changes}
    assert Connection.from_document(document).document().items() >= changes.items()
    assert problems(ConnectionWish, {**CONNECTION, **changes})


@given(damaged({**STORED, "changed_by": "Dana"}))
def test_no_value_of_a_damaged_document_stands_in_its_error_or_in_the_way_to_it(document: Any) -> None:
    refused = None
    try:
        Export.from_document(document)
    except Damaged as error:
        refused = error
    if refused is not None:
        assert EMAIL not in "".join(traceback.format_exception(refused))
        assert (refused.__context__, refused.__cause__) == (None, None)


SECRETS = (
    {"api_key": "pk secret"},
    {"secret_name": "pk secret"},
    {"account_id": "pk secret"},
    {"consent": "pk secret"},
)


@pytest.mark.parametrize("changes", SECRETS)
def test_no_value_that_somebody_wrote_stands_in_the_error_or_in_the_way_to_it(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongFields) as refused:
        ConnectionWish.written({**CONNECTION, **changes}, Writing("acme"))
    assert "pk secret" not in "".join(traceback.format_exception(refused.value))
    assert refused.value.__context__ is None


def test_a_model_cannot_be_changed() -> None:
    export = Export.from_document(STORED)
    with pytest.raises(ValueError, match="frozen"):
        export.enabled = False
