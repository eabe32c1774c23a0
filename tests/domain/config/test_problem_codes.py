"""Every rule for what people write has a code of its own, with the limits and the choices of the rule as values."""

from typing import Any

import pytest

from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.document_model import Model, Writing
from shared.domain.config.export import Export
from shared.domain.config.field_problems import WrongFields
from shared.domain.config.wishes import ConnectionTestWish
from shared.domain.rows.text_encodings import ENCODINGS
from tests.domain.config.test_models import CONNECTION, EXPORT

EMAIL_ONLY = {"email": "EMail"}
OF_EXPORTS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"display_name": ""}, "text_missing", {}),
    ({"display_name": "x" * 201}, "too_long", {"limit": 200}),
    ({"display_name": "two\nlines"}, "not_one_line", {}),
    ({"id": "other"}, "not_the_id_in_the_address", {}),
    ({"connection_id": "No Id"}, "not_an_id", {}),
    ({"list_id": "a list"}, "not_a_list_id", {}),
    ({"segments": []}, "not_a_list_of_texts", {}),
    ({"segments": [f"s{number}" for number in range(101)]}, "too_many", {"limit": 100}),
    ({"segments": ["vip", "vip"]}, "there_twice", {}),
    ({"segments": ["a b"]}, "not_a_segment_name", {}),
    ({"segments": [".."]}, "step_of_dots", {}),
    ({"segments": ["x" * 513]}, "too_long", {"limit": 512}),
    ({"mapping": 5}, "not_an_object", {}),
    ({"mapping": {**EMAIL_ONLY, "properties": {"$own": "Own"}}}, "not_a_property_name", {}),
    ({"phone_region": "Ukraine"}, "not_a_country", {}),
    ({"reading": {"encoding": "klingon"}}, "not_an_encoding", {"known": ", ".join(ENCODINGS)}),
    ({"reading": {"delimiter": "a"}}, "not_a_delimiter", {}),
    ({"reading": {"escape": "none"}}, "not_a_choice", {"choices": "doubled, backslash"}),
    ({"reading": {"header": "no"}}, "not_true_or_false", {}),
    ({"reading": {"header": False}}, "columns_missing", {}),
    ({"reading": {"columns": []}}, "not_a_list_of_texts", {}),
    ({"reading": {"columns": ["a", "a"]}}, "there_twice", {}),
    ({"reading": {"columns": [str(number) for number in range(2001)]}}, "too_many", {"limit": 2000}),
    ({"reading": {"null_values": "NULL"}}, "not_a_list_of_texts", {}),
    ({"reading": {"null_values": ["x"] * 51}}, "too_many", {"limit": 50}),
    ({"reading": {"null_values": ["x" * 65]}}, "too_long", {"limit": 64}),
    (
        {"reading": {"quote": "'"}},
        "unknown_field",
        {"known": "encoding, delimiter, escape, header, columns, null_values, decimal_comma"},
    ),
    ({"limits": {"max_rows": 0}}, "not_a_whole_number", {"least": 1, "most": None}),
    ({"limits": {"max_rejected_share": 2}}, "not_a_number", {"least": 0, "most": 1}),
    ({"allow_flows": "yes"}, "not_true_or_false", {}),
    ({"schedule": "daily"}, "not_a_schedule", {"refresh": "refresh"}),
    ({"schedule": {"cron": "daily"}}, "not_a_cron_expression", {}),
    ({"schedule": {"cron": "0 0 31 2 *"}}, "cron_never_comes", {}),
    ({"schedule": {"cron": "0 6 * * *", "time_zone": "Kyiv"}}, "not_a_time_zone", {}),
    ({"colour": "blue"}, "unknown_field", {"known": None}),
]
OF_CONNECTIONS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"display_name": "1st"}, "not_a_connection_name", {}),
    ({"account_id": "A/B"}, "not_an_account_id", {}),
    ({"shared_with": "all"}, "not_a_choice", {"choices": "administrators, contributors"}),
    ({"api_key": "pk 1"}, "not_key_characters", {}),
    ({"api_key": "x" * 1001}, "too_long", {"limit": 1000}),
    ({"api_key": None}, "secret_name_missing", {}),
    ({"secret_name": "a/b"}, "not_a_secret_name", {}),
    ({"secret_name": "DB-PASSWORD"}, "secret_prefix_missing", {"prefix": "klaviyo-"}),
    (
        {"consent": {"accepted": True, "accepted_by": "Dana", "text": "1999"}},
        "not_a_consent_text",
        {"current": "2026-11"},
    ),
    ({"consent": {"accepted": True, "text": "2026-11"}}, "consent_name_missing", {}),
    ({"consent": {"accepted": False, "accepted_by": " "}}, "not_a_person_name", {"limit": 256}),
]


def said(kind: type[Model], document: Any) -> tuple[str, dict[str, Any]]:
    """Return the code and the values of the one problem that *document* has."""
    with pytest.raises(WrongFields) as refused:
        kind.written(document, Writing("acme" if kind is ConnectionWish else "vip", must_name=True))
    (problem,) = refused.value.problems
    return problem.sentence.code, dict(problem.sentence.params)


@pytest.mark.parametrize(("changes", "code", "params"), OF_EXPORTS)
def test_each_rule_for_an_export_has_a_code_and_its_values(
    changes: dict[str, Any], code: str, params: dict[str, Any]
) -> None:
    assert said(Export, {**EXPORT, **changes}) == (code, params)


@pytest.mark.parametrize(("changes", "code", "params"), OF_CONNECTIONS)
def test_each_rule_for_a_connection_has_a_code_and_its_values(
    changes: dict[str, Any], code: str, params: dict[str, Any]
) -> None:
    assert said(ConnectionWish, {**CONNECTION, **changes}) == (code, params)


def test_an_unknown_field_of_a_mapping_is_told_with_the_known_ones() -> None:
    for mapping, known in (({"birthday": "B"}, "email, "), ({"location": {"planet": "P"}}, "address1, ")):
        code, params = said(Export, {**EXPORT, "mapping": {**EMAIL_ONLY, **mapping}})
        assert code == "unknown_field"
        assert params["known"].startswith(known)


def test_a_text_that_is_too_long_has_the_same_code_everywhere() -> None:
    assert said(ConnectionTestWish, {"list_id": "x" * 101}) == ("too_long", {"limit": 100})
