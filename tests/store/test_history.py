"""Old runs are cleared away: a few documents at a time, and nothing that somebody may still need."""

import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import Run, RunStatus
from shared.store import history
from shared.store.history import AT_MOST, TICKS_A_LOOK, History
from shared.store.idempotency import ALL_EXPORTS, IdempotencyKeys
from shared.store.index.run_index import RunIndex
from shared.store.paths import marker_path, run_folder, run_path
from tests.builders import World, ndjson, people
from tests.fakes.clock import START, FakeClock
from tests.fakes.documents import MemoryDocuments

KEEP = timedelta(days=30)
OLD = START - timedelta(days=31)
YOUNG = START - timedelta(days=29)
BESIDE = ("cancel.json", "parts/1-1.ndjson", "parts/1-2.ndjson", "plan.json", "rejections.ndjson", "unconfirmed.ndjson")


def put_run(
    documents: MemoryDocuments, created_at: datetime = OLD, *, export_id: str = "vip", suffix: str = "6f3a", **run: Any
) -> str:
    """Write a run with everything that one may have; return its folder."""
    run_id = run_id_at(created_at, suffix)
    values = {"status": RunStatus.SUCCEEDED, "ended_at": created_at, **run}
    documents.put(run_path(export_id, run_id), Run(run_id, export_id, "http", created_at, **values).document())
    folder = run_folder(export_id, run_id)
    for name in BESIDE:
        documents.put(folder + name, {})
    return folder


async def clear(documents: MemoryDocuments, **changes: Any) -> int:
    return await History(documents).clear_export("vip", before=START - KEEP, **changes)


async def look(documents: MemoryDocuments, clock: FakeClock, minutes: int) -> int:
    """Let minutes pass; return how many documents were deleted in them."""
    deleted = 0
    for _ in range(minutes):
        deleted += await History(documents).clear(clock.now(), keep=KEEP)
        await clock.advance(60)
    return deleted


async def test_an_old_run_leaves_the_index_before_its_document_goes() -> None:
    documents = MemoryDocuments()
    index = RunIndex(documents)
    for created_at in (OLD, YOUNG):
        put_run(documents, created_at)
        await index.insert("vip", run_id_at(created_at, "6f3a"))
    await clear(documents)
    assert [ids async for ids in index.newest_first()] == [("vip", run_id_at(YOUNG, "6f3a"))]
    *_, before_last, last = [path for call, path in documents.faults.log if call == "delete"]
    assert before_last.startswith("index/")
    assert last.endswith("/run.json")


async def test_everything_of_an_old_run_goes_and_its_document_last() -> None:
    documents = MemoryDocuments()
    old, young = put_run(documents), put_run(documents, YOUNG)
    assert await clear(documents) == len(BESIDE) + 1
    assert documents.paths(old) == []
    assert len(documents.paths(young)) == len(BESIDE) + 1
    deleted = [path for call, path in documents.faults.log if call == "delete"]
    assert deleted[-1] == f"{old}run.json"


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.EXPORTING, RunStatus.SETTLING])
async def test_a_run_that_has_not_ended_stays_however_old_it_is(status: RunStatus) -> None:
    documents = MemoryDocuments()
    folder = put_run(documents, START - timedelta(days=400), status=status, ended_at=None)
    assert await clear(documents) == 0
    assert len(documents.paths(folder)) == len(BESIDE) + 1


@pytest.mark.parametrize("status", [status for status in RunStatus if status.is_ended])
async def test_a_run_goes_whatever_its_end_was(status: RunStatus) -> None:
    documents = MemoryDocuments()
    put_run(documents, status=status)
    assert await clear(documents) == len(BESIDE) + 1


@pytest.mark.parametrize(("ended_at", "stays"), [(START - KEEP, True), (START - KEEP - timedelta(seconds=1), False)])
async def test_the_time_counts_from_the_end_of_a_run(ended_at: datetime, *, stays: bool) -> None:
    documents = MemoryDocuments()
    folder = put_run(documents, OLD - timedelta(days=1), ended_at=ended_at)
    await clear(documents)
    assert bool(documents.paths(folder)) is stays


