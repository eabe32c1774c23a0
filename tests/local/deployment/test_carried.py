"""What is carried from one installation to another: connections and exports with their consent, and nothing secret."""

import json
from pathlib import Path

import pytest

from local.deployment.carried import FOLDERS, load, save
from local.processes import LocalProblem
from shared.domain.runs.run import RunStatus
from tests.builders import World, connection_document, export_document, ndjson, people
from tests.fakes.documents import MemoryDocuments

SEGMENT = {"vip/rows.ndjson": ndjson(people(3))}


async def ran_once() -> World:
    """Return an installation whose one export has run."""
    world = World(SEGMENT, export={"schedule": {"cron": "0 6 * * *", "time_zone": "UTC"}})
    assert (await world.whole_run()).status is RunStatus.SUCCEEDED
    return world


async def test_an_export_that_was_carried_over_runs_in_the_new_installation(tmp_path: Path) -> None:
    old, new = await ran_once(), World(SEGMENT)
    assert await save(old.documents, tmp_path / "kept") == ["connections/acme.json", "exports/vip.json"]
    new.documents = MemoryDocuments()
    new.keep_documents_in(new.documents)
    loaded = await load(new.documents, tmp_path / "kept", disabled=False)
    assert loaded.secrets == ("klaviyo-acme",)
    assert new.all_runs() == []
    assert await new.store.exports.get("vip") == await old.store.exports.get("vip")
    assert await new.store.connections.get("acme") == await old.store.connections.get("acme")
    run = await new.whole_run()
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 3)


async def test_what_is_carried_over_says_nothing_of_a_key_or_of_a_row(tmp_path: Path) -> None:
    old = await ran_once()
    paths = await save(old.documents, tmp_path)
    taken = "".join((tmp_path / path).read_text() for path in paths)
    assert "klaviyo-acme" in taken
    assert "pk_" not in taken
    assert "p1@example.com" not in taken


async def test_disabled_exports_wait_for_somebody_and_are_the_same_otherwise(tmp_path: Path) -> None:
    old, new = await ran_once(), MemoryDocuments()
    await save(old.documents, tmp_path)
    await load(new, tmp_path, disabled=True)
    assert new.value("exports/vip.json") == {**old.documents.value("exports/vip.json"), "enabled": False}
    assert new.value("connections/acme.json") == old.documents.value("connections/acme.json")


async def test_a_folder_is_not_mixed_with_an_older_one(tmp_path: Path) -> None:
    old = await ran_once()
    await save(old.documents, tmp_path)
    with pytest.raises(LocalProblem, match="has documents already"):
        await save(old.documents, tmp_path)


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        ("exports/vip.json", "{", "no JSON file"),
        ("exports/vip.json", json.dumps({**export_document(), "segments": []}), "cannot be carried over"),
        ("exports/other.json", json.dumps(export_document()), "named after the id"),
        ("exports/vip.json", json.dumps(export_document(connection_id="lost")), "the connection 'lost'"),
        ("connections/acme.json", "[]", "cannot be carried over"),
    ],
)
async def test_nothing_is_written_where_one_document_cannot_be_used(
    tmp_path: Path, path: str, text: str, named: str
) -> None:
    new = MemoryDocuments()
    for kind in FOLDERS:
        (tmp_path / kind).mkdir()
    (tmp_path / "connections" / "acme.json").write_text(json.dumps(connection_document()))
    (tmp_path / path).write_text(text)
    with pytest.raises(LocalProblem, match=named):
        await load(new, tmp_path, disabled=False)
    assert new.blobs == {}


async def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="no document in"):
        await load(MemoryDocuments(), tmp_path, disabled=False)


async def test_a_document_that_cannot_be_read_is_named_and_nothing_is_saved(tmp_path: Path) -> None:
    old = MemoryDocuments({"exports/vip.json": {"schema": 1}})
    with pytest.raises(LocalProblem, match=r"exports/vip\.json cannot be carried over"):
        await save(old, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
