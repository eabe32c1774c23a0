"""A leg tells its own write that arrived late from the write of somebody else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import Unavailable
from shared.domain.runs.run import Run, RunStatus, Tally
from shared.store.paths import run_path
from shared.store.runs import Runs
from tests.builders import World, checked, ndjson, people
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
from tests.fakes.sink import LIST


def world_of(rows: int = 60, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 3, **changes})


class LateDocuments(MemoryDocuments):
    """Documents of which one write is given up by its writer, and arrives just before the next one; mutable."""

    late: tuple[str, Mapping[str, Any], str] | None = None
    is_to_be_late = False

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        if self.is_to_be_late:
            self.is_to_be_late, self.late = False, (path, value, etag)
            raise Unavailable("No answer.")
        if self.late:
            (late_path, late_value, late_etag), self.late = self.late, None
            await super().replace(late_path, late_value, etag=late_etag)
        return await super().replace(path, value, etag=etag)


async def test_a_leg_whose_run_was_written_by_somebody_else_stops_its_sends_at_once() -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.seconds = lambda batch: 1.0 if batch.number == 1 else 100.0

    async def write() -> None:
        world.documents.put(run_path("vip", wake_up.run_id), replace(world.run(wake_up), legs=2).document())

    world.sink.faults.when("send", f"{LIST}/1", write)
    assert await world.leg(wake_up) == [wake_up]
    assert world.clock.monotonic() == 1
    assert [job.batch for job in world.sink.made] == [1]
    assert world.sink.in_flight == 0


async def test_a_save_that_arrives_after_it_was_looked_for_in_vain_is_no_strangers() -> None:
    documents = LateDocuments()
    run = Run(id="1", export_id="vip", trigger="http", created_at=FakeClock().now())
    documents.put(run_path("vip", "1"), run.document())
    saver = await Runs(documents).open("vip", "1")
    assert saver is not None
    documents.is_to_be_late = True
    with pytest.raises(Unavailable):
        await saver.save(lambda run: replace(run, legs=7))
    assert documents.value(run_path("vip", "1"))["legs"] == 0
    saved = await saver.save(lambda run: replace(run, pauses=1))
    assert (saved.legs, saved.pauses) == (7, 1)
    assert Run.from_document(documents.value(run_path("vip", "1"))) == saved


async def test_a_leg_whose_checkpoint_arrives_late_pauses_and_is_not_taken_for_one_that_was_overtaken() -> None:
    world = world_of(in_flight=1)
    documents = LateDocuments({path: world.documents.value(path) for path in world.documents.paths()})
    world.documents = documents
    world.keep_documents_in(documents)

    async def next_write_is_late() -> None:
        documents.is_to_be_late = True

    documents.faults.when("write_lines", "*/parts/1-2.ndjson", next_write_is_late, after=True)
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert run.waiting is not None
    assert (run.waiting.reason, run.checkpoint.batches, run.starts) == ("unavailable", 2, 0)
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=60, accepted=60))
    assert [job.batch for job in world.sink.made] == [1, 2, 3, 4, 5, 6]
