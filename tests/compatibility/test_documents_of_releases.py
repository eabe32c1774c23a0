"""Documents that earlier releases wrote are read, and runs that they began go on and end as they should."""

import base64
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.runs.plan import Plan
from shared.domain.runs.receipt import ImportFault, Receipt
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.store.paths import marker_path
from shared.store.run_markers import Marker
from tests.builders import World, checked
from tests.compatibility.scenes import SCENES, world_of, written
from tests.fakes.clock import FakeClock
from tests.fakes.import_job import Fate, ImportJob

FOLDER = Path(__file__).parents[1] / "fixtures" / "documents"
RELEASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
IN_FLIGHT = ("queued", "exporting", "cancelled", "waiting", "settling")
WHOLE = Tally(read=64, accepted=58, duplicates=2, rejected=4)


def scene(release: str, name: str) -> dict[str, Any]:
    """Return what *release* left behind."""
    found: dict[str, Any] = orjson.loads((FOLDER / release / f"{name}.json").read_bytes())
    return found


def taken_over(release: str, name: str) -> tuple[World, WakeUp]:
    """Return a world of today with everything that *release* left behind, and the wake-up of its run."""
    left = scene(release, name)
    blobs = {path: base64.b64decode(body) for path, body in left["source"].items()}
    world = world_of(blobs, FakeClock(datetime.fromisoformat(left["now"])))
    world.documents.blobs.clear()
    for path, document in left["documents"].items():
        world.documents.put(path, document)
    for path, lines in left["lines"].items():
        world.documents.blobs[path] = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    world.sink.made = [_job(each) for each in left["jobs"]]
    [run_path] = [path for path in left["documents"] if path.endswith("/run.json")]
    _, export_id, run_id, _ = run_path.split("/")
    return world, WakeUp(export_id, run_id)


def _job(left: dict[str, Any]) -> ImportJob:
    faults = [ImportFault(**fault) for fault in left["faults"]]
    made_at = datetime.fromisoformat(left["created_at"])
    return ImportJob(
        left["id"], left["batch"], left["list_id"], made_at, left["profiles"], faults, Fate.COMPLETE, sweeps_before=0
    )


def documents_of(kind: str) -> list[Any]:
    """Return every document of *kind*, which is how their paths begin or end, of every release."""
    return [
        pytest.param(document, id=f"{release}, {name}, {path}")
        for release in RELEASES
        for name in SCENES
        for path, document in scene(release, name)["documents"].items()
        if path.startswith(kind) or path.endswith(kind)
    ]


def among(document: Any, again: Any) -> Any:
    """Return what *again* says of that which *document* says; a later release may say more, in any part."""
    if not isinstance(document, dict) or not isinstance(again, dict):
        return again
    return {name: among(value, again.get(name)) for name, value in document.items()}


def test_there_is_something_of_every_release_and_in_every_state() -> None:
    assert RELEASES
    for release in RELEASES:
        assert {path.stem for path in (FOLDER / release).iterdir()} == set(SCENES)


@pytest.mark.parametrize("document", documents_of("/run.json"))
def test_a_run_is_read_with_everything_that_it_says(document: dict[str, Any]) -> None:
    again = orjson.loads(orjson.dumps(Run.from_document(document).document()))

    assert among(document, again) == document


@pytest.mark.parametrize("document", documents_of("/plan.json"))
def test_a_plan_is_read_with_everything_that_it_says(document: dict[str, Any]) -> None:
    again = orjson.loads(orjson.dumps(Plan.from_document(document).document()))

    assert {name: again[name] for name in document} == document


@pytest.mark.parametrize("document", documents_of("active/"))
def test_a_marker_is_read_with_everything_that_it_says(document: dict[str, Any]) -> None:
    path = marker_path(document["export_id"], document["run_id"])
    again = orjson.loads(orjson.dumps(Marker.from_document(document, path).document()))

    assert {name: again[name] for name in document} == document


@pytest.mark.parametrize("document", documents_of("connections/"))
def test_a_connection_is_read_and_its_consent_still_holds(document: dict[str, Any]) -> None:
    connection = Connection.from_document(document)

    connection.check_consent()
    assert (connection.id, connection.secret_name) == (document["id"], document["secret_name"])


@pytest.mark.parametrize("document", documents_of("exports/"))
def test_an_export_is_read_with_its_mapping_and_schedule(document: dict[str, Any]) -> None:
    export = Export.from_document(document)

    assert export.list_id == document["list_id"]
    assert export.limits.document() == document["limits"]
    assert {name: value for name, value in export.mapping.document().items() if value} == document["mapping"]
    assert export.schedule is not None


