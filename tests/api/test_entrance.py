"""The way of every request, whatever it is about."""

import logging

import pytest

from shared.api.access.callers import Caller, Role
from shared.api.http.problems import BadRequest, Missed
from shared.api.http.request import MAX_BODY_BYTES, Request
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, RUNS, Api, app_over, entra, principal, principal_header
from tests.builders import World


async def test_a_body_of_the_largest_size_is_read_and_one_byte_more_is_not() -> None:
    api = Api()
    assert (await api.post(RUNS, body=b"{}".ljust(MAX_BODY_BYTES))).status == 202
    assert (await api.post(RUNS, body=b"{}".ljust(MAX_BODY_BYTES + 1))).problem(413)["detail"] == (
        "The body has more than 65,536 bytes."
    )


@pytest.mark.parametrize("length", ["65537", "90000000", "0" * 9 + "65537", "9" * 5000, " 65537 "])
async def test_a_body_is_refused_by_the_length_that_its_header_names(length: str) -> None:
    api = Api()
    refused = (await api.post(RUNS, body=b"{}", headers={"Content-Length": length})).problem(413)
    assert refused["code"] == "body_too_large"
    assert api.world.all_runs() == []


@pytest.mark.parametrize("length", ["2", "65536", "", "two", "²"])
async def test_a_length_that_is_small_or_none_decides_nothing(length: str) -> None:
    assert (await Api().post(RUNS, body=b"{}", headers={"Content-Length": length})).status == 202


async def test_a_body_that_the_host_could_not_hand_on_is_not_taken_for_no_wishes() -> None:
    api = Api()
    assert (await api.post(RUNS, headers={"Transfer-Encoding": "chunked"})).problem(411)["code"] == "length_missing"
    assert api.world.all_runs() == []
    handed_on = await api.post(RUNS, body=b'{"limit": 1}', headers={"Transfer-Encoding": "chunked"})
    assert (handed_on.status, handed_on.json["limit"]) == (202, 1)


async def test_a_fault_of_ours_is_told_without_what_it_was_about(caplog: pytest.LogCaptureFixture) -> None:
    api = Api()
    api.world.documents.faults.fail("folders", error=RuntimeError("p1@example.com"))
    reply = await api.get(RUNS)
    assert reply.problem(500)["detail"] == "Operation 'list_runs' failed; the app's log says why."
    assert "@" not in reply.text
    (record,) = [each for each in caplog.records if each.exc_info]
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "Operation list_runs failed.")


async def test_whoever_comes_with_a_function_key_may_do_everything_and_no_header_changes_that() -> None:
    api = Api()
    assert (await api.post(RUNS)).status == 202
    assert (await api.post(f"{RUNS}?queue=true", role=READER)).status == 202
    assert (await api.post(f"{RUNS}?queue=true", headers={"X-MS-CLIENT-PRINCIPAL": "?"})).status == 202


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (CONTRIBUTOR, 202), (ADMIN, 202)])
async def test_a_role_opens_what_it_is_for(role: str, status: int) -> None:
    api = entra()
    assert (await api.get(RUNS, role=role)).status == 200
    assert (await api.post(RUNS, role=role)).status == status


async def test_the_strongest_of_several_roles_counts() -> None:
    headers = principal("Exports.Other", READER, ADMIN, CONTRIBUTOR)
    assert (await entra().post(RUNS, headers=headers)).status == 202


async def test_nobody_is_let_in_who_is_not_signed_in() -> None:
    assert (await entra().get(RUNS)).problem(401)["type"].endswith(":unauthorized")


async def test_somebody_without_a_role_of_the_app_is_told_so() -> None:
    for headers in (principal(), principal("Exports.admin", "Administrator")):
        assert "none of the app roles" in (await entra().get(RUNS, headers=headers)).problem(403)["detail"]


GOOD = {"claims": [{"typ": "roles", "val": ADMIN}, {"typ": "oid", "val": "0d1f"}]}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-MS-CLIENT-PRINCIPAL": "not base64!"},
        {"X-MS-CLIENT-PRINCIPAL": "bm8gSlNPTg=="},
        principal_header(7),
        principal_header([]),
        principal_header({}),
        principal_header({"claims": None}),
        principal_header({"claims": [ADMIN]}),
        principal_header({"claims": [{"typ": "roles"}]}),
        principal_header({"claims": [{"typ": "roles", "val": [ADMIN]}]}),
        principal_header({**GOOD, "role_typ": 7}),
        principal_header({"claims": GOOD["claims"][:1]}),
    ],
)
async def test_a_header_that_does_not_say_clearly_who_it_is_lets_nobody_in(headers: dict[str, str]) -> None:
    assert (await entra().get(RUNS, headers=principal_header(GOOD))).status == 200
    assert (await entra().get(RUNS, headers=headers)).problem(401)["type"].endswith(":unauthorized")


