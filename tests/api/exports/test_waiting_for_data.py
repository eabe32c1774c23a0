"""An export that waits for new data, over HTTP: when it begins to wait, and what it shows."""

from typing import Any

import pytest

from tests.api.calling import RUNS, Api, details
from tests.api.exports.sample_exports import HOURLY, VIP, body
from tests.api.shape_check import check
from tests.control.new_data.waiting import ON_NEW_DATA, finish, minutes, started, tick, waiting_world, write


def api_of(**export: Any) -> Api:
    """Return an app whose export has a complete segment and waits for new data, unless *export* says otherwise."""
    world = waiting_world(**export)
    write(world)
    finish(world)
    return Api(world)


async def ran(api: Api) -> None:
    await api.world.whole_run()
    await api.world.clock.advance(3600)


async def test_a_new_export_that_waits_runs_for_what_is_there() -> None:
    api = api_of()
    await api.delete(VIP)
    await api.put(VIP, body(schedule=ON_NEW_DATA))
    await minutes(api.world, 1)
    assert len(started(api.world)) == 1


@pytest.mark.parametrize(
    "before",
    [{"schedule": None}, {"schedule": HOURLY}, {"schedule": ON_NEW_DATA, "enabled": False}],
    ids=["on demand", "hourly", "disabled"],
)
async def test_an_export_that_ran_and_begins_to_wait_runs_only_for_what_comes_after_that(
    before: dict[str, Any],
) -> None:
    api = api_of(**before)
    await ran(api)
    write(api.world, "vip/2.ndjson", first=6)
    finish(api.world)
    await api.put(VIP, body(schedule=ON_NEW_DATA))
    await minutes(api.world, 30)
    assert started(api.world) == []
    write(api.world, "vip/3.ndjson", first=11)
    finish(api.world)
    await minutes(api.world, 30)
    assert [run.tally.accepted for run in started(api.world)] == [15]


async def test_what_comes_between_the_save_and_the_next_look_is_new() -> None:
    api = api_of(schedule=None)
    await ran(api)
    await api.put(VIP, body(schedule=ON_NEW_DATA))
    await api.world.clock.advance(10)
    write(api.world, "vip/2.ndjson", first=6)
    finish(api.world)
    await minutes(api.world, 10)
    assert [run.tally.accepted for run in started(api.world)] == [10]


async def test_a_trial_before_is_no_run() -> None:
    api = api_of(schedule=None)
    await api.world.go(await api.world.start(limit=2))
    await api.put(VIP, body(schedule=ON_NEW_DATA))
    await minutes(api.world, 10)
    assert len(started(api.world)) == 1


async def test_a_change_of_the_name_costs_no_state_and_other_segments_begin_anew() -> None:
    api = api_of()
    await ran(api)
    write(api.world, "vip/2.ndjson", first=6)
    finish(api.world)
    await api.put(VIP, body(schedule=ON_NEW_DATA, display_name="Another"))
    await minutes(api.world, 10)
    assert len(started(api.world)) == 1
    write(api.world, "eu/1.ndjson", first=90)
    finish(api.world, "eu")
    await api.world.clock.advance(60)
    await api.put(VIP, body(schedule=ON_NEW_DATA, segments=["vip", "eu"]))
    await minutes(api.world, 30)
    assert len(started(api.world)) == 1


async def test_an_export_shows_when_its_segments_were_looked_at_and_what_was_there() -> None:
    api = api_of()
    assert (await api.get(VIP)).json["new_data"] == {"looked_at": None, "written": None, "waits_for": None}
    await tick(api.world)
    shown = await api.get(VIP)
    check(shown, 200, "Export")
    at = "2026-11-23T06:00:00.000Z"
    assert shown.json["new_data"] == {"looked_at": at, "written": at, "waits_for": None}
    (listed,) = (await api.get("exports")).json["exports"]
    assert listed["new_data"] == shown.json["new_data"]
    api.world.put_export()
    assert (await api.get(VIP)).json["new_data"] is None
    (run,) = (await api.get(f"{RUNS}?trigger=new_data")).json["runs"]
    assert run["trigger"] == "new_data"


async def test_a_segment_that_cannot_be_read_is_told_at_once_and_a_writer_that_never_ends_after_an_hour() -> None:
    api = Api(waiting_world())
    await tick(api.world)
    assert [each["code"] for each in (await api.get(VIP)).json["warnings"]] == ["segment_missing"]
    for _ in range(14):
        write(api.world)
        await minutes(api.world, 5)
    shown = (await api.get(VIP)).json
    assert started(api.world) == []
    assert shown["new_data"]["waits_for"]["code"] == "segment_unfinished"
    (warning,) = shown["warnings"]
    assert (warning["code"], warning["params"]["hours"], warning["pointer"]) == ("writer_never_ends", 1, "/segments/0")
    finish(api.world)
    await minutes(api.world, 6)
    assert details((await api.get(VIP)).json["warnings"]) == []


async def test_data_that_is_older_than_the_export_allows_is_told_though_no_run_begins() -> None:
    api = api_of(limits={"max_age_hours": 26})
    await minutes(api.world, 1)
    await api.world.clock.advance(27 * 3600)
    (warning,) = (await api.get(VIP)).json["warnings"]
    assert (warning["code"], warning["pointer"]) == ("source_too_old", "/limits/max_age_hours")
