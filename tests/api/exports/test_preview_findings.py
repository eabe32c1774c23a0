"""What a preview finds out about an export: problems and warnings, each with the field that it is about."""

from typing import Any

import pytest

from tests.api.calling import Api, details
from tests.api.exports.sample_exports import body
from tests.api.exports.test_previewing_exports import api_over, seen
from tests.builders import ndjson, people


async def test_limits_that_a_run_would_come_to_are_told() -> None:
    api = api_over({"vip/1.ndjson": ndjson([*people(5), *({"EMail": "no"} for _ in range(6))])}, limits={"max_rows": 5})
    shown = await seen(api)
    assert places(shown["problems"]) == [
        ("more_than_max_rows", "/limits/max_rows"),
        ("more_than_max_rejected_share", "/limits/max_rejected_share"),
    ]
    assert "max_rows = 5 stops the run" in details(shown["problems"])[0]
    assert "6 of the first 11 rows would be rejected" in details(shown["problems"])[1]
    few = await seen(api_over({"vip/1.ndjson": ndjson(people(5))}, limits={"min_rows": 6}))
    assert places(few["problems"]) == [("fewer_than_min_rows", "/limits/min_rows")]
    nobody = {"limits": {"max_rejected_share": 1}}
    none = await seen(api_over({"vip/1.ndjson": ndjson([{"EMail": "no"}] * 2)}, **nobody))
    assert places(none["problems"]) == [("nothing_to_send", None)]


def places(findings: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(each["code"], each["pointer"]) for each in findings]


TRIED: list[tuple[dict[str, bytes], dict[str, Any], str, str]] = [
    ({"vip/1.ndjson": ndjson(people(9))}, {"limits": {"max_rows": 5}}, "more_than_max_rows", "/limits/max_rows"),
    ({"vip/1.ndjson": ndjson(people(4))}, {"limits": {"min_rows": 5}}, "fewer_than_min_rows", "/limits/min_rows"),
    ({"vip/1.ndjson": ndjson([{"Mail": "a@x.it"}])}, {}, "email_column_missing", "/mapping/email"),
    ({"vip/1.csv": b"Email,A\nann@x.it,1\n"}, {}, "email_column_spelt_otherwise", "/mapping/email"),
    ({"vip/1.csv": b"ann@x.it,Ann\nbob@x.it,Bob\n"}, {}, "no_header", "/reading/header"),
    ({"vip/1.csv": "EMail,A\nann@x.it,\u00e9\n".encode("cp1252")}, {}, "not_utf8", "/reading/encoding"),
    ({"vip/1.xlsx": b"PK"}, {}, "segment_file_of_unknown_kind", "/segments/0"),
    ({"vip/x/1.csv": b"EMail\n"}, {}, "segment_has_subfolder", "/segments/0"),
    ({"other/1.csv": b"EMail\n"}, {}, "segment_missing", "/segments/0"),
    ({"vip/1.csv": b"EMail\nann@x.it\n"}, {"list_id": "Nowhere"}, "list_unknown", "/list_id"),
]


@pytest.mark.parametrize(("blobs", "changes", "code", "pointer"), TRIED)
async def test_whatever_fails_a_run_is_a_problem_of_its_preview_with_the_field_that_it_is_about(
    blobs: dict[str, bytes], changes: dict[str, Any], code: str, pointer: str
) -> None:
    api = api_over(blobs, **changes)
    assert (code, pointer) in places((await seen(api))["problems"])
    assert (await api.world.whole_run()).status == "failed"


async def test_warnings_have_pointers_as_well() -> None:
    rows = [{**people(1)[0], "Phone": "12"}]
    shown = await seen(api_over({"vip/1.ndjson": ndjson(rows)}))
    assert ("column_missing", "/mapping/properties/tier") in places(shown["warnings"])
    assert ("values_to_leave_out", "/mapping/phone_number") in places(shown["warnings"])


async def test_a_preview_needs_no_list_and_says_what_it_did_not_check() -> None:
    api = Api()
    wish = body(mapping={"email": "EMail"})
    for without in (
        {**wish, "list_id": None},
        {**wish, "list_id": ""},
        {k: v for k, v in wish.items() if k != "list_id"},
    ):
        shown = await seen(api, {"export": without})
        assert len(shown["profiles"]) == 3
        assert (shown["list"], shown["problems"]) == (None, [])
        assert places(shown["warnings"]) == [("list_not_chosen", "/list_id")]
    assert api.world.sink.faults.log == []
    (await api.put("exports/vip", {**wish, "list_id": None})).problem(400)


async def test_values_of_columns_that_are_not_mapped_are_few_short_and_as_text() -> None:
    rows = [{**row, "Long": "x" * 500, "Same": "s", "Odd": {"a": [1]}, "None": None} for row in people(200)]
    rows += [{**row, "Late": "1"} for row in people(1, first=900)]
    shown = await seen(api_over({"vip/1.ndjson": ndjson(rows)}, mapping={"email": "EMail"}))
    assert shown["columns"]["values"] == {
        "FirstName": ["Name 1", "Name 2", "Name 3"],
        "Long": ["x" * 100],
        "Same": ["s"],
        "Odd": ['{"a":[1]}'],
    }


async def test_a_preview_learns_the_name_of_the_list() -> None:
    api = Api()
    await seen(api)
    assert (await api.get("exports/vip")).json["list_name"] == "VIP newsletter"
