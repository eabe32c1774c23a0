"""The quick tests cannot open a connection or start a process, and `make quick` runs them."""

import asyncio
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.alone import NotAlone, alone
from tests.conftest import QUICK

ROOT = Path(__file__).parents[1]


def test_a_connection_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with alone(), pytest.raises(NotAlone, match=r"socket\.\w+"):
            socket.create_connection(server.getsockname())
        socket.create_connection(server.getsockname()).close()


def test_a_server_fails() -> None:
    with socket.socket() as unbound, alone(), pytest.raises(NotAlone, match=r"socket\.bind"):
        unbound.bind(("127.0.0.1", 0))


def test_a_process_fails() -> None:
    command = [sys.executable, "-c", ""]
    with alone(), pytest.raises(NotAlone, match=r"subprocess\.Popen"):
        subprocess.run(command, check=True)
    assert subprocess.run(command, check=True).returncode == 0


async def test_a_process_of_asyncio_fails() -> None:
    with alone(), pytest.raises(NotAlone, match=r"subprocess\.Popen"):
        await asyncio.create_subprocess_exec(sys.executable, "-c", "")


def test_make_quick_runs_what_is_held_to_that() -> None:
    [run] = re.findall(r"^QUICK = (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {f"tests/{folder}" for folder in QUICK} <= set(run.split())
