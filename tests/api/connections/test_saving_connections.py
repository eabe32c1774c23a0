"""Saving connections over HTTP."""

from urllib.parse import quote

import pytest

from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus
from tests.api.calling import LABEL, Api, trail
from tests.api.connections.sample_connections import ACME, BODY, KEY, NEW, WITHDRAWN, fields, stored, there_is_no_key_in
from tests.api.shape_check import check
from tests.builders import World, connection_document
from tests.fakes.sink import SECRET


async def test_everything_that_is_wrong_is_named_at_once_without_the_key() -> None:
    api = Api()
    reply = await api.put(NEW, {"display_name": "1st", "api_key": "pk_with blanks", "consent": {"accepted": True}})
    problem = reply.problem(400)
    assert problem["type"].endswith(":invalid_document")
    assert sorted(each["pointer"] for each in problem["errors"]) == [
        "/api_key",
        "/consent/accepted_by",
        "/consent/text",
        "/display_name",
    ]
    assert api.secrets.faults.log == []
    assert api.world.documents.paths(NEW) == api.world.documents.paths("audit/") == []
    there_is_no_key_in(api, reply)


@pytest.mark.parametrize("bad", ["ACME", "", "a" * 64, "../secrets", "%2e%2e", "acme\0", "acme/other"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api, address = Api(), f"connections/{quote(bad, safe='')}"
    for reply in (await api.get(address), await api.put(address, BODY), await api.delete(address)):
        assert "must begin with a lower-case letter or a digit" in reply.problem(400)["detail"]
    (await api.get(f"connections?after={quote(bad, safe='')}")).problem(400)
    assert api.world.documents.faults.log == api.secrets.faults.log == []


async def test_what_is_shown_can_be_sent_back() -> None:
    api = Api()
    shown = await api.get(ACME)
    reply = await api.put(ACME, shown.json, headers={"If-Match": shown.headers["ETag"]})
    assert (reply.status, reply.json, reply.headers["ETag"]) == (200, shown.json, shown.headers["ETag"])
    assert "Location" not in reply.headers
    assert api.world.documents.paths("audit/") == []
    reply = await api.put(ACME, {**shown.json, "display_name": "Another"}, headers={"If-Match": shown.headers["ETag"]})
    assert reply.headers["ETag"] != shown.headers["ETag"]
    assert reply.json["changed_by"] == LABEL
    assert reply.json["changed_at"] is not None


async def test_a_version_that_somebody_else_wrote_is_not_overwritten() -> None:
    api = Api()
    seen = (await api.get(ACME)).headers["ETag"]
    assert (await api.put(ACME, fields(display_name="Another"))).headers["ETag"] != seen
    for reply in (
        await api.put(ACME, fields(api_key=KEY), headers={"If-Match": seen}),
        await api.put(ACME, fields(api_key=KEY), headers={"If-None-Match": "*"}),
        await api.delete(ACME, headers={"If-Match": seen}),
        await api.put(NEW, BODY, headers={"If-Match": seen}),
    ):
        reply.problem(412)
    assert api.secrets.values == {}
    assert api.world.documents.paths("connections/") == ["connections/acme.json"]


async def test_two_who_save_at_the_same_time_do_not_overwrite_each_other() -> None:
    api = Api()

    async def meanwhile() -> None:
        for each in ("acme", "beta"):
            theirs = connection_document(id=each, display_name="Theirs")
            api.world.documents.put(f"connections/{each}.json", theirs)

    api.secrets.faults.when("put", "klaviyo-beta", meanwhile)
    (await api.put(NEW, BODY)).problem(409)
    api.secrets.faults.when("put", SECRET, meanwhile)
    (await api.put(ACME, fields(api_key=KEY))).problem(409)
    assert stored(api)["display_name"] == stored(api, "beta")["display_name"] == "Theirs"
    seen = {"If-Match": (await api.get(ACME)).headers["ETag"]}
    api.secrets.faults.when("put", SECRET, meanwhile)
    (await api.put(ACME, fields(api_key=KEY), headers=seen)).problem(412)


async def test_a_field_of_a_newer_version_of_the_app_is_left_alone() -> None:
    api = Api(World(connection={"schema": 2, "colour": "blue"}))
    await api.put(ACME, fields())
    assert stored(api)["colour"] == "blue"


async def test_a_broken_connection_is_told_of_and_can_be_replaced_and_removed() -> None:
    api = Api()
    for connection_id in ("acme", "beta"):
        api.world.documents.put(f"connections/{connection_id}.json", {"schema": 1})
    assert "/display_name" in (await api.get(ACME)).problem(409)["detail"]
    broken = (await api.get("connections")).json["connections"][0]
    assert broken == {
        "id": "acme",
        "kind": "klaviyo",
        "may": [],
        "self": "/api/connections/acme",
        "is_broken": True,
        "etag": broken["etag"],
    }
    assert (await api.put(ACME, fields(), headers={"If-Match": '"0"'})).status == 412
    api.secrets.values[SECRET] = KEY
    assert (await api.put(ACME, fields())).status == 200
    assert (await api.get(ACME)).status == 200
    assert (await api.delete(NEW)).status == 200


async def test_the_account_is_kept_when_the_key_changes_and_learnt_anew_on_request() -> None:
    api = Api()
    assert (await api.put(ACME, fields(api_key=KEY))).json["account_id"] == "AbC123"
    assert (await api.put(ACME, fields(account_id=None))).json["account_id"] is None


async def test_the_trail_tells_of_every_change_before_it_is_made_and_of_no_key() -> None:
    api = Api()
    await api.put(NEW, BODY)
    await api.put(NEW, {"display_name": "Beta_2", "secret_name": "klaviyo-beta"})
    await api.put(NEW, {**BODY, "consent": WITHDRAWN})
    await api.delete(NEW)
    lines = trail(api)
    assert [line["what"].removeprefix("connection.") for line in lines] == [
        "created",
        "consent_accepted",
        "key_changed",
        "changed",
        "changed",
        "consent_withdrawn",
        "key_changed",
        "removed",
    ]
    assert {line["subject"] for line in lines} == {NEW}
    assert lines[0]["before"] is None
    assert lines[0]["after"]["display_name"] == "Beta_Klaviyo"
    assert lines[1]["after"]["accepted_by"] == "Dana"
    assert lines[3]["before"]["display_name"] == "Beta_Klaviyo"
    assert lines[3]["after"]["display_name"] == "Beta_2"
    there_is_no_key_in(api)


async def test_nothing_is_changed_that_could_not_be_noted() -> None:
    api = Api()
    before = api.world.documents.value("connections/acme.json")
    api.world.documents.faults.fail("append_line", error=Unavailable("Storage does not answer."), times=2)
    (await api.put(ACME, fields(api_key=KEY, consent=WITHDRAWN))).problem(503)
    (await api.delete(f"{ACME}?exports=remove")).problem(503)
    assert stored(api) == before
    assert api.secrets.values == {}
    assert api.world.documents.paths("exports/") == ["exports/vip.json"]


@pytest.mark.parametrize("address", [NEW, ACME])
async def test_a_dry_run_checks_all_and_saves_nothing(address: str) -> None:
    api = Api()
    run = await api.world.start()
    before, secrets = dict(api.world.documents.blobs), dict(api.secrets.values)
    wish = {**BODY, "display_name": "Wished", "consent": {"accepted": False}}
    tried = await api.put(f"{address}?dry_run=true", wish)
    check(tried, 200, "Connection")
    assert (tried.json["display_name"], tried.json["consent"]["accepted"]) == ("Wished", False)
    assert tried.json["may"] == (["change", "remove"] if address == ACME else ["change"])
    assert not {"ETag", "Location"} & set(tried.headers)
    gone = {"display_name": "Beta", "secret_name": "klaviyo-gone"}
    (await api.put(f"{address}?dry_run=true", gone)).problem(422)
    (await api.put(f"{address}?dry_run=true", {**wish, "display_name": "9"})).problem(400)
    (await api.put(f"{address}?dry_run=true", wish, headers={"If-Match": '"99"'})).problem(412)
    assert (dict(api.world.documents.blobs), dict(api.secrets.values)) == (before, secrets)
    assert tried.wake_ups == []
    await api.world.go(run)
    assert api.world.run(run).status is RunStatus.SUCCEEDED
