"""The history of an export: page by page, and through filters."""

import pytest

from shared.control import filtered_page
from tests.api.calling import CONTRIBUTOR, RUNS, Api, entra


async def history(api: Api, count: int) -> list[str]:
    """Make runs, one a minute; return their ids, newest first."""
    ids = []
    for _ in range(count):
        ids.append((await api.world.write_run()).run_id)
        await api.world.clock.advance(60)
    return ids[::-1]


async def test_runs_are_listed_newest_first_page_by_page() -> None:
    api = Api()
    ids = await history(api, 45)
    seen: list[str] = []
    address: str | None = RUNS
    while address:
        page = (await api.get(address)).json
        assert len(page["runs"]) <= 20
        seen += [run["id"] for run in page["runs"]]
        address = page["next"]
    assert seen == ids


@pytest.mark.parametrize(("count", "limit", "follows"), [(3, "3", False), (4, "3", True), (0, "1", False)])
async def test_a_page_names_the_next_one_only_when_there_is_more(count: int, limit: str, *, follows: bool) -> None:
    api = Api()
    await history(api, count)
    page = (await api.get(f"{RUNS}?limit={limit}")).json
    assert len(page["runs"]) == min(count, int(limit))
    assert (page["next"] is not None) is follows


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "", "1.5", "\u0665", "9" * 5000])
async def test_a_limit_that_is_none_is_a_bad_request(limit: str) -> None:
    reply = await Api().get(f"{RUNS}?limit={limit}")
    assert reply.problem(400)["detail"] == "limit must be a whole number from 1 to 100."


async def test_the_history_is_filtered_by_status_and_trigger() -> None:
    api = Api()
    done = await api.world.whole_run()
    queued = await api.world.start(trigger="schedule")
    for query, expected in (
        ("status=succeeded", [done.id]),
        ("status=queued&trigger=schedule", [queued.run_id]),
        ("trigger=http", [done.id]),
        ("status=queued&trigger=http", []),
    ):
        page = (await api.get(f"{RUNS}?{query}")).json
        assert [run["id"] for run in page["runs"]] == expected


async def test_a_filter_that_lets_little_through_reads_so_much_and_then_gives_an_address_to_go_on() -> None:
    api = Api()
    ids = await history(api, 3)
    filtered_page.MOST_LOOKED_AT, before = 2, filtered_page.MOST_LOOKED_AT
    try:
        page = (await api.get(f"{RUNS}?status=failed")).json
        assert (page["runs"], page["next"]) == ([], f"/api/{RUNS}?limit=20&status=failed&before={ids[1]}")
        assert (await api.get(page["next"])).json == {"runs": [], "next": None}
    finally:
        filtered_page.MOST_LOOKED_AT = before


@pytest.mark.parametrize("query", ["status=done", "trigger=timer", "status="])
async def test_a_filter_that_is_none_is_a_bad_request(query: str) -> None:
    assert "must be one of" in (await Api().get(f"{RUNS}?{query}")).problem(400)["detail"]


async def test_a_page_of_runs_reads_what_they_are_of_once() -> None:
    api = entra()
    await history(api, 5)
    log = api.world.documents.faults.log
    log.clear()
    await api.get(RUNS, role=CONTRIBUTOR)
    read = [path for call, path in log if call == "get"]
    notes = [path for path in read if path.endswith(("/cancel.json", "/stop-settling.json"))]
    assert (len(read) - len(notes), len(notes)) == (5 + 2, 5)  # of runs that have ended, no note is read
