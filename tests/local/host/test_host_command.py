"""``python -m local host``, as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.lifelines import Lifeline

ROOT = Path(__file__).parents[3]
SIMULATOR = "http://127.0.0.1:8642"

APP = """
import os
from typing import List
import aiohttp
import azure.functions as func

app = func.FunctionApp()
sessions = []
IMPORTED_WITH = os.environ["ONLY_IN_FILE"], os.environ.get("AzureWebJobsStorage", "")

@app.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%")
async def tick(timer: func.TimerRequest) -> None: ...

@app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection="AzureWebJobsStorage")
async def work(message: func.QueueMessage) -> None:
    print("worked on", message.get_body().decode(), flush=True)

@app.route("things/{id}", methods=["POST", "PUT"])
@app.queue_output(arg_name="out", queue_name="%QUEUE_NAME%", connection="AzureWebJobsStorage")
async def make(req: func.HttpRequest, out: func.Out[List[str]]) -> func.HttpResponse:
    sessions.append(aiohttp.ClientSession())  # open for good, as an app's clients are
    out.set([req.route_params["id"]])
    return func.HttpResponse(" ".join(IMPORTED_WITH))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    values = {
        "QUEUE_NAME": "work",
        "TICK_SCHEDULE": "0 0 0 1 1 *",
        "KLAVIYO_BASE_URL": SIMULATOR,
        "ONLY_IN_FILE": "yes",
    }
    (tmp_path / "function_app.py").write_text(APP)
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    (tmp_path / "local.settings.json").write_text(json.dumps({"Values": values}))
    return tmp_path


@contextmanager
def running(folder: Path, *arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "local", "host", *arguments]
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=path | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Return all that was said until the host was ready, and its address."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if found := re.match(r"Ready at (\S+), ", line):
            return said, found[1]
    raise AssertionError(f"It never was ready. {said} {process.stderr and process.stderr.read()}")


def refusal(folder: Path, *arguments: str, **environment: str) -> str:
    with running(folder, *arguments, **environment) as process:
        said, complaint = process.communicate(timeout=60)
        assert (process.returncode, said) == (1, "")
    return complaint


@pytest.mark.usefixtures("azurite")  # skips where there is no node
def test_the_host_brings_its_storage_lists_its_functions_and_works_until_ctrl_c(folder: Path) -> None:
    with running(folder, "--port", "0") as process:
        said, url = ready(process)
        base = url.replace("127.0.0.1", "localhost")
        assert (
            f"Functions:\n\n  make: [POST,PUT] {base}/api/things/{{id}}\n  tick: timerTrigger\n  work: queueTrigger\n\n"
        ) in said
        assert "This host checks no function keys" in said
        storage = re.search(r"^  (Default\S+BlobEndpoint=http://127\.0\.0\.1:(\d+)\S+)$", said, re.MULTILINE)
        assert storage
        request = urllib.request.Request(f"{url}/api/things/7", method="POST")  # noqa: S310 - the host's own address
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the host's own address
            assert answer.read().decode() == f"yes {storage[1]}"
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "worked on 7\n"
        with Lifeline(storage[2]) as lifeline:
            process.send_signal(signal.SIGINT)
            assert lifeline.is_cut()  # its Azurite is gone as well
        assert process.wait(30) == 0
        complaints = process.stderr.read()
        assert "Executed 'work'" in complaints
        assert [word for word in ("Traceback", "Unclosed", "Error") if word in complaints] == []


def test_a_storage_that_the_environment_names_is_taken_as_it_is(folder: Path, azurite: str) -> None:
    with running(folder, "--port", "0", AzureWebJobsStorage=azurite) as process:
        said, url = ready(process)
        assert said.startswith("Functions:\n")
        request = urllib.request.Request(f"{url}/api/things/7", method="PUT")  # noqa: S310 - the host's own address
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the host's own address
            assert answer.read().decode() == f"yes {azurite}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_the_host_refuses_the_real_address(folder: Path) -> None:
    complaint = refusal(folder, KLAVIYO_BASE_URL="https://a.klaviyo.com")
    assert complaint.startswith(
        "KLAVIYO_BASE_URL is 'https://a.klaviyo.com': the local host refuses the real address without --real."
    )
    assert complaint.count("\n") == 1


def test_the_host_takes_the_real_address_when_it_is_told_to(folder: Path, azurite: str) -> None:
    environment = {"KLAVIYO_BASE_URL": "https://a.klaviyo.com", "AzureWebJobsStorage": azurite}
    with running(folder, "--port", "0", "--real", **environment) as process:
        assert ready(process)


def test_a_port_in_use_is_one_sentence(folder: Path, azurite: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        complaint = refusal(folder, "--port", port, AzureWebJobsStorage=azurite)
    assert complaint == f"Port {port} is in use: end the program that listens there, or choose another --port.\n"


def test_a_missing_setting_is_one_sentence(folder: Path, azurite: str) -> None:
    complaint = refusal(folder, AzureWebJobsStorage=azurite, QUEUE_NAME="")
    assert complaint.startswith("Setting QUEUE_NAME is missing, and the queue of function 'work' needs it: ")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"accountName": "acme"},
            "Setting AzureWebJobsStorage__queueServiceUri is missing, and the queue 'work' needs",
        ),
        (
            {"queueServiceUri": "https://127.0.0.1:1/acme", "credential": "workload"},
            "Setting AzureWebJobsStorage__credential must be managedidentity; this host knows no other credential.",
        ),
        (
            {"queueServiceUri": "https://127.0.0.1:1/acme", "credential": "managedidentity"},
            "Setting AzureWebJobsStorage__clientId is missing, and the queue 'work' needs it",
        ),
    ],
)
def test_a_storage_by_identity_that_lacks_something_is_one_sentence(
    folder: Path, settings: dict[str, str], sentence: str
) -> None:
    complaint = refusal(folder, **{f"AzureWebJobsStorage__{name}": value for name, value in settings.items()})
    assert complaint.startswith(sentence), complaint


def test_a_file_without_an_app_is_one_sentence(folder: Path, azurite: str) -> None:
    (folder / "function_app.py").write_text("")
    assert refusal(folder, AzureWebJobsStorage=azurite) == "function_app.py has no FunctionApp.\n"


@pytest.mark.usefixtures("azurite")
def test_nothing_stays_when_the_host_is_killed(folder: Path) -> None:
    with running(folder, "--port", "0") as process:
        said, _ = ready(process)
        found = re.search(r"BlobEndpoint=http://127\.0\.0\.1:(\d+)", said)
        assert found
        with Lifeline(found[1]) as lifeline:
            process.kill()
            assert lifeline.is_cut()