async def test_a_run_says_who_cancelled_it_without_an_e_mail_address() -> None:
    api = entra()
    wake_up = await api.world.start()
    await api.delete(f"{RUNS}/{wake_up.run_id}", role=CONTRIBUTOR)
    await api.world.go(wake_up)
    ending = api.world.run(wake_up).ending
    assert ending is not None
    assert ending.detail == "The user with object id 0d1f cancelled the run."


def asked(**options: object) -> Request:
    return Request(app_over(World()), Caller(Role.ADMINISTER, "Somebody"), **options)  # type: ignore[arg-type] # as given


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"{", "The body is not JSON."), (b"\xff", "The body is not JSON."), (b"[]", "The body must be a JSON object.")],
)
def test_a_body_that_is_no_object_is_a_bad_request(body: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        asked(body=body).document()


def test_a_body_is_an_object_and_none_is_an_empty_one() -> None:
    assert asked(body=b'{"a": 1}').document() == {"a": 1}
    assert asked().document() == {}


@pytest.mark.parametrize(
    ("headers", "etag"),
    [
        ({}, None),
        ({}, '"1"'),
        ({"if-match": '"1"'}, '"1"'),
        ({"if-match": '"0", "1"'}, '"1"'),
        ({"if-match": "*"}, '"1"'),
        ({"if-none-match": "*"}, None),
    ],
)
def test_a_precondition_that_holds_lets_the_request_go_on(headers: dict[str, str], etag: str | None) -> None:
    asked(headers=headers).check_match(etag)


@pytest.mark.parametrize(
    ("headers", "etag"),
    [
        ({"if-match": '"1"'}, None),
        ({"if-match": '"1"'}, '"2"'),
        ({"if-match": "1"}, '"1"'),
        ({"if-match": "*"}, None),
        ({"if-none-match": "*"}, '"1"'),
    ],
)
def test_a_precondition_that_fails_stops_the_request(headers: dict[str, str], etag: str | None) -> None:
    with pytest.raises(Missed):
        asked(headers=headers).check_match(etag)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_flag_is_true_or_false(text: str, *, value: bool) -> None:
    assert asked(query={"queue": text}).flag("queue") is value
    assert asked().flag("queue") is False


@pytest.mark.parametrize("text", ["", "1", "True", "yes"])
def test_a_flag_that_is_neither_is_a_bad_request(text: str) -> None:
    with pytest.raises(BadRequest, match="queue must be true or false"):
        asked(query={"queue": text}).flag("queue")


@pytest.mark.parametrize("query", ["statis=failed", "limit=1&Status=failed", "queue=true"])
async def test_a_parameter_that_a_call_does_not_know_is_a_bad_request(query: str) -> None:
    detail = (await Api().get(f"{RUNS}?{query}")).problem(400)["detail"]
    assert "it knows before, limit, since, status, trigger, until." in detail


async def test_a_parameter_that_is_a_header_of_the_host_in_another_place_is_let_through() -> None:
    assert (await Api().get(f"{RUNS}?code=secret&clientId=default&Code=secret")).status == 200


@pytest.mark.parametrize("query", ["limit=", "before=", "nonsense="])
async def test_an_empty_parameter_that_the_host_drops_is_a_bad_request(query: str) -> None:
    (await Api().get(f"{RUNS}?{query}")).problem(400)


async def test_a_parameter_that_is_given_twice_is_a_bad_request() -> None:
    detail = (await Api().get(f"{RUNS}?limit=1&limit=2")).problem(400)["detail"]
    assert detail == "The query parameter 'limit' is given twice."


async def test_two_idempotency_keys_that_the_host_has_joined_are_a_bad_request() -> None:
    (await Api().post(RUNS, headers={"Idempotency-Key": "one,two"})).problem(400)
    assert "it knows none" in (await Api().get("openapi.json?limit=1")).problem(400)["detail"]
