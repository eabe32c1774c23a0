"""Exports, connections and plans as documents, and the names in them."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.connection import Connection
from shared.domain.config.consent import Consent
from shared.domain.config.export import Export
from shared.domain.config.export_limits import Limits
from shared.domain.config.mapping import Location, Mapping
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import SEGMENT_PATTERN, check_id, is_id, secret_name_problem, segment_problem
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.runs.plan import Plan, SegmentBlob

EXPORT: dict[str, Any] = {
    "schema": 1,
    "id": "vip",
    "display_name": "VIP newsletter",
    "connection_id": "acme",
    "list_id": "Y6nRLr",
    "segments": ["vip", "eu/Segment_2.a=b-c"],
    "mapping": {"email": "EMail", "first_name": "FirstName", "location": {"city": "City"}, "properties": {"tier": "T"}},
    "phone_region": "UA",
    "limits": {"max_rejected_share": 0.25, "max_rows": 1000},
    "allow_flows": True,
    "schedule": {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"},
    "enabled": False,
}
CONNECTION: dict[str, Any] = {
    "schema": 1,
    "id": "acme",
    "display_name": "Acme_Klaviyo",
    "secret_name": "klaviyo-acme",
    "account_id": "AbC123",
    "shared_with": "administrators",
    "consent": {"accepted": True, "accepted_by": "dana@example.com", "text": "2026-11"},
}


def problems(kind: type[Export] | type[Connection], document: Any) -> list[str]:
    """Return everything that the refusal of *document* names."""
    with pytest.raises(ConfigurationError) as refused:
        kind.from_document(document)
    text = re.fullmatch(rf"The {kind.__name__.lower()} cannot be used: (.*)\.", str(refused.value))
    assert text
    return text[1].split("; ")


def test_an_export_is_read_with_all_its_fields() -> None:
    assert Export.from_document(EXPORT) == Export(
        id="vip",
        display_name="VIP newsletter",
        connection_id="acme",
        list_id="Y6nRLr",
        segments=("vip", "eu/Segment_2.a=b-c"),
        mapping=Mapping.written(
            {"email": "EMail", "first_name": "FirstName", "location": {"city": "City"}, "properties": {"tier": "T"}}
        ),
        phone_region="UA",
        limits=Limits(max_rejected_share=0.25, max_rows=1000),
        schedule=Schedule(cron="0 6 * * *", time_zone="Europe/Kyiv"),
        enabled=False,
        allow_flows=True,
    )


@pytest.mark.parametrize("null", [True, False])
def test_what_an_export_does_not_say_has_its_default(null: bool) -> None:
    optional = ("phone_region", "limits", "schedule")
    document = {name: value for name, value in EXPORT.items() if name not in (*optional, "enabled", "allow_flows")}
    export = Export.from_document(document | (dict.fromkeys(optional) if null else {}))

    assert (export.phone_region, export.limits, export.schedule) == (
        None,
        Limits(max_rejected_share=0.5, max_rows=None),
        None,
    )
    assert (export.enabled, export.allow_flows) == (True, False)


def test_everything_that_is_wrong_with_an_export_is_named_at_once() -> None:
    document = {
        "id": "VIP!",
        "display_name": "",
        "connection_id": "../acme",
        "list_id": 5,
        "segments": ["vip", "a//b", "../x", "x" * 600],
        "mapping": {"first": "F"},
        "phone_region": "Ukraine",
        "limits": {"max_rejected_share": 2, "max_rows": 0, "max": 1},
        "schedule": {"cron": "hourly", "time_zone": "Kyiv", "every": 1},
        "enabled": "yes",
        "allow_flows": 1,
    }
    id_rule = (
        "must begin with a lower-case letter or a digit, go on with lower-case letters, digits and hyphens, "
        "and have at most 63 characters"
    )
    assert sorted(problems(Export, document)) == sorted(
        [
            f"/id: {id_rule}",
            "/display_name: must be a text that is not empty",
            f"/connection_id: {id_rule}",
            "/list_id: must be a text that is not empty",
            "/segments/1: must be letters, digits and _ . = - between single slashes",
            "/segments/2: must not have a step of dots only",
            "/segments/3: has more than 512 characters",
            "/mapping/email: must be a text that is not empty",
            "/phone_region: must be the two letters of a country, such as 'UA'",
            "/allow_flows: must be true or false",
            "/limits/max_rejected_share: must be a number from 0 to 1",
            "/limits/max_rows: must be a whole number from 1 on, or null",
            "/schedule/cron: must be a cron expression of five fields, such as '0 6 * * *'",
            "/schedule/time_zone: must be the IANA name of a time zone, such as 'Europe/Kyiv'",
            "/enabled: must be true or false",
        ]
    )


@pytest.mark.parametrize("missing", ["id", "display_name", "connection_id", "list_id", "segments", "mapping"])
def test_a_field_that_an_export_must_have_is_named_when_it_is_missing(missing: str) -> None:
    document = {name: value for name, value in EXPORT.items() if name != missing}
    (problem,) = problems(Export, document)
    assert problem.startswith(f"/{missing}")


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_object_is_no_export_and_no_connection(document: Any) -> None:
    assert problems(Export, document)[0] == "/: must be an object"
    assert problems(Connection, document)[0] == "/: must be an object"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("segments", []),
        ("segments", "vip"),
        ("segments", ["vip", 5]),
        ("segments", [""]),
        ("mapping", []),
        ("schedule", "0 6 * * *"),
        ("limits", [0.5]),
        ("limits", {"max_rejected_share": True}),
        ("limits", {"max_rejected_share": float("nan")}),
        ("limits", {"max_rejected_share": -0.1}),
        ("limits", {"max_rows": True}),
        ("limits", {"max_rows": 1.5}),
        ("enabled", None),
        ("enabled", 1),
        ("phone_region", "ua"),
        ("phone_region", ""),
        ("list_id", None),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_field(field: str, value: Any) -> None:
    assert all(problem.startswith(f"/{field}") for problem in problems(Export, EXPORT | {field: value}))


@pytest.mark.parametrize("share", [0, 1, 0.5])
def test_a_share_may_be_all_or_nothing(share: float) -> None:
    export = Export.from_document(EXPORT | {"limits": {"max_rejected_share": share}})
    assert export.limits.max_rejected_share == share
    written = export.document()["limits"]["max_rejected_share"]
    assert (written, type(written)) == (share, type(share))


def test_a_connection_is_read_with_all_its_fields() -> None:
    connection = Connection.from_document(CONNECTION)
    consent = Consent(accepted=True, accepted_by="dana@example.com", text="2026-11")
    assert connection == Connection(
        id="acme", display_name="Acme_Klaviyo", secret_name="klaviyo-acme", account_id="AbC123", consent=consent
    )
    connection.check_consent()


@pytest.mark.parametrize("consent", [None, {}, {"accepted": False}])
def test_a_connection_without_consent_is_not_used(consent: Any) -> None:
    connection = Connection.from_document(CONNECTION | {"consent": consent, "account_id": None})
    assert connection.account_id is None
    with pytest.raises(ConfigurationError, match="Nobody has agreed that data may leave over connection 'acme'"):
        connection.check_consent()


def test_everything_that_is_wrong_with_a_connection_is_named_at_once() -> None:
    found = problems(Connection, {"id": "A", "secret_name": "", "account_id": 5, "consent": {"accepted": "yes"}})
    assert sorted(problem.partition(":")[0] for problem in found) == [
        "/account_id",
        "/consent/accepted",
        "/display_name",
        "/id",
        "/secret_name",
    ]


columns = st.text(min_size=1, max_size=5)
plans = st.builds(
    Plan,
    blobs=st.lists(
        st.builds(SegmentBlob, st.text(max_size=5), st.integers(0, 10**12), st.text(max_size=5)), max_size=3
    ).map(tuple),
    mapping=st.builds(
        Mapping,
        email=columns,
        title=st.none() | columns,
        location=st.builds(Location, city=st.none() | columns, latitude=st.none() | columns),
        properties=st.dictionaries(st.sampled_from(["tier", "a/b~c"]), columns),
    ),
    phone_region=st.sampled_from([None, "UA"]),
    limits=st.builds(
        Limits, max_rejected_share=st.floats(0, 1) | st.integers(0, 1), max_rows=st.none() | st.integers(1, 10**9)
    ),
    list_id=st.text(max_size=5),
    list_name=st.text(max_size=5),
    secret_name=st.text(max_size=5),
    account_id=st.none() | st.text(max_size=5),
)


@given(plans)
def test_a_plan_is_read_back_as_it_was_written(plan: Plan) -> None:
    assert Plan.from_document(json.loads(json.dumps(plan.document()))) == plan


def test_a_plan_guesses_its_rows_from_the_size_of_its_files() -> None:
    blobs = (SegmentBlob("a.csv", 100_000, "e"), SegmentBlob("b.csv.gz", 20_000, "e"), SegmentBlob("c", 200_000, "e"))
    plan = Plan(blobs, Mapping(email="E"), None, Limits(), "L", "", "", None)
    plain, objects = Dialect(FileFormat.CSV), Dialect(FileFormat.NDJSON)
    plan = replace(plan, dialects=(plain, replace(plain, is_packed=True), objects), dialect_of=(0, 1, 2))
    assert plan.expected_rows() == 3000


@pytest.mark.parametrize("text", ["a", "0", "vip", "20261123t060000z-6f3a", "a-", "a" * 63])
def test_a_short_name_of_small_letters_digits_and_hyphens_is_an_id(text: str) -> None:
    assert is_id(text)
    assert check_id("an export", text) == text


@pytest.mark.parametrize("text", ["", "-a", "A", "a_b", "a/b", "a.b", "..", "a" * 64, "é", "a\n", "a b", "\u0661"])
def test_anything_else_is_no_id_and_the_refusal_does_not_repeat_it(text: str) -> None:
    assert not is_id(text)
    with pytest.raises(ConfigurationError) as refused:
        check_id("an export", text)
    assert str(refused.value) == (
        "This is not the id of an export: it must begin with a lower-case letter or a digit, go on with lower-case "
        "letters, digits and hyphens, and have at most 63 characters."
    )


@pytest.mark.parametrize("name", ["vip", "HighValueSegment", "eu/vip", "a.b_c=d-e/2026", ".hidden", "a" * 512])
def test_the_path_of_a_folder_is_the_name_of_a_segment(name: str) -> None:
    assert segment_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "a//b", "a b", "a\\b", "é", ".", "..", "a/..", "a/.../b", "a" * 513, "a\n"]
)
def test_another_path_is_no_name_of_a_segment(name: str) -> None:
    assert segment_problem(name)


@pytest.mark.parametrize("name", ["a", "klaviyo-acme", "Klaviyo-1", "0", "-", "a" * 127])
def test_a_secret_can_be_named_by_letters_digits_and_hyphens(name: str) -> None:
    assert secret_name_problem(name) is None


@pytest.mark.parametrize("name", ["", "a" * 128, "klaviyo_acme", "a b", "a/b", "a\n", "ключ", "é", "a.b"])
def test_a_secret_cannot_be_named_otherwise(name: str) -> None:
    assert secret_name_problem(name)


@given(st.lists(st.sampled_from(["a", ".", "/", "-", "é"]), max_size=8).map("".join))
def test_the_pattern_of_segments_says_what_the_rule_says(name: str) -> None:
    assert (re.search(SEGMENT_PATTERN, name) is not None) == (segment_problem(name) is None)
