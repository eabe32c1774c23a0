"""Bicep's compiler, where there is one: it compiles, lints, formats, and evaluates a whole deployment without Azure."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.snapshots.combinations import COMPILED, Combination
from tests.infra.snapshots.sources import INFRA, ROOT

PINNED = re.findall(r"VERSION=v([\d.]+)", (ROOT / ".ci" / "bicep").read_text())[0]
PLACE = {
    "--subscription-id": "00000000-0000-0000-0000-000000000001",
    "--tenant-id": "00000000-0000-0000-0000-000000000002",
    "--location": "westeurope",
}
"""Where the made-up deployments go."""
GROUP = "rg-segment-export"
SECONDS = 100
_REFUSAL = re.compile(r"The template variable 'token' is not valid: (.*)\. Please see ", re.DOTALL)


@dataclass(frozen=True)
class Outcome:
    """How a command of the compiler ended, and what it said; *written* is its standard output."""

    code: int
    written: str
    complaints: str


class Refused(Exception):
    """The compiler could not evaluate the parameters; the message says why."""


@cache
def compiler() -> str | None:
    """Return the path of the compiler, or None where there is none.

    It is the one that the variable BICEP names, or ``bicep`` of the PATH, or that of the Azure CLI. The last two count
    only in the version that the checks use, for another version may warn of other things.
    """
    if named := os.environ.get("BICEP"):
        return named
    of_azure_cli = Path(os.environ.get("AZURE_CONFIG_DIR") or Path.home() / ".azure") / "bin" / "bicep"
    found = [shutil.which("bicep"), str(of_azure_cli) if of_azure_cli.exists() else None]
    return next((path for path in found if path and _version(path) == PINNED), None)


def compile_file(command: str, path: Path) -> Outcome:
    """Run *command* (``build``, ``build-params``, ``lint``, ``format``) over the file at *path*; nothing is written."""
    words = [command, str(path), *(() if command == "lint" else ("--stdout",))]
    return _run(words, ROOT)


def compiled(path: Path) -> dict[str, Any]:
    """Return the template that the file at *path* compiles to."""
    template: dict[str, Any] = json.loads(compile_file("build", path).written)
    return template


def evaluate(combination: Combination, template: str = "") -> dict[str, Any]:
    """Return the resources and outputs of *combination*, as Azure would get them. Raises `Refused`.

    *template* is the text of a compiled template that is taken instead of the combination's own.
    """
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / COMPILED).write_text(template or _template(combination.template), encoding="utf-8")
        parameters = Path(place) / "evaluated.bicepparam"
        parameters.write_text(combination.parameter_file(), encoding="utf-8")
        group = ("--resource-group", GROUP) if combination.in_a_group else ()
        where = [word for pair in PLACE.items() for word in pair]
        done = _run(["snapshot", parameters.name, "--mode", "overwrite", *where, *group], parameters.parent)
        if done.code:
            refusal = _REFUSAL.search(done.complaints)
            raise Refused(refusal[1] if refusal else done.complaints.strip())
        evaluated: dict[str, Any] = json.loads(parameters.with_name("evaluated.snapshot.json").read_text())
        return evaluated


@cache
def _template(name: str) -> str:
    """Return the compiled template *name*, compiled once, for many combinations are evaluated of it."""
    return compile_file("build", INFRA / name).written


def _version(path: str) -> str:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=SECONDS)
    found = re.search(r"version ([\d.]+)", said.stdout)
    return found[1] if found else ""


def _run(words: list[str], folder: Path) -> Outcome:
    command = [str(compiler()), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
    return Outcome(done.returncode, done.stdout, done.stderr)
