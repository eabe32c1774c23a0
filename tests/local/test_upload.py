"""``python -m local upload``: a file lands in its segment, or a sentence says why not."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
from azure.storage.blob import BlobServiceClient

from tests.local.local_command import run_local

CONTAINER = "uploaded-segments"
ROWS = b'{"EMail": "ann@example.com"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rows.ndjson").write_bytes(ROWS)
    return tmp_path


def upload(folder: Path, *words: str, **settings: str) -> CompletedProcess[str]:
    values = {"SEGMENTS_CONTAINER": CONTAINER, "SEGMENTS_STORAGE": "Rows", **settings}
    return run_local(folder, values, "upload", *words)


def test_a_file_lands_in_the_segment_where_the_settings_say_and_replaces_what_was_there(
    folder: Path, azurite: str
) -> None:
    for more in (b"", ROWS):
        (folder / "rows.ndjson").write_bytes(ROWS + more)
        ended = upload(folder, "rows.ndjson", "eu/vip/1.ndjson", Rows=azurite)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout == f"Uploaded 1.ndjson to segment 'eu/vip' in container '{CONTAINER}'.\n"
    with BlobServiceClient.from_connection_string(azurite) as storage:
        client = storage.get_container_client(CONTAINER)
        assert list(client.list_blob_names()) == ["eu/vip/1.ndjson"]
        assert client.download_blob("eu/vip/1.ndjson").readall() == ROWS * 2


@pytest.mark.parametrize(
    ("words", "settings", "sentence"),
    [
        (("rows.ndjson", "vip"), {}, "'vip' must name a segment and a file, for example vip/rows.ndjson."),
        (("rows.ndjson", "vip/"), {}, "'vip/' must name a segment and a file, for example vip/rows.ndjson."),
        (("rows.ndjson", "a b/1.csv"), {}, "The name of segment 'a b' must be letters, digits and _ . = - between"),
        (("none.csv", "vip/1.csv"), {"Rows": "AccountName=a;AccountKey=Yg==;"}, "none.csv cannot be read: "),
        (("rows.ndjson", "vip/1.csv"), {"Rows": "nonsense"}, "rows.ndjson could not be uploaded to container '"),
        (
            ("rows.ndjson", "vip/1.csv"),
            {"Rows__blobServiceUri": "https://rows.blob.core.windows.net"},
            "Rows leads to its storage by an identity: upload the rows with 'az storage blob upload'.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, words: tuple[str, ...], settings: dict[str, str], sentence: str
) -> None:
    ended = upload(folder, *words, **settings)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith(sentence)