async def test_a_run_with_a_marker_stays_as_it_would_be_made_anew() -> None:
    documents = MemoryDocuments()
    folder = put_run(documents)
    documents.put(marker_path("vip", folder.split("/")[2]), {})
    assert await clear(documents) == 0
    assert f"{folder}run.json" in documents.paths(folder)


async def test_no_more_is_deleted_than_was_said_and_the_rest_goes_the_next_time() -> None:
    documents = MemoryDocuments()
    folders = [put_run(documents, OLD, suffix=f"000{number}") for number in range(3)]
    assert await clear(documents, at_most=4) == 4
    assert documents.faults.count("get", "runs/*") == 1
    left = []
    for _ in range(5):
        assert await clear(documents, at_most=4) <= 4
        left.append(len(documents.paths("runs/")))
    assert left == [13, 9, 5, 1, 0]
    assert [documents.paths(folder) for folder in folders] == [[], [], []]


@pytest.mark.parametrize("skip", range(len(BESIDE) + 1))
@pytest.mark.parametrize("after", [False, True])
async def test_what_is_cut_off_anywhere_is_finished_the_next_time(skip: int, *, after: bool) -> None:
    documents = MemoryDocuments()
    folder = put_run(documents)
    documents.faults.fail("delete", error=ConnectionError("The test ends it here."), skip=skip, after=after)
    with pytest.raises(ConnectionError):
        await clear(documents)
    assert not documents.paths(folder) or f"{folder}run.json" in documents.paths(folder)
    await clear(documents)
    assert documents.paths(folder) == []


async def test_what_is_left_of_a_run_without_its_document_goes_too() -> None:
    documents = MemoryDocuments()
    folder = put_run(documents)
    await documents.delete(f"{folder}run.json")
    assert await clear(documents) == len(BESIDE)
    assert documents.paths("runs/") == []


async def test_a_run_that_is_written_meanwhile_keeps_its_document() -> None:
    documents = MemoryDocuments()
    folder = put_run(documents)

    async def write() -> None:
        documents.put(f"{folder}run.json", {"by": "somebody else"})

    documents.faults.when("delete", "*unconfirmed*", write)
    await clear(documents)
    assert documents.value(f"{folder}run.json") == {"by": "somebody else"}


