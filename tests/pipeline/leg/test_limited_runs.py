"""A run of the first rows only, for trying."""

import pytest

from shared.domain.runs.run import RunStatus
from tests.builders import World, checked, ndjson, people

FILES = {"vip/1.ndjson": ndjson(people(5)), "vip/2.ndjson": ndjson(people(5, first=6))}


async def limited(world: World, limit: int | None) -> tuple[int, list[str]]:
    """See a run of the first *limit* rows through; return how many rows it read, and who is in the list."""
    wake_up = await world.start(limit=limit)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.limit) == (RunStatus.SUCCEEDED, limit)
    return run.tally.read, world.sink.emails()


@pytest.mark.parametrize(("limit", "read"), [(1, 1), (5, 5), (6, 6), (10, 10), (11, 10), (None, 10)])
async def test_a_run_with_a_limit_ends_after_so_many_rows(limit: int | None, read: int) -> None:
    found, emails = await limited(World(FILES, max_profiles=2), limit)
    assert (found, len(emails)) == (read, read)


async def test_a_run_with_a_limit_reads_no_file_behind_it() -> None:
    world = World(FILES)
    await limited(world, 5)
    read = [path for call, path in world.segments.faults.log if call == "read" and path.endswith("2.ndjson")]
    assert len(read) <= 1  # planning looks for its columns; exporting does not come to it


async def test_a_run_with_a_limit_keeps_it_over_several_legs() -> None:
    world = World(FILES, max_profiles=1, budget_seconds=0, in_flight=1)
    assert await limited(world, 7) == (7, [f"p{n}@example.com" for n in range(1, 8)])


async def test_the_request_of_a_run_that_was_cut_off_keeps_its_limit() -> None:
    world = World(FILES)
    wake_up = await world.start(limit=3)
    del world.documents.blobs[f"runs/vip/{wake_up.run_id}/run.json"]
    await world.clock.advance(600)
    await world.go(*await world.tick())
    assert world.run(wake_up).tally.read == 3
