"""``python -m local web``: builds the page of the app from ``web/`` into ``shared/page/``, gzipped, with a manifest."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.processes import LocalProblem
from local.web.first_screen import first_screen
from local.web.packing import VITES_MANIFEST, pack, packed_bytes

ROOT = Path(__file__).parents[2]
SOURCE = "web"
BUILT = "shared/page"
_STEP_SECONDS = 900


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command: none."""


async def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this signature
    """Build the page, and print what it is made of."""
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    for line in build(ROOT, {**os.environ, "PATH": search}):
        print(line)
    return 0


def build(root: Path, environment: Mapping[str, str]) -> list[str]:
    """Build the page of *root*, with the npm on the PATH of *environment*; return what there is to say about it.

    Where the build fails there is no page afterwards, so that no older one is deployed.
    Raises `LocalProblem`.
    """
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        raise LocalProblem("The page is built with node 20 or newer and its npm: install them, or run 'make setup'.")
    source, built = root / SOURCE, root / BUILT
    if not is_installed(source):
        _step("Installing the page's packages", [npm, "ci", "--no-audit", "--no-fund"], source, environment)
    shutil.rmtree(built, ignore_errors=True)
    _step("Building the page", [npm, "run", "build"], source, environment)
    names = pack(built)
    screen = first_screen(_document(built / VITES_MANIFEST), lambda name: packed_bytes(built, name))
    screen.check()
    shutil.rmtree((built / VITES_MANIFEST).parent)
    size = sum(packed_bytes(built, name) for name in names)
    return [f"{BUILT}: {len(names)} files, {size:,} bytes gzipped", f"the first screen: {screen}"]


def is_installed(source: Path) -> bool:
    """Tell whether the packages beside the lock file in *source* are those of the lock, as npm noted them down.

    A package may be missing that is for other machines only.
    """
    noted = source / "node_modules" / ".package-lock.json"
    if not noted.is_file():
        return False
    there = _document(noted)["packages"]
    locked = {name: package for name, package in _document(source / "package-lock.json")["packages"].items() if name}
    return all(
        there[name].get("integrity") == package.get("integrity") if name in there else package.get("optional", False)
        for name, package in locked.items()
    )


def _step(does: str, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    print(f"{does} …", flush=True)
    try:
        subprocess.run(command, cwd=folder, env=dict(environment), check=True, timeout=_STEP_SECONDS)
    except subprocess.CalledProcessError as error:
        raise LocalProblem(f"{does} failed; npm says above why.") from error
    except subprocess.TimeoutExpired:
        raise LocalProblem(f"{does} took longer than {_STEP_SECONDS // 60} minutes.") from None


def _document(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise LocalProblem(f"There is no {path}.")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
