"""``python -m local storage``: Azurite alone, as a person runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.lifelines import Lifeline, killed_at_last

pytestmark = pytest.mark.usefixtures("azurite")  # skips where there is no node

COMMAND = [sys.executable, "-m", "local", "storage", "--port"]
ROOT = Path(__file__).parents[2]


def test_the_first_line_is_the_connection_string_and_ctrl_c_ends_it_with_0() -> None:
    process = subprocess.Popen(
        [*COMMAND, "0"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with killed_at_last(process) as it:
        assert it.stdout
        assert it.stderr
        found = re.fullmatch(
            r"Default\S+;BlobEndpoint=http://127\.0\.0\.1:(\d+)/\S+;QueueEndpoint=\S+\n", it.stdout.readline()
        )
        assert found
        with Lifeline(found[1]) as lifeline:
            it.send_signal(signal.SIGINT)
            assert lifeline.is_cut()
        assert it.wait(30) == 0
        assert (it.stdout.read(), it.stderr.read()) == ("", "")


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = subprocess.run([*COMMAND, str(port)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr == f"Port {port} is in use: end the program that listens there, or choose another --port.\n"
