"""Exports over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest

from shared.domain.config.schedule import Schedule
from shared.domain.errors import CONNECTION_TROUBLE, CredentialsRefused, Unavailable
from shared.domain.runs.run import RunStatus
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, details, entra
from tests.api.test_openapi import check
from tests.builders import World, connection_document, export_document, ndjson, people
from tests.fakes.sink import LIST

VIP, NEW = "exports/vip", "exports/news"
HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}
LABEL = "A caller with a function key"
DANA = "dana@example.com"


def body(**changes: Any) -> dict[str, Any]:
    """Return the body of a PUT, with *changes*."""
    document = export_document(**changes)
    return {name: value for name, value in document.items() if name not in ("id", "schema")}


def stored(api: Api, export_id: str = "vip") -> dict[str, Any]:
    document: dict[str, Any] = api.world.documents.value(f"exports/{export_id}.json")
    return document


def trail(api: Api) -> list[dict[str, Any]]:
    (path,) = api.world.documents.paths("audit/")
    return api.world.documents.lines(path)


def shared_world(rows: int = 3, **changes: Any) -> World:
    """Return a world whose connection is shared with contributors; there is one more that is not."""
    world = World(
        {"vip/1.ndjson": ndjson(people(rows))}, connection={"shared_with": "contributors"}, max_profiles=10, **changes
    )
    world.documents.put("connections/ours.json", connection_document(id="ours"))
    return world


async def test_an_export_is_made_and_shown_and_nothing_runs() -> None:
    api = Api()
    made = await api.put(NEW, body(schedule=HOURLY))
    assert (made.status, made.headers["Location"], made.wake_ups) == (201, "/api/exports/news", [])
    shown = await api.get(NEW)
    check(shown, 200, "Export")
    assert shown.json == made.json
    assert shown.headers["ETag"] == made.headers["ETag"]
    assert shown.json["connection"] == {"id": "acme", "display_name": "Acme_Klaviyo"}
    assert (shown.json["status"], shown.json["last_run"], shown.json["warnings"]) == (None, None, [])
    assert (shown.json["next_run"], shown.json["changed_by"]) == ("2026-11-23T07:00:00.000Z", LABEL)
    assert shown.json["may"] == ["run", "preview", "change", "remove", "duplicate", "cancel"]
    assert api.world.documents.paths("runs/") == api.world.documents.paths("active/") == []
    assert api.world.sink.faults.log == []


async def test_what_is_shown_can_be_changed_and_sent_back() -> None:
    api = Api()
    await api.put(NEW, body())
    shown = await api.get(NEW)
    await api.world.clock.advance(60)
    changed = await api.put(NEW, shown.json | {"display_name": "News"}, headers={"If-Match": shown.headers["ETag"]})
    check(changed, 200, "Export")
    same = ("changed_at", "display_name")
    assert {k: v for k, v in changed.json.items() if k not in same} == {
        k: v for k, v in shown.json.items() if k not in same
    }
    assert (changed.json["display_name"], changed.json["changed_at"]) == ("News", "2026-11-23T06:01:00.000Z")
    (await api.put(NEW, shown.json, headers={"If-Match": shown.headers["ETag"]})).problem(412)
    (await api.put(NEW, shown.json, headers={"If-None-Match": "*"})).problem(412)
    assert stored(api, "news")["display_name"] == "News"


async def test_everything_that_is_wrong_is_named_at_once_and_nothing_is_written() -> None:
    api = Api()
    reply = await api.put(NEW, body(connection_id="nobody", segments=["../x"], list_id="", lists=[], mapping={}))
    assert sorted(each["pointer"] for each in reply.problem(400)["errors"]) == [
        "/connection_id",
        "/list_id",
        "/lists",
        "/mapping/email",
        "/segments/0",
    ]
    assert api.world.documents.paths("exports/") == ["exports/vip.json"]
    assert api.world.documents.paths("audit/") == []


@pytest.mark.parametrize("bad", ["VIP", "a" * 64, "..", "%2e%2e", "vip\0", "vip/x", "é"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api, address = Api(), f"exports/{quote(bad, safe='')}"
    for reply in (await api.get(address), await api.put(address, body()), await api.delete(address)):
        reply.problem(400)
    assert api.world.documents.faults.log == []


async def test_klaviyo_is_asked_for_the_list_only_when_that_is_wished() -> None:
    api = Api()
    assert (await api.put(NEW, body(list_id="Nowhere"))).status == 201
    assert api.world.sink.faults.log == []
    assert (await api.put(f"{NEW}?validate=klaviyo", body())).status == 200
    assert api.world.sink.faults.log == [("list_details", LIST)]
    reply = (await api.put(f"{NEW}?validate=klaviyo", body(list_id="Nowhere"))).problem(400)
    assert [each["pointer"] for each in reply["errors"]] == ["/list_id"]
    assert stored(api, "news")["list_id"] == LIST
    (await api.put(f"{NEW}?validate=all", body())).problem(400)


async def test_a_contributor_does_not_hear_the_names_of_secrets() -> None:
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False)):
        api = entra(shared_world())
        api.world.sink.faults.fail(
            "list_details", error=CredentialsRefused("Secret 'klaviyo-acme' is no good.", public=CONNECTION_TROUBLE)
        )
        problem = (await api.put(f"{NEW}?validate=klaviyo", body(), role=role)).problem(409)
        assert ("klaviyo-acme" in problem["detail"]) is hears
    assert api.world.documents.paths("exports/news") == []


async def test_a_slow_klaviyo_is_an_answer_that_one_can_try_again() -> None:
    api = Api()
    api.world.sink.faults.fail("list_details", error=Unavailable("Klaviyo is away."))
    (await api.put(f"{NEW}?validate=klaviyo", body())).problem(503)


@pytest.mark.parametrize(
    "before",
    [None, {"schedule": HOURLY, "enabled": False}, {"schedule": {"cron": "30 * * * *"}}, {"schedule": HOURLY}],
    ids=["new", "disabled", "rescheduled", "as it was"],
)
async def test_saving_runs_nothing_that_the_schedule_would_have_run_before(before: dict[str, Any] | None) -> None:
    api = Api()
    world = api.world
    await world.documents.delete("exports/vip.json")
    if before is not None:
        await api.put(VIP, body(**before))
    world.documents.put("schedules/vip.json", {"schema": 1, "last_slot": "2026-11-23T01:00:00Z"})
    await world.clock.advance(1800)
    is_same = before == {"schedule": HOURLY}
    await api.put(VIP, body(schedule=HOURLY, display_name="Another"))
    await world.tick()
    assert len(world.all_runs()) == int(is_same)  # what goes on loses no slot
    await world.clock.advance(3600)
    await world.tick()
    assert [run.status for run in world.all_runs()].count(RunStatus.QUEUED) == 1


async def test_what_does_not_start_by_itself_has_no_next_run() -> None:
    api = Api(refresh=Schedule(cron="0 12 * * *", time_zone="UTC"))
    for changes, next_run in (
        ({"schedule": HOURLY}, "2026-11-23T07:00:00.000Z"),
        ({"schedule": HOURLY, "enabled": False}, None),
        ({"schedule": None}, None),
        ({"schedule": "refresh"}, "2026-11-23T12:00:00.000Z"),
    ):
        assert (await api.put(NEW, body(**changes))).json["next_run"] == next_run


async def test_an_export_with_refresh_says_when_the_app_has_no_schedule() -> None:
    shown = (await Api().put(NEW, body(schedule="refresh"))).json
    assert shown["next_run"] is None
    assert "give the app the setting REFRESH_SCHEDULE" in details(shown["warnings"])[0]
    assert (await Api(refresh=Schedule(cron="0 12 * * *", time_zone="UTC")).put(NEW, body(schedule="refresh"))).json[
        "warnings"
    ] == []


async def test_an_export_says_what_is_in_its_way() -> None:
    api = Api()
    api.world.documents.put("connections/acme.json", connection_document(consent={"accepted": False}))
    assert "Nobody has agreed that data may leave" in details((await api.get(VIP)).json["warnings"])[0]
    await api.world.documents.delete("connections/acme.json")
    shown = (await api.get(VIP)).json
    assert shown["warnings"] == [
        {
            "code": "connection_of_export_missing",
            "params": {"connection": "acme"},
            "detail": "Connection 'acme' does not exist; create it or give the export another one.",
        }
    ]
    assert (shown["connection"], shown["may"]) == (None, ["change", "remove", "duplicate", "cancel"])
    api.world.put_export(connection_id=None, schedule=HOURLY)
    shown = (await api.get(VIP)).json
    assert "has no connection" in details(shown["warnings"])[0]
    assert shown["next_run"] is None


async def test_an_export_shows_its_last_run() -> None:
    api = Api()
    run = await api.world.whole_run()
    shown = await api.get(VIP)
    check(shown, 200, "Export")
    last = shown.json["last_run"]
    assert (shown.json["status"], last["id"], last["status"]) == ("succeeded", run.id, "succeeded")
    assert (last["tally"]["accepted"], last["self"]) == (3, f"/api/exports/vip/runs/{run.id}")


async def test_a_slot_that_was_skipped_does_not_hide_the_run_that_was_in_its_way() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))}, export={"schedule": HOURLY})
    api = Api(world)
    await world.tick()
    await world.clock.advance(3600)
    (active,) = await world.tick()
    await world.clock.advance(3600)
    await world.tick()
    assert [run.status for run in world.all_runs()] == [RunStatus.QUEUED, RunStatus.SKIPPED]
    assert (await api.get(VIP)).json["last_run"]["id"] == active.run_id


async def test_exports_are_listed_page_by_page() -> None:
    api = Api()
    for number in range(4):
        await api.put(f"exports/e{number}", body())
    first = await api.get("exports?limit=2")
    check(first, 200, "Exports")
    assert [each["id"] for each in first.json["exports"]] == ["e0", "e1"]
    second = await api.get(first.json["next"])
    assert [each["id"] for each in second.json["exports"]] == ["e2", "e3"]
    third = await api.get(second.json["next"])
    assert ([each["id"] for each in third.json["exports"]], third.json["next"]) == (["vip"], None)
    assert first.json["exports"][0] == (await api.get("exports/e0")).json


async def test_a_page_of_exports_reads_each_connection_once_and_two_documents_an_export() -> None:
    api = Api()
    for number in range(9):
        await api.put(f"exports/e{number}", body())
    await api.world.whole_run()
    log = api.world.documents.faults.log
    log.clear()
    await api.get("exports")
    assert len([path for call, path in log if call == "get"]) == 10 + 1 + 1
    assert len([path for call, path in log if call == "folders"]) == 10


async def test_a_broken_export_does_not_spoil_the_list_and_can_be_replaced_or_removed() -> None:
    api = entra(shared_world())
    api.world.documents.put("exports/bad.json", {"schema": 1, "id": "bad"})
    listed = await api.get("exports", role=ADMIN)
    check(listed, 200, "Exports")
    assert listed.json["exports"][0] == {
        "id": "bad",
        "is_broken": True,
        "may": ["change", "remove"],
        "self": "/api/exports/bad",
    }
    assert (await api.get("exports", role=CONTRIBUTOR)).json["exports"][0]["may"] == []
    (await api.get("exports/bad", role=ADMIN)).problem(409)
    (await api.put("exports/bad", body(), role=CONTRIBUTOR)).problem(403)
    assert (await api.put("exports/bad", body(), role=ADMIN)).status == 200
    api.world.documents.put("exports/bad.json", {"schema": 1, "id": "bad"})
    (await api.delete("exports/bad", role=CONTRIBUTOR)).problem(403)
    assert (await api.delete("exports/bad", role=ADMIN)).status == 200


async def test_a_contributor_works_with_exports_over_shared_connections_only() -> None:
    api = entra(shared_world())
    api.world.put_export(id="secret", connection_id="ours")
    assert (await api.put(NEW, body(), role=CONTRIBUTOR)).json["changed_by"] == DANA
    (await api.put("exports/other", body(connection_id="ours"), role=CONTRIBUTOR)).problem(403)
    (await api.put("exports/other", body(connection_id=None), role=CONTRIBUTOR)).problem(403)
    (await api.put("exports/secret", body(), role=CONTRIBUTOR)).problem(403)
    (await api.put(NEW, body(connection_id="ours"), role=CONTRIBUTOR)).problem(403)
    (await api.delete("exports/secret", role=CONTRIBUTOR)).problem(403)
    (await api.post("exports/secret/duplicate", {"id": "mine"}, role=CONTRIBUTOR)).problem(403)
    (await api.post("exports/secret/preview", role=CONTRIBUTOR)).problem(403)
    (await api.post(f"{NEW}/preview", {"export": body(connection_id="ours")}, role=CONTRIBUTOR)).problem(403)
    assert (await api.get("exports/secret", role=CONTRIBUTOR)).json["may"] == []
    assert (await api.post(f"{NEW}/duplicate", {"id": "mine"}, role=CONTRIBUTOR)).status == 201
    assert (await api.post(f"{NEW}/preview", role=CONTRIBUTOR)).status == 200
    assert (await api.delete(NEW, role=CONTRIBUTOR)).status == 200
    assert api.world.documents.paths("exports/") == ["exports/mine.json", "exports/secret.json", "exports/vip.json"]


async def test_a_reader_sees_exports_and_changes_none() -> None:
    api = entra(shared_world())
    assert (await api.get(VIP, role=READER)).json["may"] == []
    assert (await api.get("exports", role=READER)).status == 200
    for reply in (
        await api.put(VIP, body(), role=READER),
        await api.delete(VIP, role=READER),
        await api.post(f"{VIP}/duplicate", {"id": "mine"}, role=READER),
        await api.post(f"{VIP}/preview", role=READER),
        await api.get("segments", role=READER),
    ):
        reply.problem(403)


async def test_removing_stops_the_runs_and_keeps_their_history() -> None:
    world = World(
        {"vip/1.ndjson": ndjson(people(100))},
        export={"schedule": HOURLY},
        max_profiles=10,
        in_flight=1,
        seconds=lambda _: 5.0,
    )
    api = Api(world)
    await world.tick()
    wake_up = await world.start()
    removed = []

    async def remove() -> None:
        removed.append(await api.delete(VIP))

    world.sink.faults.when("send", "*/3", remove)
    await world.go(wake_up)
    run = world.run(wake_up)
    assert run.status is RunStatus.CANCELLED
    assert run.ending
    assert run.ending.detail == f"{LABEL} removed export 'vip'."
    check(removed[0], 200, "RemovedExport")
    assert removed[0].wake_ups == [wake_up]
    assert removed[0].json["stopped_runs"] == [f"/api/exports/vip/runs/{run.id}"]
    assert world.documents.paths("exports/") == world.documents.paths("schedules/") == []
    assert world.documents.paths("lists/") == []
    (await api.get(VIP)).problem(404)
    assert (await api.get(removed[0].json["runs"])).json["runs"][0]["id"] == run.id
    assert [line["what"] for line in trail(api)] == ["export.removed"]


@pytest.mark.parametrize(
    ("change", "did"),
    [
        ({"enabled": False}, "disabled export 'vip'."),
        ({"connection_id": None}, "parted export 'vip' from its connection."),
    ],
    ids=["disabled", "parted"],
)
async def test_a_run_knows_who_disabled_its_export_or_took_its_connection(change: dict[str, Any], did: str) -> None:
    api = entra(shared_world(100, in_flight=1, seconds=lambda _: 5.0))
    wake_up = await api.world.start()
    changed = []

    async def change_export() -> None:
        changed.append(await api.put(VIP, body(**change), role=ADMIN))

    api.world.sink.faults.when("send", "*/3", change_export)
    await api.world.go(wake_up)
    check(changed[0], 200, "Export")
    assert changed[0].wake_ups == [wake_up]
    run = api.world.run(wake_up)
    assert (run.status, run.ending and run.ending.detail) == (
        RunStatus.CANCELLED,
        f"The user with object id 0d1f {did}",
    )
    assert 0 < run.tally.accepted < 100


async def test_a_change_that_takes_nothing_away_stops_no_run() -> None:
    api = Api()
    wake_up = await api.world.start()
    for changes in ({"display_name": "News"}, {"enabled": True}):
        assert (await api.put(VIP, body(**changes))).wake_ups == []
    await api.world.go(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SUCCEEDED


async def test_a_run_knows_who_removed_its_export_before_that_is_gone_and_so_does_one_that_begins_meanwhile() -> None:
    api, begun = Api(), []
    first = await api.world.start()

    async def begin() -> None:
        assert api.world.documents.paths(f"runs/vip/{first.run_id}/cancel") != []
        begun.append(await api.world.start())

    api.world.documents.faults.when("delete", "exports/vip.json", begin)
    reply = await api.delete(VIP)
    assert reply.wake_ups == [first, *begun]
    await api.world.go(*reply.wake_ups)
    assert {run.ending.detail for run in api.world.all_runs() if run.ending} == {f"{LABEL} removed export 'vip'."}
    assert [run.status for run in api.world.all_runs()] == [RunStatus.CANCELLED] * 2


async def test_only_the_version_that_was_seen_is_removed() -> None:
    api = Api()
    (await api.delete(VIP, headers={"If-Match": '"another"'})).problem(412)
    (await api.delete("exports/nobody")).problem(404)
    assert stored(api)["id"] == "vip"
    etag = (await api.get(VIP)).headers["ETag"]
    assert (await api.delete(VIP, headers={"If-Match": etag})).status == 200


async def test_an_export_that_somebody_changes_while_it_is_removed_stays() -> None:
    api = Api()

    async def other() -> None:
        api.world.put_export(display_name="Theirs")

    api.world.documents.faults.when("delete", "exports/vip.json", other)
    (await api.delete(VIP)).problem(409)
    assert stored(api)["display_name"] == "Theirs"


async def test_an_export_that_gets_the_id_of_a_removed_one_is_not_taken_for_it() -> None:
    api = entra(shared_world(rows=1))
    world = api.world
    world.put_export(connection_id="ours", mapping={"email": "Nothing"})
    world.segments.put("vip/1.ndjson", ndjson([{"Nothing": "no address", "Name": "x"}]))
    old = await world.whole_run()
    await api.delete(VIP, role=ADMIN)
    await world.clock.advance(60)
    assert (await api.put(VIP, body(), role=CONTRIBUTOR)).status == 201
    assert (await api.get(VIP, role=CONTRIBUTOR)).json["last_run"] is None
    rejections = f"{VIP}/runs/{old.id}/rejections"
    (await api.get(rejections, role=CONTRIBUTOR)).problem(403)
    assert (await api.get(rejections, role=ADMIN)).status == 200
    new = await world.whole_run()
    assert (await api.get(VIP, role=CONTRIBUTOR)).json["last_run"]["id"] == new.id
    assert (await api.get(f"{VIP}/runs/{new.id}/rejections", role=CONTRIBUTOR)).status == 200


async def test_notes_that_a_removal_left_behind_do_not_count_for_a_new_export() -> None:
    api = Api()
    api.world.documents.put("lists/news.json", {"schema": 1, "list_id": LIST})
    api.world.documents.put("schedules/news.json", {"schema": 1, "last_slot": "2020-01-01T00:00:00Z"})
    await api.put(NEW, body())
    assert api.world.documents.paths("lists/") == api.world.documents.paths("schedules/") == []


async def test_a_copy_is_disabled_and_has_everything_else() -> None:
    api = Api()
    await api.put(NEW, body(schedule=HOURLY, limits={"max_rows": 5}))
    made = await api.post(f"{NEW}/duplicate", {"id": "copy"})
    check(made, 201, "Export")
    assert made.headers["Location"] == "/api/exports/copy"
    assert (made.json["display_name"], made.json["enabled"]) == ("VIP newsletter (copy)", False)
    same = ("connection_id", "list_id", "segments", "mapping", "limits", "schedule", "allow_flows")
    assert {name: made.json[name] for name in same} == {name: stored(api, "news")[name] for name in same}
    assert (await api.get("exports/copy")).json == made.json
    await api.world.clock.advance(7200)
    await api.world.tick()
    assert api.world.all_runs("copy") == []
    assert [line["what"] for line in trail(api) if line["subject"] == "exports/copy"] == ["export.duplicated"]
    named = await api.post(f"{NEW}/duplicate", {"id": "third", "display_name": "Third"})
    assert named.json["display_name"] == "Third"


async def test_a_copy_does_not_overwrite_and_must_have_an_id() -> None:
    api = Api()
    problem = (await api.post(f"{VIP}/duplicate", {"id": "vip"})).problem(409)
    assert problem["export"] == "/api/exports/vip"
    wrong = (await api.post(f"{VIP}/duplicate", {"id": "../x", "display_name": "\n", "list_id": "x"})).problem(400)
    assert sorted(each["pointer"] for each in wrong["errors"]) == ["/display_name", "/id", "/list_id"]
    (await api.post("exports/nobody/duplicate", {"id": "copy"})).problem(404)


async def test_every_change_is_in_the_audit_trail_before_it_is_made() -> None:
    api = Api()
    await api.put(NEW, body())
    await api.put(NEW, body(enabled=False))
    await api.delete(NEW)
    lines = trail(api)
    assert [(line["what"], line["subject"]) for line in lines] == [
        ("export.created", "exports/news"),
        ("export.changed", "exports/news"),
        ("export.removed", "exports/news"),
    ]
    assert (lines[1]["before"]["enabled"], lines[1]["after"]["enabled"]) == (True, False)
    api.world.documents.faults.fail("append_line")
    (await api.put(NEW, body())).problem(503)
    assert api.world.documents.paths("exports/news") == []


async def test_of_two_who_save_at_once_one_is_told() -> None:
    api = Api()

    async def other() -> None:
        api.world.put_export(id="news", display_name="Theirs")

    api.world.documents.faults.when("insert", "exports/news.json", other)
    (await api.put(NEW, body())).problem(409)
    api.world.documents.faults.when("replace", "exports/news.json", other)
    (await api.put(NEW, body())).problem(409)
    assert stored(api, "news")["display_name"] == "Theirs"


async def test_a_detached_export_is_not_run_and_gets_a_new_connection() -> None:
    api = Api()
    api.world.put_export(connection_id=None)
    assert "give it another one" in (await api.post(f"{VIP}/runs")).problem(409)["detail"]
    assert "give it another one" in (await api.post(f"{VIP}/preview")).problem(409)["detail"]
    shown = (await api.get(VIP)).json
    assert (await api.put(VIP, shown | {"connection_id": "acme"})).json["warnings"] == []
    assert (await api.post(f"{VIP}/runs")).status == 202
