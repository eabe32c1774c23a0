"""Bicep's own compiler takes every template; syntax, names and types are its business alone."""

import shutil
import subprocess

import pytest

from tests.infra.infrastructure import ROOT

BICEP = shutil.which("bicep")


@pytest.mark.skipif(BICEP is None, reason="There is no Bicep compiler on the PATH; CI has one.")
@pytest.mark.parametrize(
    ("command", "file"), [("build", "infra/azd/main.bicep"), ("build-params", "infra/main.bicepparam")]
)
def test_an_entrance_compiles_with_all_its_modules(command: str, file: str) -> None:
    done = subprocess.run(
        [str(BICEP), command, file, "--stdout"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
