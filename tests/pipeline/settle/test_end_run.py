"""The end of a run: written once, or twice after a crash, with the same accounting."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.runs.run import RunStatus, Tally
from tests.builders import World, checked, ndjson, people, warnings_of
from tests.fakes.import_job import Fate


def world_of(rows: int = 40, *, blobs: dict[str, bytes] | None = None, **changes: Any) -> World:
    return World(blobs or {"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, **changes})


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_an_end_that_had_to_be_written_twice_names_each_rejection_once(lost: str) -> None:
    rows = [*people(20), {"EMail": "bad"}, {"EMail": "x@example.com", "Phone": "12"}]
    mapping = {"email": "EMail", "phone_number": "Phone"}
    world = world_of(blobs={"vip/1.ndjson": ndjson(rows)}, export={"mapping": mapping})
    world.sink.refuse("p3@*")
    world.sink.fail_late("p1?@*")
    # the save after the second file was written is the last one of the run
    world.documents.faults.when(
        "write_lines", "*/rejections.ndjson", lambda: lose_next_save(world, after=lost == "after"), after=True
    )
    wake_up = await world.start()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=22, accepted=10, rejected=12)
    assert len(world.rejections(run)) == 12
    [warning] = warnings_of(run)
    assert warning.startswith("1 value of phone_number is a phone number without a country code; it was left out")
    expected_harvests = 2 if lost == "before" else 1
    assert world.documents.faults.count("write_lines", "*/rejections.ndjson") == expected_harvests


async def lose_next_save(world: World, *, after: bool) -> None:
    world.documents.faults.fail("replace", "*/run.json", after=after)


async def test_unconfirmed_jobs_of_an_end_that_did_not_come_to_be_are_forgotten() -> None:
    world = world_of(10, fates={1: Fate.ENDLESS}, settle_limit=timedelta(minutes=30))
    wake_up = await world.start()
    world.documents.faults.when("write_lines", "*/unconfirmed.ndjson", lambda: complete_and_crash(world), after=True)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=10, accepted=10))
    assert world.documents.paths(f"runs/vip/{run.id}/unconfirmed") == []


async def complete_and_crash(world: World) -> None:
    world.sink.made[0].fate = Fate.COMPLETE
    world.documents.faults.fail("replace", "*/run.json")


async def test_a_long_harvest_shows_life() -> None:
    world = world_of(100)
    world.sink.fail_late("*")
    for number in range(10):
        world.sink.faults.when("import_faults", f"job-{number + 1}", lambda: world.clock.sleep(20))
    beats: set[Any] = set()

    async def note() -> None:
        beats.add(world.documents.value(f"runs/vip/{wake_up.run_id}/run.json")["heartbeat_at"])

    for number in range(10):
        world.sink.faults.when("import_faults", f"job-{number + 1}", note, after=True)
    wake_up = await world.start()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=100, rejected=100)
    assert len(beats) == 7
