"""Connections over HTTP."""

import logging
from typing import Any
from urllib.parse import quote

import pytest

from shared.domain.config.consent import CURRENT_TEXT, TEXTS
from shared.domain.errors import Conflict, CredentialsRefused, Unavailable
from shared.domain.runs.run import RunStatus, Tally
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, Reply, entra
from tests.builders import World, checked, connection_document, ndjson, people
from tests.fakes.sink import LIST, SECRET

ACME = "connections/acme"
NEW = "connections/beta"
KEY = "pk_0123456789secret"
AGREED = {"accepted": True, "accepted_by": "Dana", "text": CURRENT_TEXT}
BODY: dict[str, Any] = {"display_name": "Beta_Klaviyo", "api_key": KEY, "consent": AGREED}
WITHDRAWN = {"accepted": False}
LABEL = "A caller with a function key"


def fields(**changes: Any) -> dict[str, Any]:
    """Return the body of a PUT of the connection that is there, with *changes*."""
    return {"display_name": "Acme_Klaviyo", "secret_name": SECRET, **changes}


def stored(api: Api, connection_id: str = "acme") -> dict[str, Any]:
    document: dict[str, Any] = api.world.documents.value(f"connections/{connection_id}.json")
    return document


def there_is_no_key_in(api: Api, *replies: Reply) -> None:
    """Check that the key is nowhere but in the vault."""
    assert not any(b"pk_" in body for body in api.world.documents.blobs.values())
    assert not any("pk_" in reply.text or "pk_" in str(reply.headers) for reply in replies)


def trail(api: Api) -> list[dict[str, Any]]:
    (path,) = api.world.documents.paths("audit/")
    return api.world.documents.lines(path)


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, max_profiles=10, in_flight=1, **changes)


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
    api.secrets.values["kv-beta"] = KEY
    body = {"display_name": "Beta", "secret_name": "kv-beta", "shared_with": "contributors"}
    made = await api.put(NEW, body)
    assert (made.status, made.json["secret_name"], made.json["shared_with"]) == (201, "kv-beta", "contributors")
    assert made.json["consent"]["accepted"] is False
    assert api.secrets.faults.calls["put"] == 0


async def test_a_secret_that_is_not_there_or_holds_no_key_makes_no_connection() -> None:
    api = Api()
    api.secrets.values["klaviyo-odd"] = "two words"
    for name, words in (("klaviyo-gone", "There is no secret 'klaviyo-gone'"), ("klaviyo-odd", "cannot be a key")):
        reply = await api.put(NEW, {"display_name": "Beta", "secret_name": name})
        assert words in reply.problem(422)["detail"]
        assert "two words" not in reply.text
    assert api.world.documents.paths(NEW) == []
    assert api.world.documents.paths("audit/") == []


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
    assert api.world.documents.faults.log == []
    there_is_no_key_in(api, reply)


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


