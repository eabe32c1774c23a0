"""Saving exports over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest

from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus
from shared.ports import Flow
from tests.api.calling import LABEL, Api, trail
from tests.api.exports.sample_exports import HOURLY, NEW, VIP, body, stored
from tests.api.shape_check import check
from tests.builders import World, ndjson, people
from tests.fakes.sink import LIST


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
    assert shown.json["may"] == ["run", "preview", "change", "remove", "duplicate"]
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
    assert api.world.sink.faults.log == [("list_details", LIST), ("live_flows", LIST)]
    assert (await api.get(NEW)).json["list_name"] == "VIP newsletter"
    reply = (await api.put(f"{NEW}?validate=klaviyo", body(list_id="Nowhere"))).problem(400)
    assert [each["pointer"] for each in reply["errors"]] == ["/list_id"]
    assert stored(api, "news")["list_id"] == LIST
    (await api.put(f"{NEW}?validate=all", body())).problem(400)


async def test_saving_names_segments_that_are_not_there_and_saves_all_the_same() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3)), "odd/x/1.csv": b"EMail\n", "table/1.xlsx": b"PK"}))
    made = await api.put(NEW, body(segments=["nowhere", "vip", "odd", "table"]))
    check(made, 201, "Export")
    assert [(each["code"], each["pointer"]) for each in made.json["warnings"]] == [
        ("segment_missing", "/segments/0"),
        ("segment_has_subfolder", "/segments/2"),
        ("segment_file_of_unknown_kind", "/segments/3"),
    ]
    assert api.world.sink.faults.log == []
    assert (await api.get(NEW)).json["warnings"] == []  # only saving looks


async def test_saving_works_while_the_storage_of_the_segments_does_not() -> None:
    api = Api()
    api.world.segments.faults.fail("listed", "*", error=Unavailable("The storage is away."))
    [warning] = (await api.put(NEW, body())).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("segments_not_looked_at", "/segments")
    assert stored(api, "news")["list_id"] == LIST


async def test_klaviyo_tells_of_flows_when_it_is_asked() -> None:
    api = Api()
    api.world.sink.flows.append(Flow("F1", "Welcome", "live"))
    assert (await api.put(NEW, body())).json["warnings"] == []
    [warning] = (await api.put(f"{NEW}?validate=klaviyo", body())).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("live_flow", "/allow_flows")


async def test_the_same_content_changes_nothing_and_leaves_no_line() -> None:
    api = Api()
    first = await api.put(NEW, body(schedule=HOURLY))
    await api.world.clock.advance(60)
    again = await api.put(NEW, body(schedule=HOURLY))
    assert (again.status, again.json, again.headers["ETag"]) == (200, first.json, first.headers["ETag"])
    assert len(trail(api)) == 1
    assert (await api.put(NEW, body(schedule=HOURLY, enabled=False))).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("address", [NEW, VIP])
async def test_a_dry_run_checks_all_and_saves_nothing(address: str) -> None:
    api = Api()
    before = dict(api.world.documents.blobs)
    wish = body(schedule=HOURLY, display_name="Wished", segments=["nowhere"])
    tried = await api.put(f"{address}?dry_run=true", wish)
    check(tried, 200, "Export")
    assert (tried.json["display_name"], len(tried.json["next_runs"])) == ("Wished", 5)
    assert [each["code"] for each in tried.json["warnings"]] == ["segment_missing"]
    assert not {"ETag", "Location"} & set(tried.headers)
    unsaved = {action for action, why in tried.json["blocked"].items() if why["code"] == "not_saved"}
    assert unsaved == {"run", "duplicate", *(["remove"] if address == NEW else [])}
    assert not unsaved & set(tried.json["may"])
    (await api.put(f"{address}?dry_run=true", body(list_id=""))).problem(400)
    (await api.put(f"{address}?dry_run=true", body(), headers={"If-Match": '"99"'})).problem(412)
    (await api.put(f"{address}?dry_run=true&validate=klaviyo", body(list_id="Nowhere"))).problem(400)
    (await api.put(f"{address}?dry_run=maybe", body())).problem(400)
    assert dict(api.world.documents.blobs) == before
    assert tried.wake_ups == []


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
    assert len([run for run in world.all_runs() if not run.status.is_ended]) == int(
        is_same
    )  # what goes on loses no slot
    await world.clock.advance(3600)
    await world.tick()
    assert [run.status for run in world.all_runs()].count(RunStatus.QUEUED) == 1


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


async def test_a_save_that_loses_a_race_misses_the_version_that_it_names() -> None:
    api = Api()

    async def other() -> None:
        api.world.put_export(id="news", display_name="Theirs")

    api.world.documents.faults.when("insert", "exports/news.json", other)
    (await api.put(NEW, body(), headers={"If-None-Match": "*"})).problem(412)
    seen = {"If-Match": (await api.get(NEW)).headers["ETag"]}
    api.world.documents.faults.when("replace", "exports/news.json", other)
    assert (await api.put(NEW, body(), headers=seen)).problem(412)["type"].endswith("precondition_failed")
    assert stored(api, "news")["display_name"] == "Theirs"
