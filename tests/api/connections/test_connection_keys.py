"""The key of a connection: in the vault, and nowhere else."""

import logging

import pytest

from tests.api.calling import Api, app_over, trail
from tests.api.connections.sample_connections import ACME, BODY, KEY, NEW, fields, there_is_no_key_in
from tests.builders import World, ndjson, people
from tests.fakes.secrets import MemorySecrets
from tests.fakes.sink import SECRET


async def test_a_connection_is_made_with_its_key_in_the_vault_and_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    api = Api()
    made = await api.put(NEW, BODY)
    assert (made.status, made.headers["Location"], made.wake_ups) == (201, "/api/connections/beta", [])
    assert api.secrets.values == {"klaviyo-beta": KEY}
    assert made.json["secret_name"] == "klaviyo-beta"
    shown = await api.get(NEW)
    assert (shown.status, shown.json) == (200, made.json)
    assert shown.headers["ETag"] == made.headers["ETag"]
    assert (shown.json["kind"], shown.json["shared_with"]) == ("klaviyo", "administrators")
    assert shown.json["may"] == ["use", "change", "remove", "test"]
    there_is_no_key_in(api, made, shown)
    assert "pk_" not in caplog.text


async def test_a_connection_is_made_over_a_secret_that_is_there() -> None:
    api = Api()
    api.secrets.values["klaviyo-of-beta"] = KEY
    body = {"display_name": "Beta", "secret_name": "klaviyo-of-beta", "shared_with": "contributors"}
    made = await api.put(NEW, body)
    assert (made.status, made.json["secret_name"], made.json["shared_with"]) == (201, "klaviyo-of-beta", "contributors")
    assert made.json["consent"]["accepted"] is False
    assert api.secrets.faults.calls["put"] == 0


async def test_a_secret_that_is_not_there_or_holds_no_key_makes_no_connection() -> None:
    api = Api()
    unusable = {"klaviyo-blank": " ", "klaviyo-odd": "two words", "klaviyo-long": "x" * 1001}
    api.secrets.values.update(unusable)
    for name in ("klaviyo-gone", *unusable):
        reply = await api.put(NEW, {"display_name": "Beta", "secret_name": name})
        assert reply.problem(422)["detail"] == f"Secret '{name}' cannot be used."
    assert api.world.documents.paths(NEW) == []
    assert api.world.documents.paths("audit/") == []


async def test_no_other_secret_of_the_vault_can_be_named_or_was_ever_sent_to_klaviyo() -> None:
    api = Api()
    api.secrets.values["DB-PASSWORD"] = "hunter2"
    refused = await api.put(NEW, {"display_name": "Beta", "secret_name": "DB-PASSWORD"})
    [problem] = refused.problem(400)["errors"]
    assert (problem["pointer"], problem["detail"]) == ("/secret_name", "must begin with 'klaviyo-' and go on")
    (await api.put(NEW, {"display_name": "Beta", "secret_name": "klaviyo-"})).problem(400)
    (await api.put(NEW, {"display_name": "Beta", "secret_name": "Klaviyo-", "api_key": KEY})).problem(400)
    assert api.secrets.faults.log == []


async def test_a_stored_connection_over_another_secret_is_not_used_and_its_consent_can_be_withdrawn() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3))}, connection={"secret_name": "DB-PASSWORD"}))
    api.secrets.values["DB-PASSWORD"] = "hunter2"
    tested = (await api.post(f"{ACME}/test")).json
    assert tested["problems"][-1]["detail"] == "Secret 'DB-PASSWORD' cannot be used."
    assert api.world.sink.faults.log == []
    kept = {"display_name": "Acme", "secret_name": "DB-PASSWORD", "consent": {"accepted": False}}
    assert (await api.put(ACME, kept)).status == 200
    (await api.put(ACME, {**kept, "secret_name": "DB-PASSWORD-2"})).problem(400)
    (await api.put(ACME, {**kept, "api_key": KEY})).problem(400)
    assert "hunter2" not in str(api.world.documents.blobs)


async def test_a_setting_may_allow_another_prefix() -> None:
    api = Api(secret_prefix="crm-")
    api.secrets = MemorySecrets(prefix="crm-")
    api.app = app_over(api.world, api.secrets, secret_prefix="crm-")
    assert (await api.put(NEW, BODY)).json["secret_name"] == "crm-beta"
    refused = await api.put(ACME, {"display_name": "Acme", "secret_name": "klaviyo-new"})
    assert refused.problem(400)["errors"][0]["detail"] == "must begin with 'crm-' and go on"


async def test_a_secret_is_looked_for_where_it_is_kept_not_where_it_was_remembered() -> None:
    api = Api()
    api.secrets.values["klaviyo-beta"] = KEY
    await api.secrets.get("klaviyo-beta")
    del api.secrets.values["klaviyo-beta"]
    (await api.put(NEW, {"display_name": "Beta", "secret_name": "klaviyo-beta"})).problem(422)


async def test_a_vault_that_lets_the_app_write_nothing_is_told_of_with_the_role_that_is_missing() -> None:
    api = Api()
    api.secrets.read_only = True
    reply = await api.put(NEW, BODY)
    assert "'Key Vault Secrets Officer'" in reply.problem(409)["detail"]
    api.secrets.read_only = False
    api.secrets.deleted.add("klaviyo-beta")
    deleted = await api.put(NEW, BODY)
    assert "can be recovered" in deleted.problem(409)["detail"]
    assert api.world.documents.paths(NEW) == []
    there_is_no_key_in(api, reply, deleted)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"display_name": "Beta", "api_key": "{KEY}"'.encode(),
        f'["{KEY}"]'.encode(),
        f'{{"display_name": "Beta", "api_key": ["{KEY}"]}}'.encode(),
        f'{{"display_name": "Beta", "secret_name": "{KEY}"}}'.encode(),
        f'{{"display_name": "Beta", "api_key": "{KEY}", "account_id": "{KEY}"}}'.encode(),
        f'{{"display_name": "Beta", "api_key": "{KEY}", "shared_with": "{KEY}"}}'.encode(),
        f'{{"display_name": "Beta", "api_key": "{KEY}", "consent": {{"accepted": true, "text": "{KEY}"}}}}'.encode(),
        f'{{"display_name": "Beta", "key": "{KEY}"}}'.encode(),
    ],
)
async def test_a_key_in_a_body_that_is_wrong_is_not_repeated(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = Api()
    reply = await api.call("PUT", NEW, body=body)
    reply.problem(400)
    there_is_no_key_in(api, reply)
    assert "pk_" not in caplog.text
    assert api.secrets.values == {}


async def test_a_fault_of_ours_while_a_key_is_written_is_logged_without_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = Api()
    api.secrets.faults.fail("put", error=RuntimeError("Nobody foresaw this."))
    reply = await api.put(NEW, BODY)
    reply.problem(500)
    assert "Traceback" in caplog.text
    there_is_no_key_in(api, reply)
    assert "pk_" not in caplog.text


async def test_the_same_key_again_is_a_new_version_as_well() -> None:
    api = Api()
    for _ in range(2):
        assert (await api.put(ACME, fields(api_key=KEY))).status == 200
    assert api.secrets.faults.count("put", SECRET) == 2
    assert [line["what"] for line in trail(api)].count("connection.key_changed") == 2
