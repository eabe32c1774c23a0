"""The rows of a run that were rejected, and those that are unconfirmed."""

from datetime import timedelta

import pytest

from tests.api.calling import RUNS, Api
from tests.builders import World, ndjson, people


async def rejecting(count: int) -> tuple[Api, str]:
    """Return an API whose one run has *count* rejections, and the address of the run."""
    rows = [*people(2), *({"EMail": f"bad {n}"} for n in range(count))]
    world = World({"vip/1.ndjson": ndjson(rows)}, export={"limits": {"max_rejected_share": 1}})
    run = await world.whole_run()
    assert run.tally.rejected == count
    return Api(world), f"{RUNS}/{run.id}"


async def test_rejections_are_listed_page_by_page_each_once() -> None:
    api, run = await rejecting(25)
    rows: list[int] = []
    address: str | None = f"{run}/rejections?limit=10"
    pages = 0
    while address:
        reply = await api.get(address)
        assert reply.status == 200
        rows += [line["row"] for line in reply.lines]
        pages += 1
        link = reply.headers.get("Link")
        address = link.split(">")[0].lstrip("<") if link else None
    assert (rows, pages) == (list(range(3, 28)), 3)


async def test_a_page_of_lines_ends_before_it_is_too_large() -> None:
    api, run = await rejecting(20)
    (path,) = api.world.documents.paths(f"runs/vip/{run.rpartition('/')[2]}/rejections")
    api.world.documents.blobs[path] = b'{"row":"%s"}\n' % (b"x" * 300_000) * 4
    first = await api.get(f"{run}/rejections")
    second = await api.get(first.headers["Link"].split(">")[0].lstrip("<"))
    assert (len(first.lines), len(second.lines), "Link" in second.headers) == (3, 1, False)


async def test_a_run_without_rejections_has_none_to_list() -> None:
    api = Api()
    run = await api.world.whole_run()
    for name in ("rejections", "unconfirmed"):
        reply = await api.get(f"{RUNS}/{run.id}/{name}")
        assert (reply.status, reply.lines) == (200, [])


async def test_rows_that_are_unconfirmed_are_named() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))}, settle_limit=timedelta(0), sweeps_to_end=10_000)
    run = await world.whole_run()
    assert run.tally.unconfirmed == 3
    (line,) = (await Api(world).get(f"{RUNS}/{run.id}/unconfirmed")).lines
    assert (line["profiles"], line["rows"]) == (3, [["vip/1.ndjson", 1, 3]])


async def test_the_rows_of_a_run_that_has_not_ended_are_not_told_apart_yet() -> None:
    api = Api()
    wake_up = await api.world.start()
    for name in ("rejections", "unconfirmed"):
        reply = await api.get(f"{RUNS}/{wake_up.run_id}/{name}")
        assert "has not ended (queued)" in reply.problem(409)["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "after=-1", "after=x", "after=1" + "0" * 20])
async def test_a_page_of_lines_that_cannot_be_is_a_bad_request(query: str) -> None:
    api = Api()
    run = await api.world.whole_run()
    assert "must be a whole number" in (await api.get(f"{RUNS}/{run.id}/rejections?{query}")).problem(400)["detail"]
