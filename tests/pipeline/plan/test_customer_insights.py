"""Folders as Customer Insights' export to Blob Storage writes them, into the list.

The documentation of that export shows ``%Container%/CustomerInsights_%instanceID%/%ExportDestinationName%/%TableName%/
%Year%/%Month%/%Day%/%HHMM%/%TableName%_%PartitionId%.csv``, and ``model.json`` at ``%ExportDestinationName%``. It does
not say whether the files have a header.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run, RunStatus
from shared.store.paths import plan_path
from tests.builders import World, checked
from tests.domain.sources.models.writing import entity, model, partition
from tests.fakes.segments import MemorySegments

DESTINATION = "CustomerInsights_4f6b1c2d/BlobExport"
SEGMENT = f"{DESTINATION}/HighValueSegment"
NOW = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
COLUMNS = [
    ("CustomerId", "string"),
    ("EMail", "string"),
    ("FirstName", "string"),
    ("Orders", "int64"),
    ("Spent", "decimal"),
    ("IsGold", "boolean"),
    ("LastSeen", "dateTimeOffset"),
]
HEADER = ",".join(name for name, _ in COLUMNS)
MAPPING = {
    "email": "EMail",
    "external_id": "CustomerId",
    "first_name": "FirstName",
    "properties": {"orders": "Orders", "spent": "Spent", "gold": "IsGold", "seen": "LastSeen"},
}


def rows(*numbers: int, header: bool) -> bytes:
    lines = [HEADER] if header else []
    lines += [f'00{n},p{n}@example.com,"Ann, {n}",{n},{n}.50,True,2025-12-31T23:59:00.0000000Z' for n in numbers]
    return "\r\n".join([*lines, ""]).encode()


def world_of() -> World:
    world = World(segments=MemorySegments(), export={"segments": [SEGMENT], "mapping": MAPPING})
    world.segments.now = NOW
    return world


def write(
    world: World, state: str, files: Sequence[bytes], *, at: datetime, named: int | None = None, **says: Any
) -> None:
    """Write a dated folder with *files*, and then the model, which names the first *named* of the folder's files."""
    names = [f"{SEGMENT}/{state}/HighValueSegment_{number}.csv" for number in range(1, 1 + (named or len(files)))]
    for name, body in zip(names, files, strict=False):
        world.segments.put(name, body, modified=at)
    parts = [partition(name, **says) for name in names]
    body = model(entity("Customer", [], [("other", "string")]), entity("HighValueSegment", parts, COLUMNS))
    world.segments.put(f"{DESTINATION}/model.json", body, modified=at + timedelta(seconds=5))


def plan_of(world: World, run: Run) -> Plan:
    return Plan.from_document(world.documents.value(plan_path(run.export_id, run.id)))


def sent(world: World) -> dict[str, Any]:
    return world.sink.members()


@pytest.mark.parametrize("says", [{}, {"columnHeaders": False}, {"columnHeaders": True, "delimiter": ","}])
@pytest.mark.parametrize("header", [True, False])
async def test_what_customer_insights_writes_comes_into_the_list(header: bool, says: dict[str, Any]) -> None:
    world = world_of()
    files = [rows(1, 2, header=header), rows(3, header=header), rows(4, 5, header=header)]
    write(world, "2025/12/31/2359", files, at=NOW - timedelta(minutes=5), **says)
    run = checked(await world.whole_run())
    assert (run.status, run.tally.read, run.tally.accepted, run.warnings) == (RunStatus.SUCCEEDED, 5, 5, ())
    profile = sent(world)["p3@example.com"]
    assert (profile["external_id"], profile["first_name"]) == ("003", "Ann, 3")
    assert profile["properties"] == {"orders": 3, "spent": 3.5, "gold": True, "seen": "2025-12-31T23:59:00+00:00"}
    (source,) = plan_of(world, run).sources
    assert (source.state, source.model) == ("2025/12/31/2359", f"{DESTINATION}/model.json")


async def test_at_midnight_at_the_end_of_the_year_the_newest_folder_is_that_of_the_new_year() -> None:
    world = world_of()
    write(world, "2025/12/31/2359", [rows(1, header=False)], at=NOW - timedelta(minutes=29))
    write(world, "2026/01/01/0000", [rows(1, 2, header=False)], at=NOW - timedelta(minutes=28))
    run = checked(await world.whole_run())
    assert (run.tally.accepted, plan_of(world, run).sources[0].state) == (2, "2026/01/01/0000")


async def test_a_newer_folder_that_is_half_written_is_not_read() -> None:
    world = world_of()
    write(world, "2025/12/31/1200", [rows(1, 2, header=False)], at=NOW - timedelta(hours=12))
    write(world, "2026/01/01/0015", [rows(1, header=False)], at=NOW - timedelta(minutes=15), named=2)
    run = checked(await world.whole_run())
    assert (run.tally.accepted, [warning.code for warning in run.warnings]) == (2, ["newer_folder_incomplete"])
    assert "HighValueSegment_2.csv" in run.warnings[0].detail


async def test_a_file_with_another_number_of_columns_than_the_model_is_refused_with_both_numbers() -> None:
    world = world_of()
    files = [rows(1, header=False), b"1,p2@example.com,Ann\r\n"]
    write(world, "2026/01/01/0000", files, at=NOW - timedelta(minutes=15))
    run = checked(await world.whole_run())
    assert run.ending is not None
    assert (run.status, run.ending.code, run.jobs.submitted) == (RunStatus.FAILED, "model_other_columns", 0)
    said = run.ending.params
    assert (said["file"], said["cells"], said["columns"]) == (
        f"{SEGMENT}/2026/01/01/0000/HighValueSegment_2.csv",
        3,
        7,
    )


async def test_columns_in_another_order_are_taken_from_the_header() -> None:
    world = world_of()
    body = rows(7, header=True).decode().replace("\r\n", "\n").splitlines()
    turned = "\n".join(",".join([*line.rsplit(",", 4)[1:], line.rsplit(",", 4)[0]]) for line in body).encode()
    write(world, "2026/01/01/0000", [turned], at=NOW - timedelta(minutes=15), columnHeaders=True)
    await world.whole_run()
    assert sent(world)["p7@example.com"]["properties"]["spent"] == 7.5


async def test_a_plan_of_a_release_without_types_and_sources_is_read() -> None:
    world = world_of()
    write(world, "2026/01/01/0000", [rows(1, header=False)], at=NOW - timedelta(minutes=15))
    run = await world.whole_run()
    document = json.loads(json.dumps(world.documents.value(plan_path(run.export_id, run.id))))
    del document["sources"]
    for dialect in document["dialects"]:
        assert dialect.pop("types")
    old = Plan.from_document(document)
    assert (old.sources, old.dialects[0].types) == ((), ())
