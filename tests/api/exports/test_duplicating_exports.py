"""Copies of exports."""

from tests.api.calling import Api, trail
from tests.api.exports.sample_exports import HOURLY, NEW, VIP, body, stored
from tests.api.shape_check import check


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