@pytest.mark.parametrize("bad", ["ACME", "", "a" * 64, "../secrets", "%2e%2e", "acme\0", "acme/other"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api, address = Api(), f"connections/{quote(bad, safe='')}"
    for reply in (await api.get(address), await api.put(address, BODY), await api.delete(address)):
        assert "must begin with a lower-case letter or a digit" in reply.problem(400)["detail"]
    (await api.get(f"connections?after={quote(bad, safe='')}")).problem(400)
    assert api.world.documents.faults.log == api.secrets.faults.log == []


async def test_an_unknown_connection_is_not_found() -> None:
    api = Api()
    for reply in (await api.get(NEW), await api.delete(NEW)):
        assert reply.problem(404)["detail"] == "There is no connection 'beta'."


async def test_what_is_shown_can_be_sent_back() -> None:
    api = Api()
    shown = await api.get(ACME)
    reply = await api.put(ACME, shown.json, headers={"If-Match": shown.headers["ETag"]})
    assert reply.status == 200
    assert "Location" not in reply.headers
    ours = ("created_at", "changed_at", "changed_by")
    assert {**reply.json, **dict.fromkeys(ours)} == {**shown.json, **dict.fromkeys(ours)}
    assert reply.json["changed_by"] == LABEL
    assert reply.json["changed_at"] is not None


async def test_a_version_that_somebody_else_wrote_is_not_overwritten() -> None:
    api = Api()
    seen = (await api.get(ACME)).headers["ETag"]
    assert (await api.put(ACME, fields())).headers["ETag"] != seen
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
    }
    api.secrets.values[SECRET] = KEY
    assert (await api.put(ACME, fields())).status == 200
    assert (await api.get(ACME)).status == 200
    assert (await api.delete(NEW)).status == 200


async def test_connections_are_listed_in_order_of_id_page_by_page() -> None:
    api = Api()
    ids = ["acme", *(f"acme-{number}" for number in range(10, 55))]
    for each in ids:
        api.world.documents.put(f"connections/{each}.json", connection_document(id=each))
    seen: list[str] = []
    address: str | None = "connections"
    while address:
        page = (await api.get(address)).json
        assert len(page["connections"]) <= 20
        seen += [each["id"] for each in page["connections"]]
        address = page["next"]
    assert seen == ids


async def test_the_same_key_again_is_a_new_version_as_well() -> None:
    api = Api()
    for _ in range(2):
        assert (await api.put(ACME, fields(api_key=KEY))).status == 200
    assert api.secrets.faults.count("put", SECRET) == 2
    assert [line["what"] for line in trail(api)].count("connection.key_changed") == 2


async def test_the_account_is_kept_when_the_key_changes_and_learnt_anew_on_request() -> None:
    api = Api()
    assert (await api.put(ACME, fields(api_key=KEY))).json["account_id"] == "AbC123"
    assert (await api.put(ACME, fields(account_id=None))).json["account_id"] is None


async def test_who_agreed_to_what_is_recorded_as_claimed_where_only_a_function_key_is_known() -> None:
    api = Api()
    consent = (await api.put(NEW, BODY)).json["consent"]
    assert (consent["accepted_by"], consent["claimed"], consent["text"]) == ("Dana", True, CURRENT_TEXT)
    assert consent["accepted_at"] is not None


async def test_who_is_signed_in_agrees_in_their_own_name_whatever_name_they_give() -> None:
    api = entra()
    made = await api.put(NEW, BODY, role=ADMIN)
    consent = made.json["consent"]
    assert (consent["accepted_by"], consent["claimed"]) == ("dana@example.com", False)
    assert made.json["changed_by"] == "dana@example.com"


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
async def test_all_but_administrators_see_names_only_and_change_nothing(role: str) -> None:
    api = entra(World())
    name = {"id": "acme", "display_name": "Acme_Klaviyo", "kind": "klaviyo", "may": [], "self": "/api/connections/acme"}
    assert (await api.get(ACME, role=role)).json == name
    assert (await api.get("connections", role=role)).json["connections"] == [name]
    (await api.put(ACME, fields(), role=role)).problem(403)
    (await api.put(NEW, BODY, role=role)).problem(403)
    (await api.delete(ACME, role=role)).problem(403)
    assert api.secrets.faults.log == []
    assert (await api.get("consent", role=role)).status == 200


async def test_contributors_see_that_they_may_use_what_is_shared_with_them() -> None:
    api = entra(World(connection={"shared_with": "contributors"}))
    assert (await api.get(ACME, role=CONTRIBUTOR)).json["may"] == ["use"]
    assert (await api.get(ACME, role=READER)).json["may"] == []
    assert set((await api.get(ACME, role=CONTRIBUTOR)).json) == {"id", "display_name", "kind", "may", "self"}


async def test_the_text_of_the_consent_is_there_to_be_shown() -> None:
    reply = await Api().get("consent")
    assert reply.json == {"current": CURRENT_TEXT, "texts": TEXTS}


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


async def test_withdrawing_the_consent_stops_what_runs_and_what_waits_and_says_by_whom() -> None:
    api = entra(world_of())
    world = api.world
    world.put_export(id="other", list_id=LIST)
    world.put_export(id="elsewhere", connection_id="beta")
    world.sink.faults.fail("send", f"{LIST}/2")
    running, behind, waiting = await world.start(), await world.start(), await world.start("other")
    elsewhere = await world.start("elsewhere")
    await world.leg(running)
    assert world.run(running).status is RunStatus.EXPORTING
    reply = await api.put(ACME, fields(consent=WITHDRAWN), role=ADMIN)
    assert set(reply.wake_ups) == {running, behind, waiting}
    consent = reply.json["consent"]
    assert (consent["accepted"], consent["withdrawn_by"]) == (False, "dana@example.com")
    await world.go(*reply.wake_ups, elsewhere)
    for wake_up in (running, behind, waiting):
        run = checked(world.run(wake_up))
        assert run.status is RunStatus.CANCELLED
        assert run.ending is not None
        assert run.ending.detail == "The user with object id 0d1f withdrew the consent of connection 'acme'."
    assert world.run(running).tally == Tally(read=10, accepted=10)
    assert world.run(elsewhere).status is RunStatus.FAILED
    told = [body for path, body in world.documents.blobs.items() if path.startswith(("runs/", "active/"))]
    assert not any(b"dana" in body for body in told)


async def test_a_run_that_only_settles_what_was_sent_is_left_to_it_when_the_consent_is_withdrawn() -> None:
    api = Api(world_of(sweeps_to_end=30))
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SETTLING
    assert (await api.put(ACME, fields(consent=WITHDRAWN))).wake_ups == []
    await api.world.go(wake_up)
    assert (api.world.run(wake_up).status, api.world.run(wake_up).tally.accepted) == (RunStatus.SUCCEEDED, 100)


async def test_what_was_requested_before_the_withdrawal_is_cancelled_even_where_no_note_was_left() -> None:
    api = Api(world_of())
    before = await api.world.start()
    api.world.documents.faults.fail("insert", "*/cancel.json", error=Unavailable("Storage does not answer."))
    (await api.put(ACME, fields(consent=WITHDRAWN))).problem(503)
    await api.world.clock.advance(1)
    await api.world.go(before)
    after = await api.world.start()
    await api.world.go(after)
    ends = [api.world.run(each).ending for each in (before, after)]
    assert [(end.status, end.detail) for end in ends if end] == [
        (RunStatus.CANCELLED, f"{LABEL} withdrew the consent of connection 'acme'."),
        (
            RunStatus.FAILED,
            f"{LABEL} withdrew the consent of connection 'acme'. An administrator has to accept it again.",
        ),
    ]
    assert api.world.sink.made == []


async def test_a_run_that_was_stopped_by_a_withdrawal_stays_stopped_when_the_consent_is_given_again() -> None:
    api = Api(world_of())
    wake_up = await api.world.start()
    await api.put(ACME, fields(consent=WITHDRAWN))
    assert (await api.put(ACME, fields(consent=AGREED))).json["consent"]["accepted"] is True
    await api.world.go(wake_up)
    assert api.world.run(wake_up).status is RunStatus.CANCELLED
    assert (await api.world.whole_run()).status is RunStatus.SUCCEEDED


async def test_a_consent_can_be_withdrawn_while_the_vault_is_away_and_once_more_where_it_was_cut_off() -> None:
    api = Api(world_of())
    api.secrets.faults.fail("*", error=CredentialsRefused("The vault refused."), times=99)
    wake_up = await api.world.start()
    api.world.documents.faults.fail("insert", "*/cancel.json", error=Unavailable("Storage does not answer."))
    (await api.put(ACME, fields(consent=WITHDRAWN))).problem(503)
    first = stored(api)["consent"]
    reply = await api.put(ACME, fields(consent=WITHDRAWN))
    assert (reply.status, reply.wake_ups) == (200, [wake_up])
    assert stored(api)["consent"] == first


async def test_a_connection_in_use_is_not_removed_without_a_word_about_its_exports() -> None:
    api = Api()
    api.world.put_export(id="gold")
    problem = (await api.delete(ACME)).problem(409)
    assert problem["type"].endswith(":in_use")
    assert problem["exports"] == ["gold", "vip"]
    assert "?exports=remove or ?exports=detach" in problem["detail"]
    assert (await api.get(ACME)).status == 200
    (await api.delete(f"{ACME}?exports=forget")).problem(400)


async def test_a_connection_that_nothing_uses_is_removed_and_its_secret_stays() -> None:
    api = Api()
    await api.put(NEW, BODY)
    reply = await api.delete(NEW)
    assert (reply.status, reply.json) == (
        200,
        {"id": "beta", "exports": {"remove": [], "detach": []}, "kept_secret": "klaviyo-beta"},
    )
    (await api.get(NEW)).problem(404)
    assert api.secrets.values == {"klaviyo-beta": KEY}


@pytest.mark.parametrize("fate", ["remove", "detach"])
async def test_removing_a_connection_stops_the_runs_of_its_exports(fate: str) -> None:
    api = Api(world_of())
    world = api.world
    world.put_export(id="elsewhere", connection_id="beta")
    world.documents.put("schedules/vip.json", {"schema": 1, "last_slot": "2026-01-01T00:00:00Z"})
    world.documents.put("lists/vip.json", {"schema": 1, "list_id": "Y6nRLr"})
    running = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(running)
    queued = await world.start()
    reply = await api.delete(f"{ACME}?exports={fate}")
    assert reply.status == 200
    assert reply.json["exports"] == {"remove": [], "detach": [], fate: ["vip"]}
    assert set(reply.wake_ups) == {running, queued}
    await world.go(*reply.wake_ups)
    for wake_up in (running, queued):
        run = checked(world.run(wake_up))
        assert run.status is RunStatus.CANCELLED
        assert run.ending is not None
        assert run.ending.detail == f"{LABEL} removed connection 'acme'."
    (await api.get(ACME)).problem(404)
    assert world.documents.value("exports/elsewhere.json")["connection_id"] == "beta"
    if fate == "remove":
        assert world.documents.paths("exports/vip") == world.documents.paths("schedules/") == []
        assert world.documents.paths("lists/") == []
    else:
        left = world.documents.value("exports/vip.json")
        assert (left["connection_id"], left["changed_by"], left["segments"]) == (None, LABEL, ["vip"])
    assert f"export.{fate}{'d' if fate == 'remove' else 'ed'}" in [line["what"] for line in trail(api)]


@pytest.mark.parametrize(("fate", "call"), [("remove", "delete"), ("detach", "replace")])
async def test_a_run_that_begins_while_its_export_is_parted_from_the_connection_is_stopped_as_well(
    fate: str, call: str
) -> None:
    api, begun = Api(world_of()), []

    async def begin() -> None:
        begun.append(await api.world.start())

    api.world.documents.faults.when(call, "exports/vip.json", begin)
    reply = await api.delete(f"{ACME}?exports={fate}")
    assert reply.wake_ups == begun
    await api.world.go(*begun)
    ending = api.world.run(begun[0]).ending
    assert ending is not None
    assert ending.detail == f"{LABEL} removed connection 'acme'."


@pytest.mark.parametrize("fate", ["remove", "detach"])
@pytest.mark.parametrize("call", ["insert", "delete", "replace"])
async def test_a_removal_that_was_cut_off_is_finished_by_the_same_call(fate: str, call: str) -> None:
    api = Api(world_of())
    world = api.world
    world.put_export(id="gold")
    runs = [await world.start(), await world.start("gold")]
    address = f"{ACME}?exports={fate}"
    for number in range(9):
        if not world.documents.paths(ACME):
            break
        world.documents.faults.fail(call, skip=number, error=Unavailable("Storage does not answer."))
        reply = await api.delete(address)
        assert reply.status in (200, 503)
        world.documents.faults._planned.clear()
    assert world.documents.paths(ACME) == []
    await world.go(*runs)
    assert {world.run(each).status for each in runs} == {RunStatus.CANCELLED}
    assert world.sink.made == []


async def test_an_export_that_somebody_moves_to_another_connection_meanwhile_is_left_to_them() -> None:
    api = Api()

    async def move() -> None:
        api.world.put_export(connection_id="beta")

    api.world.documents.faults.when("replace", "exports/vip.json", move)
    assert (await api.delete(f"{ACME}?exports=detach")).status == 200
    assert api.world.documents.value("exports/vip.json")["connection_id"] == "beta"


async def test_an_export_that_never_stands_still_is_not_fought_over_for_ever() -> None:
    api = Api()
    api.world.documents.faults.fail("replace", "exports/vip.json", error=Conflict("Changed."), times=99)
    assert "being changed by somebody else" in (await api.delete(f"{ACME}?exports=detach")).problem(409)["detail"]
    assert api.world.documents.faults.count("replace", "exports/vip.json") == 5
    assert (await api.get(ACME)).status == 200
