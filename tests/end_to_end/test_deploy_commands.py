"""The commands of docs/deploy.md from the first key to the first rows, run as they stand there."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from local.demo.options import DEFAULT_LIST, sample_options
from local.demo.system import SIMULATED_KEY, RunningSystem, running_system
from tests.end_to_end.shell import play

TEXT = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
PLAYED = ("The names", "The first key", "The first export")
VAULT = "kv-1"
WISH = sample_options(1)
AZ = '''#!{python}
"""Stands in for the Azure CLI: answers what is asked here, writes blobs into the emulator, notes everything."""

import json, os, re, sys
from azure.storage.blob import BlobClient

words = sys.argv[1:]
options = {{words[n]: words[n + 1] for n in range(len(words) - 1) if words[n].startswith("--")}}
command = " ".join(words[: next(n for n, word in enumerate(words) if word.startswith("--"))])
with open(os.environ["NOTES"], "a") as notes:
    notes.write(json.dumps([command, options]) + "\\n")
outputs = json.loads(os.environ["OUTPUTS"])
match command:
    case "deployment group show":
        print(outputs[re.fullmatch(r"properties\\.outputs\\.(\\w+)\\.value", options["--query"])[1]])
    case "functionapp keys list" if options["--query"] == "functionKeys.default":
        print("a-function-key")
    case "ad signed-in-user show" | "keyvault show" if options["--query"] == "id":
        print("an-id")
    case "keyvault secret set":
        with open(options["--file"]) as file, open(os.environ["SECRET"], "w") as secret:
            secret.write(file.read())
    case "storage blob upload":
        assert options["--account-name"] == outputs["storageAccountName" if options["--container-name"] == "exports"
            else "segmentsAccountName"]
        blob = BlobClient.from_connection_string(
            os.environ["STORAGE"], options["--container-name"], options["--name"])
        with open(options["--file"], "rb") as file:
            blob.upload_blob(file)
    case "role assignment create":
        pass
    case _:
        sys.exit(f"az {{command}} with {{options}} is not known here")
'''


def blocks(heading: str) -> list[str]:
    """Return the commands below *heading*."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def test_every_curl_of_the_document_is_played_here() -> None:
    played = "".join(block for heading in PLAYED for block in blocks(heading))
    fenced = "".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))

    assert played.count("curl ") == fenced.count("curl ") > 0
    assert played.count("ask ") == fenced.count("ask ") > 0


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="needs bash and curl")
async def test_the_commands_lead_from_the_first_key_to_the_first_rows(azurite: str, tmp_path: Path) -> None:
    del azurite  # it is asked for its reasons to skip; the running system has its own storage
    settings = {"SECRET_KLAVIYO_ACME": SIMULATED_KEY}
    options = ("--no-limits", "--job-seconds", "0.2")
    async with running_system(WISH, "", simulator_options=options, more_settings=settings) as system:
        said = await _play(system, tmp_path)
        async with system.http.get(f"{system.simulator_url}/simulator/lists/{DEFAULT_LIST}") as response:
            members = [json.loads(line)["email"] for line in (await response.read()).splitlines()]

    notes = [json.loads(line) for line in (tmp_path / "notes").read_text().splitlines()]
    run = json.loads((tmp_path / "run.json").read_text())
    assert members == ["ann@example.com"]
    assert (run["status"], run["limit"]) == ("partial", 10)
    assert '"row":2' in said, "the rejection of the second row was not shown"
    assert (tmp_path / "secret").read_text() == f"{SIMULATED_KEY}\n"
    [(_, kept)] = [note for note in notes if note[0] == "keyvault secret set"]
    assert (kept["--vault-name"], kept["--name"], kept["--output"]) == (VAULT, "klaviyo-acme", "none")
    assert not os.path.exists(kept["--file"]), "the key stays in a file"  # noqa: PTH110, ASYNC240 - a look, no work
    assert SIMULATED_KEY not in (tmp_path / "notes").read_text()


async def _play(system: RunningSystem, place: Path) -> str:
    """Run the commands as one script; return what it said."""
    programs = place / "bin"
    programs.mkdir()
    az = programs / "az"
    az.write_text(AZ.format(python=sys.executable))
    az.chmod(0o755)
    outputs = {
        "functionAppName": "func-1",
        "apiUrl": f"{system.host_url}/api",
        "pageUrl": f"{system.host_url}/api/ui/",
        "keyVaultName": VAULT,
        "storageAccountName": "st1",
        "segmentsAccountName": "stseg1",
    }
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "OUTPUTS": json.dumps(outputs),
        "STORAGE": system.connection_string,
        "NOTES": str(place / "notes"),
        "SECRET": str(place / "secret"),
    }
    script = "".join(block for heading in PLAYED for block in blocks(heading))
    script = script.replace("sleep 5", "sleep 0.2")
    return await play(script, folder=place, environment=environment, typed=f"{SIMULATED_KEY}\n")
