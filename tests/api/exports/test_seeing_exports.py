"""Exports over HTTP: each by itself, and in a list."""

import pytest

from shared.control import filtered_page
from shared.domain.config.schedule import Schedule
from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, RUNS, Api, details, entra
from tests.api.exports.sample_exports import HOURLY, NEW, VIP, body, shared_world
from tests.api.shape_check import check
from tests.builders import World, connection_document, ndjson, people
from tests.fakes.sink import LIST


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
            "pointer": "/connection_id",
        }
    ]
    assert (shown["connection"], shown["may"]) == (None, ["change", "remove", "duplicate"])
    codes = {action: why["code"] for action, why in shown["blocked"].items()}
    assert codes == {
        "run": "connection_of_export_missing",
        "preview": "connection_of_export_missing",
        "cancel": "nothing_to_cancel",
    }
    api.world.put_export(connection_id=None, schedule=HOURLY)
    shown = (await api.get(VIP)).json
    assert "has no connection" in details(shown["warnings"])[0]
    assert shown["next_run"] is None


async def test_a_run_can_be_cancelled_while_there_is_one() -> None:
    api = Api()
    assert "cancel" not in (await api.get(VIP)).json["may"]
    wake_up = await api.world.start()
    assert "cancel" in (await api.get(VIP)).json["may"]
    await api.world.go(wake_up)
    assert "cancel" in (await api.get(VIP)).json["blocked"]


async def test_a_run_that_is_not_the_newest_can_be_cancelled_as_well() -> None:
    api = Api()
    at_work = await api.world.start()
    waiting = (await api.post(f"{RUNS}?queue=true")).json
    await api.delete(waiting["self"])
    await api.world.leg(WakeUp("vip", waiting["id"]))
    shown = (await api.get(VIP)).json
    assert (shown["last_run"]["status"], "cancel" in shown["may"]) == ("cancelled", True)
    [listed] = (await api.get("exports")).json["exports"]
    assert "cancel" in listed["may"]
    await api.world.go(at_work)
    assert "cancel" in (await api.get(VIP)).json["blocked"]


async def test_the_next_five_times_of_the_schedule_are_shown() -> None:
    shown = (await Api().put(NEW, body(schedule={"cron": "30 7 * * 1-5", "time_zone": "Europe/Kyiv"}))).json
    days = ("24", "25", "26", "27", "30")  # it is eight on Monday in Kyiv, and the weekend is passed over
    assert shown["next_runs"] == [f"2026-11-{day}T05:30:00.000Z" for day in days]
    assert shown["next_run"] == shown["next_runs"][0]


async def test_a_reader_sees_the_name_of_the_list_once_a_run_has_learnt_it() -> None:
    api = entra(shared_world())
    assert (await api.get(VIP, role=READER)).json["list_name"] is None
    await api.world.whole_run()
    etag = (await api.get(VIP, role=READER)).headers["ETag"]
    assert (await api.get(VIP, role=READER)).json["list_name"] == "VIP newsletter"
    api.world.sink.list_names[LIST] = "Renamed"
    await api.world.whole_run()
    shown = await api.get(VIP, role=READER)
    assert (shown.json["list_name"], shown.headers["ETag"]) == ("Renamed", etag)
    api.world.put_export(list_id="Other1")
    assert (await api.get(VIP, role=READER)).json["list_name"] is None


async def test_a_list_that_the_last_run_did_not_find_is_a_warning() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3))}, export={"list_id": "Nowhere"}))
    assert (await api.get(VIP)).json["warnings"] == []
    await api.world.whole_run()
    [warning] = (await api.get(VIP)).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("list_was_missing", "/list_id")
    assert (await api.put(VIP, body())).json["warnings"] == []


async def test_a_segment_that_the_last_run_did_not_find_is_a_warning_until_somebody_looks() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3))}, export={"segments": ["vip", "nowhere"]}))
    await api.world.whole_run()
    api.world.segments.faults.log.clear()
    [warning] = (await api.get(VIP)).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("segment_was_missing", "/segments/1")
    assert api.world.segments.faults.log == []
    [warning] = (await api.put(VIP, body(segments=["vip", "nowhere"]))).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("segment_missing", "/segments/1")
    assert (await api.put(VIP, body())).json["warnings"] == (await api.get(VIP)).json["warnings"] == []


async def test_an_export_shows_its_last_run() -> None:
    api = Api()
    run = await api.world.whole_run()
    shown = await api.get(VIP)
    check(shown, 200, "Export")
    last = shown.json["last_run"]
    assert (shown.json["status"], last["id"], last["status"]) == ("succeeded", run.id, "succeeded")
    assert (last["tally"]["accepted"], last["self"]) == (3, f"/api/exports/vip/runs/{run.id}")


async def test_a_last_run_without_a_sign_of_life_says_since_when() -> None:
    api = Api()
    await api.world.start()
    assert (await api.get(VIP)).json["last_run"]["silence"] is None
    await api.world.clock.advance(60)
    for shown in ((await api.get(VIP)).json, (await api.get("exports")).json["exports"][0]):
        silence = shown["last_run"]["silence"]
        assert (silence["code"], silence["params"]) == ("not_taken_up", {"since": "2026-11-23T06:00:00.000Z"})


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
    alone = await api.get("exports/e0")
    assert first.json["exports"][0] == {**alone.json, "etag": alone.headers["ETag"]}


