"""The index of runs: what is missing gets in, a few runs a minute, and what was cleared away gets out."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from shared.domain.errors import Unavailable
from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import Run
from shared.domain.times import utc_text
from shared.store.index.index_repair import REST, IndexRepair
from shared.store.index.run_index import RunIds, RunIndex
from shared.store.paths import INDEX_NOTE, index_path, run_path
from tests.builders import World
from tests.fakes.clock import START
from tests.fakes.documents import MemoryDocuments

MANY = [("b2b", 7), ("vip", 12), ("zero", 1)]


def old_runs(counts: Iterable[tuple[str, int]] = MANY) -> tuple[MemoryDocuments, list[RunIds]]:
    """Return storage with runs that no index has, one an hour for each export; and their ids, newest first."""
    documents, made = MemoryDocuments(), []
    for export_id, count in counts:
        for number in range(count):
            run_id = run_id_at(START - timedelta(hours=number), "0001")
            run = Run(id=run_id, export_id=export_id, trigger="http", created_at=START)
            documents.put(run_path(export_id, run_id), run.document())
            made.append((export_id, run_id))
    return documents, sorted(made, key=lambda ids: index_path(*ids))


async def indexed(documents: MemoryDocuments) -> list[RunIds]:
    return [ids async for ids in RunIndex(documents).newest_first()]


def test_entries_sort_newest_first() -> None:
    moments = [START + timedelta(seconds=1) * 7**power for power in range(10)]
    paths = [index_path("vip", run_id_at(moment, "aaaa")) for moment in moments]
    assert paths == sorted(paths, reverse=True)
    assert (
        index_path("vip", "20261123t060000z-6f3a") == "index/79738876/79738876t939999z~vip~20261123t060000z-6f3a.json"
    )


@pytest.mark.parametrize("at_most", [1, 5, 19, 20, 100])
async def test_runs_that_are_missing_get_in_so_many_at_a_time(at_most: int) -> None:
    documents, made = old_runs()
    repair, missing = IndexRepair(documents, RunIndex(documents)), []
    while (
        "ended_at" not in documents.blobs.get(INDEX_NOTE, b"").decode() or not documents.value(INDEX_NOTE)["ended_at"]
    ):
        documents.faults.calls.clear()
        missing.append(await repair.go_on(START, at_most=at_most))
        assert documents.faults.calls["insert"] <= at_most + 1  # and the note
    assert sum(missing) == len(made)
    assert max(missing) <= at_most
    assert await indexed(documents) == made


async def test_a_walk_that_has_ended_rests_and_then_begins_anew() -> None:
    documents, made = old_runs()
    repair = IndexRepair(documents, RunIndex(documents))
    await repair.go_on(START)
    await RunIndex(documents).remove(*made[3])
    documents.faults.calls.clear()
    assert await repair.go_on(START + REST / 2) == 0
    assert dict(documents.faults.calls) == {"get": 1}
    assert await repair.go_on(START + REST) == 1
    assert await indexed(documents) == made


async def test_an_app_without_runs_writes_nothing() -> None:
    documents = MemoryDocuments()
    assert await IndexRepair(documents, RunIndex(documents)).go_on(START) == 0
    assert documents.blobs == {}


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"export_id": 1}'])
async def test_a_damaged_note_lets_the_walk_begin_anew(damage: bytes) -> None:
    documents, made = old_runs()
    repair = IndexRepair(documents, RunIndex(documents))
    await repair.go_on(START, at_most=4)
    documents.blobs[INDEX_NOTE] = damage
    await repair.go_on(START)
    assert await indexed(documents) == made


async def test_a_walk_that_is_cut_off_goes_on_and_two_at_once_do_no_harm() -> None:
    documents, made = old_runs()
    repair = IndexRepair(documents, RunIndex(documents))
    await repair.go_on(START, at_most=4)
    documents.faults.fail("insert", error=Unavailable("Storage does not answer."), times=1)
    with pytest.raises(Unavailable):
        await repair.go_on(START, at_most=4)
    await IndexRepair(documents, RunIndex(documents)).go_on(START)
    assert await indexed(documents) == made


async def test_a_run_whose_maker_was_cut_off_before_the_index_gets_in_when_the_tick_wakes_the_run() -> None:
    world = World()
    world.documents.faults.fail("insert", "index/*", error=Unavailable("Storage does not answer."), times=1)
    with pytest.raises(Unavailable):
        await world.start()
    (run,) = world.all_runs()
    world.documents.put(INDEX_NOTE, {"schema": 1, "ended_at": utc_text(START)})
    assert await indexed(world.documents) == []
    await world.clock.advance(120)
    assert await world.tick() == [run.wake_up]
    assert await indexed(world.documents) == [("vip", run.id)]
