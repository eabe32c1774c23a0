"""Exports over HTTP: each by itself, and in a list."""

from shared.domain.config.schedule import Schedule
from shared.domain.runs.run import RunStatus
from tests.api.calling import ADMIN, CONTRIBUTOR, Api, details, entra
from tests.api.exports.sample_exports import HOURLY, NEW, VIP, body, shared_world
from tests.api.shape_check import check
from tests.builders import World, connection_document, ndjson, people


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