async def test_the_list_of_exports_is_filtered_by_the_status_of_the_last_run_and_by_name() -> None:
    api = Api()
    for export_id, name in (("b2b", "Firms"), ("news", "VIP & Öffentlich"), ("zero", "Nobody")):
        await api.put(f"exports/{export_id}", body(display_name=name))
    api.world.documents.put("exports/bad.json", {"schema": 1, "id": "bad"})
    await api.world.whole_run("vip")
    await api.world.clock.advance(60)
    await api.world.whole_run("b2b")
    await api.world.start("news")
    for query, expected in (
        ("status=succeeded", ["b2b", "vip"]),
        ("status=queued", ["news"]),
        ("status=failed", []),
        ("name=vip", ["news", "vip"]),
        ("name=%C3%B6FFENT", ["news"]),
        ("name=B2", ["b2b"]),
        ("name=ba", ["bad"]),
        ("name=vip&status=succeeded", ["vip"]),
        ("name=", ["b2b", "bad", "news", "vip", "zero"]),
    ):
        assert await ids_on_all_pages(api, f"exports?{query}") == expected
        assert await ids_on_all_pages(api, f"exports?limit=1&{query}") == expected
    assert await ids_on_all_pages(api, "exports?limit=1&name=vip %26") == ["news"]
    assert (await api.get("exports?limit=1&name=v&status=queued")).json["next"].endswith("&name=v&after=news")


async def test_a_filter_that_lets_few_exports_through_looks_at_so_many_a_call() -> None:
    api = Api()
    for number in range(5):
        await api.put(f"exports/e{number}", body(display_name="Plain"))
    filtered_page.MOST_LOOKED_AT, before = 2, filtered_page.MOST_LOOKED_AT
    try:
        api.world.documents.faults.calls.clear()
        page = (await api.get("exports?name=vip")).json
        assert (page["exports"], page["next"]) == ([], "/api/exports?limit=20&name=vip&after=e1")
        assert api.world.documents.faults.calls["get"] == 2
        assert await ids_on_all_pages(api, page["next"]) == ["vip"]
    finally:
        filtered_page.MOST_LOOKED_AT = before


@pytest.mark.parametrize("query", ["status=done", "status=", "name=" + "x" * 201, "after=A"])
async def test_a_filter_of_exports_that_is_none_is_a_bad_request(query: str) -> None:
    (await Api().get(f"exports?{query}")).problem(400)


async def test_an_item_of_a_list_can_be_changed_with_its_etag_and_sent_back_as_it_is() -> None:
    api = Api()
    for kind, item in (("exports", "vip"), ("connections", "acme")):
        (listed,) = (await api.get(kind)).json[kind]
        if kind == "connections":
            listed = {name: value for name, value in listed.items() if name != "consent"}
        match = {"If-Match": listed["etag"]}
        assert (await api.put(f"{kind}/{item}", {**listed, "display_name": "Other"}, headers=match)).status == 200
        assert (await api.put(f"{kind}/{item}", {**listed, "display_name": "Third"}, headers=match)).status == 412
        assert "etag" not in api.world.documents.value(f"{kind}/{item}.json")


async def ids_on_all_pages(api: Api, address: str) -> list[str]:
    seen: list[str] = []
    following: str | None = address
    while following:
        page = (await api.get(following)).json
        seen += [each["id"] for each in page["exports"]]
        following = page["next"]
    return seen


async def test_a_page_of_exports_reads_each_connection_once_and_two_documents_an_export() -> None:
    api = Api()
    for number in range(9):
        await api.put(f"exports/e{number}", body())
    await api.world.whole_run()
    log = api.world.documents.faults.log
    log.clear()
    await api.get("exports")
    assert len([path for call, path in log if call == "get"]) == 10 + 1 + 1 + 1  # exports, run, connection, lists
    assert len([path for call, path in log if call == "folders"]) == 10


async def test_a_broken_export_does_not_spoil_the_list_and_can_be_replaced_or_removed() -> None:
    api = entra(shared_world())
    etag = api.world.documents.put("exports/bad.json", {"schema": 1, "id": "bad"})
    listed = await api.get("exports", role=ADMIN)
    check(listed, 200, "Exports")
    assert listed.json["exports"][0] == {
        "id": "bad",
        "is_broken": True,
        "may": ["change", "remove"],
        "self": "/api/exports/bad",
        "etag": etag,
    }
    assert (await api.get("exports", role=CONTRIBUTOR)).json["exports"][0]["may"] == []
    (await api.get("exports/bad", role=ADMIN)).problem(409)
    (await api.put("exports/bad", body(), role=CONTRIBUTOR)).problem(403)
    assert (await api.put("exports/bad", body(), role=ADMIN)).status == 200
    api.world.documents.put("exports/bad.json", {"schema": 1, "id": "bad"})
    (await api.delete("exports/bad", role=CONTRIBUTOR)).problem(403)
    assert (await api.delete("exports/bad", role=ADMIN)).status == 200
