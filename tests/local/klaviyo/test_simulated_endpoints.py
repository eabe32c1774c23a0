"""Who is let in, and what each endpoint answers."""

import re
from typing import Any

import orjson
import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.http.endpoints import ALL_SCOPES, ENDPOINTS
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import HEADERS, JOBS, LIST, Caller, caller, import_body


def test_an_error_has_everything_that_json_api_wants() -> None:
    error = caller().get("/api/lists/NoSuch").error
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", error.pop("id"))
    assert error == {
        "status": 404,
        "code": "not_found",
        "title": "Not found.",
        "detail": "A list with id NoSuch does not exist.",
        "source": {"pointer": "/data"},
        "links": {},
        "meta": {},
    }


@pytest.mark.parametrize("authorization", ["", "pk_simulator", "Bearer pk_simulator"])
def test_a_request_without_a_key_is_not_authenticated(authorization: str) -> None:
    client = caller()
    client.headers["authorization"] = authorization
    reply = client.get("/api/lists")
    assert (reply.status, reply.error["code"]) == (401, "not_authenticated")
    assert "RateLimit-Limit" not in reply.headers


def test_an_unknown_key_is_refused() -> None:
    client = caller()
    client.headers["authorization"] = "Klaviyo-API-Key pk_other"
    assert (client.get("/api/lists").status, client.get("/api/lists").error["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_scope_of_an_endpoint_is_needed_and_klaviyo_does_not_say_which_is_missing(endpoint: Any) -> None:
    for scope in endpoint.scopes:
        simulator = Simulator([Account(keys={"pk_simulator": ALL_SCOPES - {scope}})], clock=FakeClock())
        reply = Caller(simulator).call(endpoint.method, endpoint.path.replace("{id}", "x"))
        assert (reply.status, reply.error["code"]) == (403, "permission_denied")
        assert scope not in str(reply.document)
        assert reply.headers["RateLimit-Limit"] == str(endpoint.rate.steady)


@pytest.mark.parametrize("revision", ["", "latest", "2026-1-1"])
def test_a_request_without_a_revision_is_refused(revision: str) -> None:
    client = caller()
    client.headers["revision"] = revision
    assert client.get("/api/lists").status == 400


@pytest.mark.parametrize("media_type", ["", "application/json", "text/plain"])
def test_an_import_that_is_not_said_to_be_json_api_is_refused(media_type: str) -> None:
    client = caller()
    client.headers["content-type"] = media_type
    assert client.post(import_body({"email": "a@b.co"})).status == 415


def test_the_media_type_may_have_parameters() -> None:
    client = caller()
    client.headers["content-type"] = "application/vnd.api+json; charset=utf-8"
    assert client.post(import_body({"email": "a@b.co"})).status == 202


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/segments", f"{JOBS}/x/y", "/api/lists/x/y/z", "/api/lists//profiles"]
)
def test_an_unknown_path_is_not_found(path: str) -> None:
    assert caller().get(path).status == 404


def test_a_wrong_method_is_refused_and_the_right_ones_are_named() -> None:
    reply = caller().call("DELETE", JOBS)
    assert (reply.status, reply.headers["Allow"]) == (405, "POST, GET")


def test_a_slash_at_the_end_does_no_harm() -> None:
    assert caller().get("/api/lists/").status == 200


def test_an_unknown_parameter_is_named() -> None:
    reply = caller().get("/api/lists", filters="x")
    assert (reply.status, reply.error["source"]) == (400, {"parameter": "filters"})


async def test_a_full_window_is_a_429_without_the_other_headers() -> None:
    clock = FakeClock()
    client = caller(clock)
    replies = [client.post(import_body({"email": "a@b.co"})) for _ in range(11)]
    assert [reply.status for reply in replies] == [202] * 10 + [429]
    assert replies[9].headers["RateLimit-Remaining"] == "140"
    assert replies[10].headers["Retry-After"] == "1"
    assert not [name for name in replies[10].headers if name.startswith("RateLimit")]
    assert replies[10].error["detail"] == "Request was throttled. Expected available in 1 second."
    await clock.advance(1)
    assert client.post(import_body({"email": "a@b.co"})).status == 202


def test_without_limits_nothing_is_throttled_and_no_header_tells_of_any() -> None:
    client = caller(limits=False)
    replies = [client.get("/api/accounts") for _ in range(200)]
    assert {reply.status for reply in replies} == {200}
    assert "RateLimit-Limit" not in replies[0].headers


def test_two_keys_of_an_account_share_its_limits_and_two_accounts_do_not() -> None:
    accounts = [
        Account("One111", keys={"pk_1": ALL_SCOPES, "pk_2": ALL_SCOPES}),
        Account("Two222", keys={"pk_3": ALL_SCOPES}),
    ]
    simulator = Simulator(accounts, clock=FakeClock())

    def status(key: str) -> int:
        return Caller(simulator, {**HEADERS, "authorization": f"Klaviyo-API-Key {key}"}).get("/api/accounts").status

    assert [status("pk_1"), status("pk_2"), status("pk_3")] == [200, 429, 200]


def test_an_account_sees_its_own_lists_and_profiles_only() -> None:
    accounts = [
        Account("One111", keys={"pk_1": ALL_SCOPES}, lists=[ProfileList("AAAAAA", "one")]),
        Account("Two222", keys={"pk_2": ALL_SCOPES}, lists=[ProfileList("BBBBBB", "two")]),
    ]
    simulator = Simulator(accounts, clock=FakeClock())
    one = Caller(simulator, {**HEADERS, "authorization": "Klaviyo-API-Key pk_1"})
    assert one.get("/api/lists/AAAAAA").status == 200
    assert one.get("/api/lists/BBBBBB").status == 404
    assert one.post(import_body({"email": "a@b.co"}, list_id="BBBBBB")).pointers == ["/data"]


async def test_profiles_are_found_by_their_addresses() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"}, {"email": "o'brien@b.co"}, {"email": "c@b.co"}, {"external_id": "x"})
    await clock.advance(2)

    def found(text: str) -> list[str]:
        reply = client.get("/api/profiles", filter=text)
        return [each["attributes"]["email"] for each in reply.document["data"]]

    assert found('equals(email,"A@b.co")') == ["a@b.co"]
    assert found('any(email,["c@b.co","o\'brien@b.co","nobody@b.co","c@b.co"])') == ["o'brien@b.co", "c@b.co"]
    assert found('equals(email,"nobody@b.co")') == []
    assert len(client.get("/api/profiles").document["data"]) == 4


async def test_only_the_fields_that_were_asked_for_are_told() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co", "location": {"city": "Kyiv", "zip": "1"}})
    await clock.advance(2)
    reply = client.get(f"/api/lists/{LIST}/profiles", fields_profile="email,location.city")
    assert reply.document["data"][0]["attributes"] == {"email": "a@b.co", "location": {"city": "Kyiv"}}
    assert client.get(f"/api/lists/{LIST}/profiles", fields_profile="emial").status == 400


async def test_an_answer_leads_nowhere_but_to_the_simulator() -> None:
    clock = FakeClock()
    client = caller(clock, job_seconds=0.0)
    job_id = client.take({"email": "a@b.co"}, {"email": "x@late.example.com"})
    paths = ["/api/accounts", "/api/lists", JOBS, f"{JOBS}/{job_id}/import-errors", f"/api/lists/{LIST}/profiles"]
    for path in paths:
        links = re.findall(
            rb'https?://[^/"]+', orjson.dumps([each["links"] for each in client.get(path).document["data"]])
        )
        assert set(links) == {b"http://simulated"}


def test_one_bad_profile_costs_the_whole_request() -> None:
    client = caller()
    reply = client.post(import_body({"email": "a@b.co"}, {"email": "nonsense"}))
    assert (reply.status, reply.pointers) == (400, ["/data/attributes/profiles/data/1/attributes/email"])
    assert reply.error["detail"] == "Invalid email address"
    assert client.get(JOBS).document["data"] == []


def test_a_body_that_is_too_large_is_a_413() -> None:
    reply = caller().post(orjson.dumps(import_body({"email": "a@b.co"})) + b" " * 5_000_000)
    assert (reply.status, reply.error["code"]) == (413, "payload_too_large")


async def test_what_was_seen_is_counted() -> None:
    clock = FakeClock()
    client = caller(clock)
    for _ in range(3):
        client.take({"email": "a@b.co"}, {"email": "x@late.example.com"})
        await clock.advance(0.5)
    await clock.advance(2)
    seen = client.simulator.document()
    assert seen["seconds"]["bulk_import_profiles"] == 1.0
    assert seen["most_in_a_second"]["bulk_import_profiles"] == 2
    assert seen["most_in_a_minute"]["bulk_import_profiles"] == 3
    assert seen["accounts"]["SiMuLa"] == {"profiles": 1, "jobs": {"complete": 3}, "lists": {LIST: 1}}


async def test_a_reset_forgets_profiles_jobs_windows_and_counts_and_keeps_lists_and_keys() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"})
    await clock.advance(2)
    assert client.get("/api/accounts").status == 200
    client.simulator.change({"script": ["throttled"]})
    client.simulator.reset()
    assert client.get("/api/accounts").status == 200
    assert client.get(f"/api/lists/{LIST}/profiles").document["data"] == []
    assert client.get(JOBS).document["data"] == []
    assert client.simulator.document()["requests"] == {}
