"""The runs of all exports: newest first, through filters, and without listing everything."""

import itertools
import re
from datetime import timedelta

import pytest

from shared.api.calls.run_lists import TIME_PATTERN
from shared.control import filtered_page
from shared.domain.times import utc_time
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, RUNS, Api, entra

DAY = 86_400
EXPORTS = ("vip", "b2b", "a-z")


async def history(api: Api, count: int, *, seconds: float = 60) -> list[tuple[str, str]]:
    """Make runs of three exports in turn; return their ids, newest first."""
    for export_id in EXPORTS[1:]:
        api.world.put_export(id=export_id)
    made = []
    for number in range(count):
        wake_up = await api.world.write_run(EXPORTS[number % len(EXPORTS)])
        made.append((wake_up.export_id, wake_up.run_id))
        await api.world.clock.advance(seconds)
    return made[::-1]


async def whole_list(api: Api, address: str, **options: str) -> list[tuple[str, str]]:
    """Return the ids of all runs on all pages from *address* on."""
    seen: list[tuple[str, str]] = []
    following: str | None = address
    while following:
        page = (await api.get(following, **options)).json
        seen += [(run["export_id"], run["id"]) for run in page["runs"]]
        following = page["next"]
    return seen


@pytest.mark.parametrize("seconds", [0.004, 60, DAY / 3, 3 * DAY])
async def test_runs_are_listed_newest_first_whatever_their_export(seconds: float) -> None:
    api = Api()
    made = await history(api, 45, seconds=seconds)
    assert await whole_list(api, "runs") == made
    assert await whole_list(api, "runs?limit=7") == made
    assert await whole_list(api, "runs?limit=45") == made


async def test_a_page_is_found_without_a_look_at_the_rest_of_the_history() -> None:
    api = Api()
    made = await history(api, 90, seconds=DAY / 3)
    page = (await api.get("runs?limit=5")).json
    for _ in range(2):
        faults = api.world.documents.faults
        faults.calls.clear()
        page = (await api.get(page["next"])).json
        assert len(page["runs"]) == 5
        assert faults.calls["get"] == 5 + 5  # the runs, and whether somebody has asked them to stop
        assert faults.calls["folders"] == 1
        assert faults.calls["names"] <= 3
    assert [run["id"] for run in page["runs"]] == [run_id for _, run_id in made[10:15]]


async def test_the_list_is_filtered_by_export_status_and_trigger() -> None:
    api = Api()
    done = await api.world.whole_run()
    await history(api, 6)
    queued = await api.world.start("b2b", trigger="schedule")
    assert await whole_list(api, "runs?status=succeeded") == [("vip", done.id)]
    assert await whole_list(api, "runs?trigger=schedule&limit=1") == [("b2b", queued.run_id)]
    assert await whole_list(api, "runs?trigger=schedule&status=failed") == []
    for export_id in EXPORTS:
        own = await whole_list(api, f"exports/{export_id}/runs")
        assert len(own) >= 2
        assert await whole_list(api, f"runs?export_id={export_id}&limit=1") == own
    assert await whole_list(api, "runs?export_id=vip&status=succeeded") == [("vip", done.id)]
    assert await whole_list(api, "runs?export_id=nobody") == []


async def test_a_filter_that_lets_little_through_reads_so_much_and_then_gives_an_address_to_go_on() -> None:
    api = Api()
    (_, _, third, *_, oldest) = await history(api, 7)
    api.world.documents.put(
        f"runs/{oldest[0]}/{oldest[1]}/run.json",
        {**api.world.documents.value(f"runs/{oldest[0]}/{oldest[1]}/run.json"), "status": "failed"},
    )
    filtered_page.MOST_LOOKED_AT, before = 3, filtered_page.MOST_LOOKED_AT
    try:
        api.world.documents.faults.calls.clear()
        page = (await api.get("runs?status=failed")).json
        assert page["runs"] == []
        assert page["next"] == f"/api/runs?limit=20&status=failed&before={third[0]}/{third[1]}"
        assert api.world.documents.faults.calls["get"] == 3
        assert await whole_list(api, page["next"]) == [oldest]
    finally:
        filtered_page.MOST_LOOKED_AT = before


