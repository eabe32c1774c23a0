"""Previews over HTTP: what a run would do, while nobody gets anything."""

import json
from typing import Any

import pytest

from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused, ExportError, Unavailable
from shared.ports import Flow
from tests.api.calling import ADMIN, CONTRIBUTOR, Api, details, entra
from tests.api.exports.sample_exports import body
from tests.api.shape_check import check
from tests.builders import World, connection_document, csv_file, ndjson, packed, people
from tests.fakes.segments import MemorySegments
from tests.fakes.sink import LIST

PREVIEW = "exports/vip/preview"
ROWS = [
    {"EMail": " Ann@Example.com ", "FirstName": "Ann", "Phone": "050 123 45 67", "Salary": "top-secret-1"},
    {"EMail": "no address", "FirstName": "Bob", "Salary": "top-secret-2"},
    {"EMail": "ann@example.com", "FirstName": "Ann again", "Salary": "top-secret-3"},
    {"EMail": "cid@example.com", "FirstName": "Cid", "Phone": "12", "Salary": "top-secret-4"},
]
MAPPING = {"email": "EMail", "first_name": "FirstName", "phone_number": "Phone", "properties": {"tier": "Tier"}}


def api_over(blobs: dict[str, bytes], **changes: Any) -> Api:
    return Api(World(blobs, export={"mapping": MAPPING, "phone_region": "UA", **changes}))


async def seen(api: Api, document: Any = None) -> dict[str, Any]:
    """Return a preview; nothing was sent, written or left open."""
    before = dict(api.world.documents.blobs)
    reply = await api.post(PREVIEW, document or {})
    check(reply, 200, "Preview")
    assert {call for call, _ in api.world.sink.faults.log} <= {"list_details", "live_flows"}
    assert api.world.sink.made == []
    names = {path: body for path, body in api.world.documents.blobs.items() if path.startswith("list-names/")}
    assert dict(api.world.documents.blobs) == {**before, **names}
    assert api.world.segments.open_reads == 0
    shown: dict[str, Any] = reply.json
    return shown


@pytest.mark.parametrize("kind", ["ndjson", "csv", "ndjson.gz"])
async def test_the_first_rows_are_shown_as_they_would_be_sent_and_nothing_is_sent(kind: str) -> None:
    whole = csv_file(ROWS, ROWS[0]) if kind == "csv" else ndjson(ROWS)
    api = api_over({f"vip/1.{kind}": packed(whole) if kind.endswith("gz") else whole})
    shown = await seen(api)
    assert shown["profiles"] == [
        {
            "blob": f"vip/1.{kind}",
            "row": 1,
            "attributes": {"email": "ann@example.com", "first_name": "Ann", "phone_number": "+380501234567"},
        },
        {"blob": f"vip/1.{kind}", "row": 4, "attributes": {"email": "cid@example.com", "first_name": "Cid"}},
    ]
    (rejection,) = shown["rejections"]
    assert (rejection["row"], rejection["fields"]["first_name"]) == (2, "Bob")
    assert (rejection["code"], rejection["params"]) == ("email_blank", {})
    assert (shown["duplicates"], shown["left_out"]) == (1, {"phone_number": 1})
    assert shown["columns"] == {
        "found": ["EMail", "FirstName", "Phone", "Salary"],
        "not_mapped": ["Salary"],
        "missing": ["Tier"],
        "values": {"Salary": ["top-secret-1", "top-secret-2", "top-secret-3"]},
    }
    assert shown["estimate"] == {"rows": 4, "is_exact": True, "profiles": 2, "requests": 1, "seconds": 1}
    assert "has no column 'Tier'" in details(shown["warnings"])[0]
    place = [{"blob": f"vip/1.{kind}", "row": 4}]
    reason = "not_a_phone_number"
    assert shown["notes"] == [
        {"field": "phone_number", "reason": reason, "effect": "left_out", "count": 1, "places": place}
    ]
    assert rejection["line"] == (3 if kind == "csv" else 2)
    assert details(shown["warnings"])[1].startswith("Of the first 4 rows: 1 value of phone_number is no valid phone ")
    assert "phone_region" in details(shown["warnings"])[1]
    assert "top-secret" not in json.dumps({**shown, "columns": None})


