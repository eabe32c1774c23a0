"""A page of exports costs the storage a few reads an export, and finds the same last runs as each export by itself."""

from datetime import timedelta

import pytest

from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import RunStatus
from shared.store.index.recent_runs import MOST_DAYS
from shared.store.paths import index_path, run_path
from tests.api.calling import Api
from tests.api.exports.sample_exports import body
from tests.builders import ended_run
from tests.fakes.clock import START

EXPORTS, RUNS = 12, 4


async def _filled(*, days_ago: int = 0) -> Api:
    """Return an app with exports that have ended runs, one a day."""
    api = Api()
    await api.world.documents.delete("exports/vip.json")
    await api.world.clock.advance(1)
    for number in range(EXPORTS):
        api.world.put_export(id=f"e{number:02}")
        for day in range(RUNS):
            at = START - timedelta(days=days_ago + day, seconds=number)
            _put_run(api, f"e{number:02}", run_id_at(at, "0001"))
    return api


def _put_run(api: Api, export_id: str, run_id: str, *, is_indexed: bool = True) -> None:
    run = ended_run(run_id, export_id, "http", START)
    api.world.documents.put(run_path(export_id, run_id), run.document())
    if is_indexed:
        api.world.documents.put(index_path(export_id, run_id), {"export_id": export_id, "run_id": run_id})


async def _last_runs(api: Api) -> dict[str, str]:
    page = (await api.get("exports?limit=100")).json["exports"]
    return {each["id"]: each["last_run"]["id"] for each in page if each["last_run"]}


async def test_a_page_of_exports_lists_the_runs_of_none() -> None:
    api = await _filled()
    log = api.world.documents.faults
    log.log.clear()
    shown = await _last_runs(api)
    assert shown == {f"e{n:02}": run_id_at(START - timedelta(seconds=n), "0001") for n in range(EXPORTS)}
    assert (log.count("folders", "runs/*"), log.count("get", "active/*")) == (0, 0)
    assert log.count("get", "runs/*") == EXPORTS
    assert log.count("names", "index/*") == 1  # the newest day has a run of each


async def test_a_run_that_is_not_in_the_index_yet_is_the_last_one() -> None:
    api = await _filled()
    wake_up = await api.world.start("e03")
    await api.world.documents.delete(index_path("e03", wake_up.run_id))
    assert (await _last_runs(api))["e03"] == wake_up.run_id


@pytest.mark.parametrize("days_ago", [0, MOST_DAYS + 3])
async def test_an_export_whose_run_no_entry_tells_of_has_it_found(days_ago: int) -> None:
    api = await _filled(days_ago=days_ago)
    run_id = run_id_at(START - timedelta(days=3), "0001")
    await api.put("exports/old", body())
    _put_run(api, "old", run_id, is_indexed=False)
    api.world.documents.put("exports/old.json", {**api.world.documents.value("exports/old.json"), "created_at": None})
    assert (await _last_runs(api))["old"] == run_id


async def test_a_skipped_run_does_not_hide_the_one_before_in_a_list() -> None:
    api = await _filled()
    skipped = run_id_at(START + timedelta(seconds=1), "0001")
    _put_run(api, "e05", skipped)
    path = run_path("e05", skipped)
    api.world.documents.put(path, {**api.world.documents.value(path), "status": RunStatus.SKIPPED})
    assert (await _last_runs(api))["e05"] == run_id_at(START - timedelta(seconds=5), "0001")


async def test_the_walk_to_the_last_runs_ends_after_a_week() -> None:
    api = await _filled()
    api.world.put_export(id="never")
    for day in range(30):
        _put_run(api, "e00", run_id_at(START - timedelta(days=day), "0002"))
    log = api.world.documents.faults
    log.log.clear()
    assert "never" not in await _last_runs(api)
    assert log.count("names", "index/*") == MOST_DAYS + 1
    assert log.count("folders", "runs/*") == 1