@pytest.mark.parametrize("release", RELEASES)
def test_every_line_of_parts_and_rejections_is_read_with_everything_that_it_says(release: str) -> None:
    seen = set()
    for path, lines in scene(release, "ended")["lines"].items():
        for line in lines:
            [(kind, said)] = [("rejection", line)] if path.endswith("rejections.ndjson") else line.items()
            reader = Rejection if kind == "rejection" else Receipt
            again = orjson.loads(orjson.dumps(reader.from_document(said).document()))
            assert {name: again[name] for name in said} == said
            seen.add(kind)
    assert seen == {"receipt", "rejection"}


@pytest.mark.parametrize("name", ["queued", "settling"])
@pytest.mark.parametrize("release", RELEASES)
async def test_a_run_that_it_began_goes_on_and_every_row_has_its_outcome(release: str, name: str) -> None:
    world, wake_up = taken_over(release, name)

    await world.go(wake_up)

    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, WHOLE)
    assert len(world.rejections(run)) == WHOLE.rejected
    assert len(world.sink.emails()) == WHOLE.accepted
    assert sum(len(job.profiles) for job in world.sink.made) == WHOLE.accepted + 1, "a profile was sent twice"


@pytest.mark.parametrize("name", ["exporting", "waiting"])
@pytest.mark.parametrize("release", RELEASES)
async def test_a_run_whose_rows_it_has_counted_otherwise_ends_and_a_fresh_one_reads_them_anew(
    release: str, name: str
) -> None:
    world, wake_up = taken_over(release, name)

    await world.go(wake_up)

    begun, fresh = [checked(run) for run in world.all_runs()]
    assert begun.ending
    assert (begun.id, begun.status, begun.ending.code) == (wake_up.run_id, RunStatus.FAILED, "reader_changed")
    assert (fresh.status, fresh.tally) == (RunStatus.PARTIAL, WHOLE)
    assert len(world.rejections(fresh)) == WHOLE.rejected
    assert len(world.sink.emails()) == WHOLE.accepted


@pytest.mark.parametrize("release", RELEASES)
async def test_a_run_that_was_told_to_stop_before_the_upgrade_stops_and_settles(release: str) -> None:
    world, wake_up = taken_over(release, "cancelled")
    sent = len(world.sink.made)

    await world.go(wake_up)

    run = checked(world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert len(world.sink.made) == sent
    assert run.ending
    assert "dana" in run.ending.detail


@pytest.mark.parametrize("release", RELEASES)
async def test_the_tick_finds_a_run_of_before_by_itself(release: str) -> None:
    world, wake_up = taken_over(release, "exporting")
    await world.clock.advance(180)

    assert await world.tick() == [wake_up]


@pytest.mark.parametrize("release", RELEASES)
async def test_an_upgrade_starts_no_run_that_was_not_due(release: str) -> None:
    world, _ = taken_over(release, "ended")
    await world.clock.advance(60)

    assert await world.tick() == []


@pytest.mark.parametrize("name", SCENES)
async def test_today_keeps_what_the_last_release_wrote_and_only_adds_to_it(name: str) -> None:
    """The older code reads what it knows by name; so a rollback works as long as nothing that it reads goes away."""
    before = scene(RELEASES[-1], name)
    wrote = await written(SCENES[name])
    today = {kind: _by_seconds(wrote[kind]) for kind in ("documents", "lines")}

    assert set(before["documents"]) <= set(today["documents"])
    for path, document in before["documents"].items():
        _has_the_shape_of(document, today["documents"][path], path)
    lines = _each_kind(today["lines"])
    for where, line in _each_kind(before["lines"]).items():
        _has_the_shape_of(line, lines[where], where)


def _by_seconds(files: dict[str, Any]) -> dict[str, Any]:
    """Return *files* with the ids of runs as release 0.1.0 made them: with seconds, without milliseconds."""
    return {re.sub(r"(\d{8}t\d{6}z-)\d{3}", r"\1", path): file for path, file in files.items()}


def _each_kind(files: dict[str, list[Any]]) -> dict[str, Any]:
    """Return a line of each kind in *files*; how many parts a leg writes depends on when its batches are sent."""
    kinds = {}
    for path, lines in files.items():
        for line in lines:
            where, _, part = path.partition("/parts/")
            kinds[f"{where}/parts: {[*line]}" if part else path] = line
    return kinds


def _has_the_shape_of(before: Any, today: Any, where: str) -> None:
    """Check that every name that stood in *before* is there today, with a value of the same kind."""
    if before is None or today is None:
        return
    assert type(today) is type(before), where
    if isinstance(before, dict) and "schema" in before:
        assert today["schema"] == before["schema"], where
    if isinstance(before, dict):
        assert set(before) <= set(today), where
        for name, value in before.items():
            if name != "fields":  # those of a row: they are data
                _has_the_shape_of(value, today[name], f"{where}: {name}")