async def test_whoever_may_read_sees_the_same_runs_and_rights_as_in_the_lists_of_the_exports() -> None:
    api = entra()
    await history(api, 6)
    for role in (ADMIN, CONTRIBUTOR, READER):
        listed = (await api.get("runs", role=role)).json["runs"]
        one_by_one = [
            run for each in EXPORTS for run in (await api.get(f"exports/{each}/runs", role=role)).json["runs"]
        ]
        assert sorted(listed, key=lambda run: run["id"]) == sorted(one_by_one, key=lambda run: run["id"])


async def test_damaged_runs_are_listed_without_a_filter_and_runs_that_are_gone_are_not() -> None:
    api = Api()
    (newest, damaged, gone) = await history(api, 3)
    api.world.documents.put(f"runs/{damaged[0]}/{damaged[1]}/run.json", {"schema": 1})
    del api.world.documents.blobs[f"runs/{gone[0]}/{gone[1]}/run.json"]
    runs = (await api.get("runs")).json["runs"]
    assert [(run["export_id"], run["id"], "is_broken" in run) for run in runs] == [(*newest, False), (*damaged, True)]
    assert await whole_list(api, "runs?status=queued") == [newest]


async def test_what_is_no_entry_of_the_index_is_passed_over() -> None:
    api = Api()
    made = await history(api, 2)
    (folder, *_) = {path.rpartition("/")[0] for path in api.world.documents.paths("index/")}
    for name in ("readme.json", "0~a.json", "0~../x~y.json", "0~a~b~c.json"):
        api.world.documents.put(f"{folder}/{name}", {})
    assert await whole_list(api, "runs") == made


@pytest.mark.parametrize(
    "query", ["before=x", "before=vip/", "before=/x", "before=vip/..", "export_id=A", "status=done", "trigger=timer"]
)
async def test_what_cannot_be_asked_for_is_a_bad_request(query: str) -> None:
    (await Api().get(f"runs?{query}")).problem(400)


async def test_a_run_of_release_0_1_0_is_listed_a_minute_after_the_update() -> None:
    api = Api()
    done = await api.world.whole_run()
    for path in api.world.documents.paths("index"):
        del api.world.documents.blobs[path]
    assert await whole_list(api, "runs") == []
    assert await whole_list(api, RUNS) == [("vip", done.id)]
    await api.world.tick()
    assert await whole_list(api, "runs") == [("vip", done.id)]


@pytest.mark.parametrize("address", ["runs", "runs?export_id=vip", "exports/vip/runs"])
@pytest.mark.parametrize("seconds", [0.25, 60, DAY / 3])
async def test_the_runs_of_a_time_are_listed_its_end_left_out(address: str, seconds: float) -> None:
    api = Api()
    start = api.world.clock.now()
    made = await history(api, 24, seconds=seconds)
    expected = made if address == "runs" else [ids for ids in made if ids[0] == "vip"]
    times = {ids: start + timedelta(seconds=seconds * (len(made) - 1 - place)) for place, ids in enumerate(made)}
    since = (start + timedelta(seconds=6 * seconds)).replace(microsecond=0)
    until = (start + timedelta(seconds=17 * seconds)).replace(microsecond=0)
    within = [ids for ids in expected if since <= times[ids] < until]
    assert 0 < len(within) < len(expected)
    asked = f"{address}{'&' if '?' in address else '?'}limit=2&since={since:%FT%TZ}&until={until:%FT%TZ}"
    assert await whole_list(api, asked) == within


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T06:00:00%2B02:00"])
@pytest.mark.parametrize("parameter", ["since", "until"])
async def test_a_time_that_is_none_is_a_bad_request(parameter: str, time: str) -> None:
    for address in ("runs", RUNS):
        assert (await Api().get(f"{address}?{parameter}={time}")).problem(400)["code"] == "parameter_no_time"


def test_whatever_the_description_takes_for_a_time_is_one() -> None:
    days = itertools.product(range(2000, 2100), range(14), range(33))
    for year, month, day in days:
        text = f"{year}-{month:02}-{day:02}T23:59:59Z"
        assert (re.fullmatch(TIME_PATTERN, text) is not None) == _is_time(text), text
    for text in ("2026-11-23T24:00:00Z", "2026-11-23T23:60:00Z", "2026-11-23T23:00:60Z", "2026-11-23T23:00:00"):
        assert not re.fullmatch(TIME_PATTERN, text)


def _is_time(text: str) -> bool:
    try:
        return bool(utc_time(text))
    except ValueError:
        return False