async def test_what_is_shown_is_what_a_run_then_sends() -> None:
    api = api_over({"vip/1.ndjson": ndjson([*ROWS, *people(10)])})
    shown = await seen(api)
    await api.world.whole_run()
    sent = api.world.sink.members()
    assert {each["attributes"]["email"]: each["attributes"] for each in shown["profiles"]} == sent


async def test_as_many_rows_are_shown_as_are_asked_for_and_all_segments_have_their_share() -> None:
    api = api_over(
        {
            "a/1.ndjson": ndjson(people(300)),
            "b/1.ndjson": ndjson(people(1, first=500)),
            "c/1.csv": csv_file(people(99)),
        },
        segments=["a", "b", "c"],
    )
    blobs = [each["blob"][0] for each in (await seen(api, {"limit": 9}))["profiles"]]
    assert [blobs.count(name) for name in "abc"] == [3, 1, 0]  # the rows of c came in a before
    assert len((await seen(api))["profiles"]) <= 20
    for limit in (0, 101, True, "9", 1.5):
        problem = (await api.post(PREVIEW, {"limit": limit, "rows": 1})).problem(400)
        assert {each["pointer"] for each in problem["errors"]} == {"/limit", "/rows"}


@pytest.mark.parametrize("kind", ["ndjson", "ndjson.gz"])
async def test_of_a_large_file_only_the_beginning_is_read_and_the_rest_is_estimated(kind: str) -> None:
    rows = ndjson(people(100_000))
    whole = packed(rows) if kind.endswith("gz") else rows
    world = World(segments=MemorySegments({f"vip/1.{kind}": whole, f"vip/2.{kind}": whole}, piece_bytes=256 * 1024))
    shown = await seen(Api(world))
    first, second = ("read", f"vip/1.{kind}"), ("read", f"vip/2.{kind}")
    looked = [("listed", "vip/"), ("listed", "model.json")]
    assert world.segments.faults.log == [*looked, first, second, first]
    assert (shown["segments"][0]["files"], shown["segments"][0]["bytes"]) == (2, 2 * len(whole))
    assert not shown["estimate"]["is_exact"]
    assert 0.8 * 200_000 < shown["estimate"]["rows"] < 1.25 * 200_000
    assert shown["estimate"]["requests"] == -(-shown["estimate"]["profiles"] // 10_000)
    assert shown["estimate"]["seconds"] == -(-shown["estimate"]["requests"] // 10)
    assert len(shown["profiles"]) == 20


async def test_an_empty_file_in_front_does_not_hide_the_rows() -> None:
    api = api_over({"vip/0.ndjson": b"", "vip/1.ndjson": b"\n", "vip/2.ndjson": ndjson(people(5))})
    assert len((await seen(api))["profiles"]) == 5
    nothing = await seen(api_over({"vip/0.ndjson": b""}))
    assert nothing["estimate"]["rows"] == 0
    assert "has no row" in details(nothing["warnings"])[0]


async def test_what_would_fail_the_run_is_a_problem_and_the_rest_is_shown_all_the_same() -> None:
    api = api_over(
        {
            "vip/1.ndjson": ndjson(people(3)),
            "bad/1.csv.gz": packed(b"EMail\nx\n")[:-9],
            "alien/1.csv": csv_file([{"Mail": "x"}], ["Mail"]),
        },
        segments=["vip", "bad", "alien", "nowhere"],
        list_id="Nowhere",
    )
    shown = await seen(api)
    assert len(shown["profiles"]) == 3
    told = " ".join(details(shown["problems"]))
    assert "There is no segment 'nowhere'" in told
    assert "File 'bad/1.csv.gz' cannot be read" in told
    assert "File 'alien/1.csv' has no column 'EMail'" in told
    assert "There is no list 'Nowhere'" in told
    assert (shown["list"], shown["estimate"]["rows"]) == (None, None)


async def test_live_flows_are_shown_as_the_run_would_see_them() -> None:
    api = api_over({"vip/1.ndjson": ndjson(people(3))})
    api.world.sink.flows.append(Flow("F1", "Welcome", "live"))
    shown = await seen(api)
    assert shown["list"] == {
        "id": LIST,
        "name": "VIP newsletter",
        "opt_in": "single_opt_in",
        "live_flows": [{"id": "F1", "name": "Welcome", "status": "live"}],
    }
    assert "Flow 'Welcome' (F1, live) would take up everybody who is added" in details(shown["problems"])[0]
    api.world.documents.put("lists/vip.json", {"schema": 1, "list_id": LIST})
    shown = await seen(api)
    assert shown["problems"] == []
    assert any("Flow 'Welcome'" in warning for warning in details(shown["warnings"]))
    api.world.sink.lacks.add("flows:read")
    shown = await seen(api)
    assert shown["list"]["live_flows"] is None
    assert any("flows:read" in warning for warning in details(shown["warnings"]))


async def test_an_export_can_be_looked_at_before_it_is_saved() -> None:
    api = Api()
    wish = body(mapping={"email": "EMail"})
    shown = await seen(api, {"export": wish})
    assert shown["profiles"][0]["attributes"] == {"email": "p1@example.com"}
    assert (await api.post("exports/unsaved/preview", {"export": wish})).status == 200
    assert api.world.documents.paths("exports/") == ["exports/vip.json"]
    problem = (await api.post(PREVIEW, {"limit": 0, "export": body(list_id="a list", mapping={})})).problem(400)
    assert sorted(each["pointer"] for each in problem["errors"]) == [
        "/export/list_id",
        "/export/mapping/email",
        "/limit",
    ]
    (await api.post("exports/unsaved/preview")).problem(404)


async def test_without_consent_or_klaviyo_the_rows_are_shown_all_the_same() -> None:
    api = Api()
    api.world.documents.put("connections/acme.json", connection_document(consent={"accepted": False}))
    api.world.sink.faults.fail("list_details", error=Unavailable("Klaviyo is away."))
    shown = await seen(api)
    assert len(shown["profiles"]) == 3
    assert "Nobody has agreed" in details(shown["problems"])[0]
    assert details(shown["warnings"]) == ["Klaviyo was not asked about the list: Klaviyo is away."]


@pytest.mark.parametrize("error", [CredentialsRefused, ConfigurationError])
async def test_a_contributor_hears_that_the_connection_is_no_good_and_not_of_its_secret(
    error: type[ExportError],
) -> None:
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False)):
        api = entra(World({"vip/1.ndjson": ndjson(people(3))}, connection={"shared_with": "contributors"}))
        api.world.sink.faults.fail(
            "list_details", error=error("Secret 'klaviyo-acme' is no good.", public=CONNECTION_TROUBLE)
        )
        (problem,) = details((await api.post(PREVIEW, role=role)).json["problems"])
        assert ("klaviyo-acme" in problem, problem == CONNECTION_TROUBLE.detail) == (hears, not hears)


async def test_a_contributor_hears_that_the_vault_does_not_answer_and_not_of_its_secret() -> None:
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False)):
        api = entra(World({"vip/1.ndjson": ndjson(people(3))}, connection={"shared_with": "contributors"}))
        away = Unavailable("Key Vault could not give secret 'klaviyo-acme'.", public=CONNECTION_TROUBLE)
        api.world.sink.faults.fail("list_details", error=away)
        (warning,) = (await api.post(PREVIEW, role=role)).json["warnings"]
        assert warning["code"] == "klaviyo_not_asked"
        assert ("klaviyo-acme" in str(warning), CONNECTION_TROUBLE.detail in warning["detail"]) == (hears, not hears)


async def test_storage_that_does_not_answer_is_no_preview() -> None:
    api = Api()
    api.world.segments.faults.fail("read", "vip/*")
    (await api.post(PREVIEW)).problem(503)
    assert api.world.segments.open_reads == 0
