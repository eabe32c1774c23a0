"""The audit trail: a line before each deed."""

import asyncio
from datetime import datetime

import pytest

from shared.domain.errors import Unavailable
from tests.api.calling import CONTRIBUTOR, READER, RUNS, Api, entra
from tests.builders import World, ndjson, people


async def test_every_start_and_every_cancelling_is_noted_with_who_and_when() -> None:
    api = entra()
    run_id = (await api.post(RUNS, {"limit": 2}, role=CONTRIBUTOR)).json["id"]
    await api.delete(f"{RUNS}/{run_id}", role=CONTRIBUTOR)
    started, cancelled = (await api.get("audit", role="Exports.Admin")).lines
    by = {"name": "dana@example.com", "label": "The user with object id 0d1f"}
    assert (started["by"], started["what"], started["subject"]) == (by, "run.started", f"exports/vip/runs/{run_id}")
    assert started["after"] == {"trigger": "http", "limit": 2}
    assert (cancelled["what"], cancelled["subject"]) == ("run.cancelled", f"exports/vip/runs/{run_id}")
    assert datetime.fromisoformat(cancelled["at"]) == api.world.clock.now()
    assert started["id"] != cancelled["id"]


async def test_a_request_that_is_sent_again_or_refused_leaves_no_second_line() -> None:
    api = Api()
    for _ in range(2):
        await api.post(RUNS, headers={"Idempotency-Key": "k"})
    (await api.post(RUNS)).problem(409)
    assert len((await api.get("audit")).lines) == 1


async def test_a_run_that_nobody_asked_for_is_noted_before_it_starts_however_often_the_tick_comes() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3))}, export={"schedule": {"cron": "0 * * * *"}}))
    await api.world.tick()
    await api.world.clock.advance(3600)
    api.world.documents.faults.fail("append_line", error=Unavailable("Storage does not answer."), times=1)
    with pytest.raises(Unavailable):
        await api.world.tick()
    assert api.world.all_runs() == []
    await asyncio.gather(api.world.tick(), api.world.tick())
    (run,) = api.world.all_runs()
    (line,) = (await api.get("audit")).lines
    assert (line["what"], line["subject"]) == ("run.started", f"exports/vip/runs/{run.id}")
    assert line["by"] == {"name": None, "label": "The schedule of the export"}
    assert line["after"] == {"trigger": "schedule", "limit": None}


async def test_nothing_is_done_that_could_not_be_noted() -> None:
    api = Api()
    wake_up = await api.world.start()
    api.world.documents.faults.fail("append_line", error=Unavailable("Storage does not answer."), times=2)
    (await api.delete(f"{RUNS}/{wake_up.run_id}")).problem(503)
    (await api.post(f"{RUNS}?queue=true")).problem(503)
    assert api.world.documents.paths(f"runs/vip/{wake_up.run_id}/cancel") == []
    assert len(api.world.all_runs()) == 1


async def test_a_line_whose_first_answer_was_lost_is_shown_once() -> None:
    api = Api()
    await api.post(RUNS)
    (path,) = api.world.documents.paths("audit/")
    api.world.documents.blobs[path] *= 2
    assert len((await api.get("audit")).lines) == 1


async def test_each_month_is_read_by_itself_and_page_by_page() -> None:
    api = Api()
    for _ in range(3):
        await api.post(f"{RUNS}?queue=true")
    month = f"{api.world.clock.now():%Y-%m}"
    first = await api.get(f"audit?month={month}&limit=2")
    assert first.headers["Link"] == f'</api/audit?month={month}&limit=2&after=2>; rel="next"'
    second = await api.get(f"/api/audit?month={month}&limit=2&after=2")
    assert (len(first.lines), len(second.lines)) == (2, 1)
    assert "Link" not in second.headers
    assert (await api.get("audit?month=2020-01")).lines == []


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "../connections", "20261-1", "20٢٦-11", "2026-1²"])
async def test_what_is_no_month_is_a_bad_request(month: str) -> None:
    assert "month must be" in (await Api().get(f"audit?month={month}")).problem(400)["detail"]


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
async def test_only_administrators_read_the_trail(role: str) -> None:
    (await entra().get("audit", role=role)).problem(403)
