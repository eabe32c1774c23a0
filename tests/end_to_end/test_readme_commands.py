"""The commands of README.md, of the tutorial in docs/api.md and of docs/settings.md, run as they stand there."""

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
from local.samples import SampleSpec, sample_file
from shared.api.access.callers import Role, identify
from shared.settings import AuthMode
from tests.end_to_end.shell import play

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SAMPLE = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
PYTHON, APP, SIMULATOR = ".venv/bin/python", "http://localhost:7071", "http://127.0.0.1:8642"
ROWS = "/tmp/customers.ndjson"  # noqa: S108 - as the document has it
QUICK = ("--no-limits", "--job-seconds", "0.2", "--port", "0")
DEMO = re.compile(r'^make demo(?: ARGS="(.+)")?$', re.MULTILINE)
FILE_ROWS = 50
FIRST, SECOND = (
    f"make setup\ncp local.settings.sample.json local.settings.json\n{PYTHON} -m local klaviyo\n",
    (f"{PYTHON} -m local host\n"),
)


def blocks(text: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("text", [README, API], ids=["README.md", "docs/api.md"])
def test_no_command_has_a_comment_beside_it_which_some_shells_take_for_more_words(text: str) -> None:
    assert blocks(text)
    assert [line for block in blocks(text) for line in block.splitlines() if re.search(r"(^|\s)#", line)] == []


def test_every_command_of_the_api_page_is_in_the_tutorial_which_is_played_here() -> None:
    assert blocks(API) == blocks(_tutorial())


def test_every_command_of_the_readme_is_played_here_but_the_one_that_runs_the_tests() -> None:
    lines = [line for block in blocks(README) for line in block.splitlines()]

    assert [line for line in lines if not DEMO.match(line)] == ["make test", "export KLAVIYO_API_KEY=pk_…"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
async def test_the_commands_of_the_readme_export_sample_rows_a_file_and_ten_rows_over_a_key(
    azurite: str, tmp_path: Path
) -> None:
    del azurite  # it is asked for its reasons to skip; each demonstration has its own storage
    file = tmp_path / "customers.csv"
    file.write_bytes(b"".join(sample_file(SampleSpec(FILE_ROWS), "csv")))
    async with _simulator() as klaviyo:
        environment = {**os.environ, "KLAVIYO_BASE_URL": klaviyo}
        said = await play(_readme_script(file), folder=ROOT, environment=environment, typed="yes\n")

    counts = [int(count.replace(",", "")) for count in re.findall(r"^  rows read +([\d,]+)$", said, re.MULTILINE)]
    assert counts == [1_000, FILE_ROWS, 10]
    assert f"Rows:    10 of {FILE_ROWS} (--all sends them all)" in said
    assert "Account: Simulated shop (a test account)" in said


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="needs bash and curl")
async def test_the_commands_lead_from_an_empty_storage_to_a_list(azurite: str, tmp_path: Path) -> None:
    first, second, *rest = blocks(_tutorial())
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


def _tutorial() -> str:
    return API.split("\n## Tutorial\n")[1].split("\n## ")[0]


def _readme_script(file: Path) -> str:
    """Return the commands of the README: `make demo` as its recipe, fewer sample rows, *file*, and a key."""
    script = "".join(block for block in blocks(README) if block != "make test\n")
    for usual, ours in {"customers.csv": shlex.quote(str(file)), "pk_…": "pk_simulator"}.items():
        assert usual in script
        script = script.replace(usual, ours)
    return DEMO.sub(lambda match: f"{shlex.quote(sys.executable)} -m local demo {match[1] or '--rows 1000'}", script)


@asynccontextmanager
async def _simulator() -> AsyncIterator[str]:
    """Run the simulator as the tutorial says, on a free port; yield its address."""
    [words] = [shlex.split(line)[1:] for line in FIRST.splitlines() if line.startswith(PYTHON)]
    async with child("The simulator", (sys.executable, *words, *QUICK), folder=ROOT) as simulator:
        yield (await simulator.wait_for_line(r"^(http://\S+)$"))[1]


@asynccontextmanager
async def _laptop(storage: str) -> AsyncIterator[tuple[dict[str, str], dict[str, str]]]:
    """Run the simulator and the host as the tutorial says, on free ports; yield what stands for the usual ones."""
    environment = {
        **os.environ,
        **SAMPLE,
        "AzureWebJobsStorage": storage,
        "EXPORTS_CONTAINER": "readme-exports",
        "SEGMENTS_CONTAINER": "readme-segments",
        "QUEUE_NAME": "readme-queue",
        "TICK_SCHEDULE": "0 0 0 1 1 *",  # no slot of the schedule may come in between
    }
    async with (
        BlobServiceClient.from_connection_string(storage) as blobs,
        _simulator() as klaviyo,
    ):
        assert not [each async for each in blobs.list_containers("readme-")], "the storage is not empty"
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
