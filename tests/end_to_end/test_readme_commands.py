"""The commands of README.md from an empty storage to a list, and of docs/settings.md, run as they stand there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.storage.blob.aio import BlobServiceClient

from local.processes import child
from shared.api.access.callers import Role, identify
from shared.settings import AuthMode
from tests.end_to_end.shell import play

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
PLAYED = "Use it"
PYTHON, APP, SIMULATOR = ".venv/bin/python", "http://localhost:7071", "http://127.0.0.1:8642"
ROWS = "/tmp/customers.ndjson"  # noqa: S108 - as the document has it
FIRST, SECOND = (
    f"make setup\ncp local.settings.sample.json local.settings.json\n{PYTHON} -m local klaviyo\n",
    (f"{PYTHON} -m local host\n"),
)


def blocks(text: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def section() -> list[str]:
    return blocks(TEXT.split(f"\n## {PLAYED}\n")[1].split("\n## ")[0])


def test_no_command_has_a_comment_beside_it_which_some_shells_take_for_more_words() -> None:
    assert [line for block in blocks(TEXT) for line in block.splitlines() if re.search(r"(^|\s)#", line)] == []


def test_every_command_that_calls_the_app_or_a_stand_in_is_played_here() -> None:
    elsewhere = [block for block in blocks(TEXT) if block not in section()]

    assert [block for block in elsewhere if re.search(r"curl|ask |-m local", block)] == []


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="needs bash and curl")
async def test_the_commands_lead_from_an_empty_storage_to_a_list(azurite: str, tmp_path: Path) -> None:
    first, second, *rest = section()
    assert (first, second) == (FIRST, SECOND)
    async with _laptop(azurite) as (environment, addresses):
        said = await _play("".join(rest), environment, {ROWS: str(tmp_path / "rows.ndjson"), **addresses})

    answers = [json.loads(line) for line in said.splitlines() if line.startswith('{"')]
    few, whole = [each for each in answers if "tally" in each]
    assert (few["status"], few["limit"], few["tally"]["accepted"]) == ("succeeded", 10, 10)
    assert (whole["status"], whole["tally"]["read"]) == ("partial", 1000)
    refused = [each for each in answers if "refused_by" in each]
    assert len(refused) == whole["tally"]["rejected"] > 0
    assert {each["refused_by"] for each in refused} == {"export", "klaviyo"}
    members = [each for each in answers if each.keys() > {"email", "properties"}]
    assert len(members) == whole["tally"]["accepted"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_header_of_the_page_of_settings_says_who_asks() -> None:
    [block] = blocks((ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    script = re.sub(r"^curl --header (\S+ .*?\)\") http.*$", r"echo \1", block, flags=re.MULTILINE)
    asked = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)  # noqa: S607 - bash of the PATH
    name, header = asked.stdout.split(": ")
    assert identify(AuthMode.ENTRA, {name.lower(): header.strip()}).role is Role.CONTRIBUTE


@asynccontextmanager
async def _laptop(storage: str) -> AsyncIterator[tuple[dict[str, str], dict[str, str]]]:
    """Run the simulator and the host as the document says, on free ports; yield what stands for the usual ones."""
    [simulated] = [shlex.split(line)[1:] for line in FIRST.splitlines() if line.startswith(PYTHON)]
    environment = {
        **os.environ,
        **SAMPLE,
        "AzureWebJobsStorage": storage,
        "EXPORTS_CONTAINER": "readme-exports",
        "SEGMENTS_CONTAINER": "readme-segments",
        "QUEUE_NAME": "readme-queue",
        "TICK_SCHEDULE": "0 0 0 1 1 *",  # no slot of the schedule may come in between
    }
    quick = ("--no-limits", "--job-seconds", "0.2", "--port", "0")
    async with (
        BlobServiceClient.from_connection_string(storage) as blobs,
        child("The simulator", (sys.executable, *simulated, *quick), folder=ROOT) as simulator,
    ):
        assert not [each async for each in blobs.list_containers("readme-")], "the storage is not empty"
        klaviyo = (await simulator.wait_for_line(r"^(http://\S+)$"))[1]
        environment["KLAVIYO_BASE_URL"] = klaviyo
        command = (sys.executable, *shlex.split(SECOND)[1:], "--port", "0")
        async with child("The host", command, environment=environment, folder=ROOT) as host:
            app = (await host.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]
            yield environment, {APP: app, SIMULATOR: klaviyo, PYTHON: sys.executable}


async def _play(script: str, environment: dict[str, str], places: dict[str, str]) -> str:
    """Run the commands as one script, with the things at their *places*; return what it said."""
    for usual, place in {**places, "sleep 1": "sleep 0.2"}.items():
        assert usual in script
        script = script.replace(usual, place)
    return await play(script, folder=ROOT, environment=environment)