@pytest.mark.parametrize("broken", [{}, {"status": "new"}, {"status": "failed", "ended_at": "p1@example.com"}])
async def test_a_broken_document_stops_no_other_and_is_named(
    broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    documents = MemoryDocuments()
    first, second = put_run(documents, OLD - timedelta(days=1)), put_run(documents)
    documents.put(f"{first}run.json", broken)
    assert await clear(documents) == len(BESIDE) + 1
    assert documents.paths(second) == []
    assert f"Run {first.split('/')[2]} of vip cannot be cleared away" in caplog.text
    assert "example.com" not in caplog.text


async def test_young_runs_cost_one_listing_and_nothing_else() -> None:
    documents = MemoryDocuments()
    for number in range(50):
        put_run(documents, YOUNG, suffix=f"{number:04x}")
    assert await clear(documents) == 0
    assert documents.faults.calls == Counter(folders=1)


async def test_in_most_minutes_nothing_is_looked_at() -> None:
    documents, clock = MemoryDocuments(), FakeClock()
    put_run(documents, YOUNG)
    await look(documents, clock, 1000)
    looks = documents.faults.count("folders", "runs/")
    assert 1000 / TICKS_A_LOOK / 1.5 < looks < 1000 / TICKS_A_LOOK * 1.5
    assert documents.faults.calls == Counter(folders=2 * looks, names=2 * looks)


async def test_every_export_has_its_turn_also_one_that_is_gone() -> None:
    documents, clock = MemoryDocuments(), FakeClock()
    for number in range(10):
        put_run(documents, YOUNG, export_id=f"export-{number}")
        for day in range(5):
            put_run(documents, OLD - timedelta(days=day), export_id=f"export-{number}")
    assert await look(documents, clock, 600) == 50 * (len(BESIDE) + 1)
    assert len(documents.paths("runs/")) == 10 * (len(BESIDE) + 1)


async def test_a_place_without_runs_is_left_alone() -> None:
    documents, clock = MemoryDocuments(), FakeClock()
    assert await look(documents, clock, 50) == 0


async def test_the_tick_clears_away_what_ended_long_ago() -> None:
    world = World({"vip/1.ndjson": ndjson([*people(3), {"EMail": "no address"}])})
    run = await world.whole_run()
    assert world.documents.paths(run_folder("vip", run.id))
    await world.clock.advance((KEEP + timedelta(hours=1)).total_seconds())
    for _ in range(60):
        await world.tick(keep=KEEP)
        await world.clock.advance(60)
    assert world.documents.paths("runs/") == []
    assert world.documents.paths("exports/") == ["exports/vip.json"]


@pytest.mark.parametrize(
    ("error", "level"),
    [(None, logging.INFO), (TimeoutError(), logging.INFO), (RuntimeError("Nobody foresaw this."), logging.ERROR)],
)
async def test_a_failure_to_clear_away_disturbs_no_tick(
    error: Exception | None, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = World({"vip/1.ndjson": ndjson(people(3))})
    await world.start()
    await world.clock.advance(180)
    world.documents.faults.fail("folders", error=error, times=99)
    while not (sent := await world.tick(keep=KEEP)) or not world.documents.faults.calls["folders"]:
        await world.clock.advance(60)
    assert sent
    assert [record.levelno for record in caplog.records if "Old runs" in record.message] == [level]


async def test_the_keys_of_old_requests_go_with_their_runs() -> None:
    clock = FakeClock()
    documents = MemoryDocuments()
    put_run(documents, YOUNG)
    keys = IdempotencyKeys(documents)
    for scope in ("vip", ALL_EXPORTS):
        await keys.claim(scope, "monday", b"", {}, clock.now())
    await clock.advance(KEEP.total_seconds() / 2)
    await keys.claim("vip", "tuesday", b"", {}, clock.now())
    await clock.advance(KEEP.total_seconds() / 2)
    await look(documents, clock, 10 * TICKS_A_LOOK)
    assert await keys.find("vip", "monday", b"") is None
    assert await keys.find(ALL_EXPORTS, "monday", b"") is None
    assert await keys.find("vip", "tuesday", b"") is not None


async def test_a_damaged_note_of_a_key_keeps_no_other_from_being_cleared_away() -> None:
    clock = FakeClock()
    documents = MemoryDocuments()
    put_run(documents, YOUNG)
    keys = IdempotencyKeys(documents)
    for key in ("monday", "tuesday", "wednesday"):
        await keys.claim("vip", key, b"", {}, clock.now())
    wreck = documents.paths("idempotency/vip/")[0]
    documents.blobs[wreck] = b"["
    await clock.advance(KEEP.total_seconds() + 60)
    await look(documents, clock, 10 * TICKS_A_LOOK)
    assert documents.paths("idempotency/vip/") == [wreck]


@pytest.mark.parametrize(("most_names", "most_looks"), [(history.MOST_NAMES, 500), (100, 50_000)])
async def test_keys_behind_many_young_ones_go_as_well_a_few_at_a_time(most_names: int, most_looks: int) -> None:
    clock, documents = FakeClock(), MemoryDocuments()
    put_run(documents, START + KEEP)
    keys = IdempotencyKeys(documents)
    for number in range(10):
        await keys.claim("vip", str(number), b"", {}, clock.now())
    await clock.advance(KEEP.total_seconds() + 60)
    young = [await keys.claim("vip", f"young-{number}", b"", {}, clock.now()) for number in range(300)]
    history.MOST_NAMES, before = most_names, history.MOST_NAMES
    try:
        store, looks = History(documents), 0
        while len(documents.paths("idempotency/vip/")) > len(young):
            documents.faults.calls.clear()
            await store.clear(clock.now(), keep=KEEP)
            assert documents.faults.calls["get"] <= 2 * AT_MOST
            assert documents.faults.calls["names"] <= 4
            await clock.advance(30)
            looks += 1
            assert looks < most_looks
    finally:
        history.MOST_NAMES = before
