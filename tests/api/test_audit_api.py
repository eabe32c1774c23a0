"""The audit trail: a line before each deed."""

import asyncio
from datetime import datetime

import pytest

from shared.control import read_audit
from shared.domain.errors import Unavailable
from shared.store.audit_trail import Author
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, RUNS, Api, Reply, entra, principal
from tests.builders import World, ndjson, people


async def test_every_start_and_every_cancelling_is_noted_with_who_and_when() -> None:
    api = entra()
    run_id = (await api.post(RUNS, {"limit": 2}, role=CONTRIBUTOR)).json["id"]
    await api.delete(f"{RUNS}/{run_id}", role=CONTRIBUTOR)
    cancelled, started = (await api.get("audit", role="Exports.Admin")).lines
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


async def test_each_month_is_read_by_itself_newest_first_and_page_by_page() -> None:
    api = Api()
    ids = [(await api.post(f"{RUNS}?queue=true")).json["id"] for _ in range(5)]
    month = f"{api.world.clock.now():%Y-%m}"
    first = await api.get(f"audit?month={month}&limit=2")
    assert first.headers["Link"] == f'</api/audit?month={month}&limit=2&before=3>; rel="next"'
    assert run_ids(first) == ids[:2:-1]
    await api.post(f"{RUNS}?queue=true")  # a newer line moves none of the older ones
    second = await api.get(following(first))
    third = await api.get(following(second))
    assert run_ids(second) + run_ids(third) == ids[2::-1]
    assert "Link" not in third.headers
    assert (await api.get("audit?month=2020-01")).lines == []


async def test_the_trail_is_filtered_by_what_was_done_to_what_and_by_whom() -> None:
    api = entra()
    api.world.put_export(id="vip-2")
    for export_id, role in (("vip", CONTRIBUTOR), ("vip-2", CONTRIBUTOR), ("vip", ADMIN)):
        name = {CONTRIBUTOR: "dana@example.com", ADMIN: "Mia & Co"}[role]
        headers = principal(role, oid=role, name=name)
        await api.post(f"exports/{export_id}/runs?queue=true", headers=headers)
        await api.world.clock.advance(60)
    seen = {
        query: [line["subject"].split("/")[1] for line in (await api.get(f"audit?{query}", role=ADMIN)).lines]
        for query in ("subject=exports/vip", "subject=exports", "by=DANA", "by=mia&subject=exports/vip", "by=nobody")
    }
    assert list(seen.values()) == [["vip", "vip"], ["vip", "vip-2", "vip"], ["vip-2", "vip"], ["vip"], []]
    by_label = (await api.get("audit?by=object id exports.adm", role=ADMIN)).lines
    assert [line["by"]["name"] for line in by_label] == ["Mia & Co"]


async def test_the_address_of_the_next_page_keeps_the_filters() -> None:
    api = entra()
    for number in range(6):
        name = ("Mia & Co", "dana@example.com")[number % 2]
        await api.post(f"{RUNS}?queue=true", headers=principal(ADMIN, name=name))
    page = await api.get("audit?limit=2&by=mia %26&subject=exports/vip", role=ADMIN)
    rest = await api.get(following(page), role=ADMIN)
    assert [line["by"]["name"] for line in (*page.lines, *rest.lines)] == ["Mia & Co"] * 3
    assert "Link" not in rest.headers


async def test_a_page_holds_a_mebibyte_and_all_pages_every_line() -> None:
    api = Api()
    long = {"text": "x" * 200_000}
    for number in range(12):
        await api.world.store.audit.note(Author(None, "Somebody"), "export.changed", f"exports/e{number}", after=long)
    seen, address = [], "audit"
    while address:
        page = await api.get(address)
        assert 1 <= len(page.lines) <= 5
        seen += [line["subject"] for line in page.lines]
        address = following(page)
    assert seen == [f"exports/e{number}" for number in reversed(range(12))]


async def test_others_have_a_turn_while_a_long_trail_is_read() -> None:
    api = Api()
    for number in range(5):
        await api.world.store.audit.note(Author(None, "Somebody"), "export.changed", f"exports/e{number}")
    read_audit.LINES_AT_A_STRETCH, before = 2, read_audit.LINES_AT_A_STRETCH
    try:
        turns = api.world.clock.slept.count(0)
        await api.get("audit")
        assert api.world.clock.slept.count(0) - turns == 2
    finally:
        read_audit.LINES_AT_A_STRETCH = before


def run_ids(reply: Reply) -> list[str]:
    return [line["subject"].rpartition("/")[2] for line in reply.lines]


def following(reply: Reply) -> str:
    """Return the address of the next page, or an empty text after the last one."""
    return reply.headers.get("Link", "<>").partition(">")[0].removeprefix("<")


@pytest.mark.parametrize("query", ["before=-1", "before=x", "limit=0", "by=" + "x" * 301, "subject=" + "x" * 301])
async def test_what_cannot_be_asked_of_the_trail_is_a_bad_request(query: str) -> None:
    (await Api().get(f"audit?{query}")).problem(400)


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "../connections", "20261-1", "20٢٦-11", "2026-1²"])
async def test_what_is_no_month_is_a_bad_request(month: str) -> None:
    assert "month must be" in (await Api().get(f"audit?month={month}")).problem(400)["detail"]


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
async def test_only_administrators_read_the_trail(role: str) -> None:
    (await entra().get("audit", role=role)).problem(403)
