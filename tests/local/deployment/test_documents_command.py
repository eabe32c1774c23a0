"""``python -m local documents``: connections and exports go from one storage into a folder, and then into another."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from azure.storage.blob import BlobServiceClient

from tests.builders import connection_document, export_document
from tests.local.local_command import run_local


@pytest.fixture
def old(azurite: str) -> str:
    """Return the name of a container in which an installation has its documents."""
    return made(azurite, "moved-from", {"connections/acme.json": connection_document(), "exports/vip.json": EXPORT})


EXPORT = export_document(schedule={"cron": "0 6 * * *", "time_zone": "UTC"}, unknown_to_us=1)


def made(azurite: str, container: str, documents: dict[str, object]) -> str:
    with BlobServiceClient.from_connection_string(azurite) as storage:
        client = storage.get_container_client(container)
        if client.exists():
            for name in list(client.list_blob_names()):
                client.delete_blob(name)
        else:
            client.create_container()
        for path, value in {**documents, "runs/vip/1/run.json": {}, "audit/2026-11.ndjson": {}}.items():
            client.upload_blob(path, json.dumps(value))
    return container


def stored(azurite: str, container: str) -> dict[str, object]:
    with BlobServiceClient.from_connection_string(azurite) as storage:
        client = storage.get_container_client(container)
        names = [name for name in client.list_blob_names() if not name.startswith(("runs/", "audit/"))]
        return {name: json.loads(client.download_blob(name).readall()) for name in names}


def documents(place: Path, azurite: str, container: str, *words: str) -> CompletedProcess[str]:
    values = {"AzureWebJobsStorage": azurite, "EXPORTS_CONTAINER": container}
    return run_local(place, values, "documents", *words)


def test_connections_and_exports_move_whole_and_may_be_loaded_again(tmp_path: Path, azurite: str, old: str) -> None:
    saved = documents(tmp_path, azurite, old, "save", "kept")
    assert (saved.returncode, saved.stderr) == (0, "")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "kept").rglob("*.json"))
    assert files == ["kept/connections/acme.json", "kept/exports/vip.json"]

    new = made(azurite, "moved-to", {})
    loaded = documents(tmp_path, azurite, new, "load", "kept")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert "Keys that the vault must have: klaviyo-acme\n" in loaded.stdout
    assert stored(azurite, new) == stored(azurite, old)
    assert stored(azurite, new)["exports/vip.json"] == EXPORT

    again = documents(tmp_path, azurite, new, "load", "kept")
    assert (again.returncode, again.stdout.count("there already")) == (0, 2)


def test_what_is_there_stays_and_is_named(tmp_path: Path, azurite: str, old: str) -> None:
    documents(tmp_path, azurite, old, "save", "kept")
    own = export_document(display_name="Our own")
    new = made(azurite, "moved-beside", {"exports/vip.json": own})
    loaded = documents(tmp_path, azurite, new, "load", "kept", "--disabled")
    assert loaded.returncode == 1
    assert "exports/vip.json: another one is there, which stays\n" in loaded.stdout
    assert stored(azurite, new)["exports/vip.json"] == own


def test_a_storage_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    ended = documents(tmp_path, "nonsense", "moved", "save", "kept")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("The documents cannot be reached. ")
