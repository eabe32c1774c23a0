"""Azurite: found, started and answering, or a sentence that says what to do."""

import asyncio
import re
import socket
from pathlib import Path

import pytest
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.azurite import azurite as running_azurite
from local.azurite import emulator_at, find_node
from local.processes import LocalProblem


async def test_blobs_and_queues_answer_at_the_connection_string(azurite: str) -> None:
    async with (
        BlobServiceClient.from_connection_string(azurite) as blobs,
        QueueServiceClient.from_connection_string(azurite) as queues,
    ):
        assert (await blobs.get_account_information())["sku_name"]
        assert await queues.get_service_properties()


@pytest.mark.usefixtures("azurite")  # skips where there is no node
async def test_a_port_in_use_is_a_problem_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalProblem, match=f"^Port {port} is in use: "):
            async with running_azurite(port=port):
                pass


async def test_without_the_node_packages_the_problem_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="run 'make setup'"):
        async with running_azurite(packages=tmp_path):
            pass


def test_the_machines_own_node_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = executable(tmp_path / "own" / "node")
    executable(tmp_path / "packages" / "made_up_node" / "bin" / "node")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.setenv("PATH", str(own.parent))
    assert find_node("made_up_node") == str(own)


def test_without_it_the_node_of_the_python_package_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = executable(tmp_path / "made_up_node_package" / "bin" / "node")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", "")
    assert find_node("made_up_node_package") == str(packaged)


def test_without_any_node_the_problem_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LocalProblem, match="run 'make setup'"):
        find_node("no_such_package")


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    return path


async def test_an_emulator_that_runs_is_found_at_its_port(azurite: str) -> None:
    blobs = re.search(r"BlobEndpoint=http://127\.0\.0\.1:(\d+)/", azurite)
    assert blobs
    found = await emulator_at(int(blobs[1]), seconds=60)  # on a busy machine, too
    assert found
    async with BlobServiceClient.from_connection_string(found) as storage:
        assert (await storage.get_account_information())["sku_name"]
    assert f"QueueEndpoint=http://127.0.0.1:{int(blobs[1]) + 1}/" in found


async def test_no_emulator_is_found_where_nothing_or_something_else_listens() -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nServer: something\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await emulator_at(port) is None
    assert await emulator_at(port) is None
