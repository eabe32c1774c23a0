"""What a cold start need not do: compile what is deployed, load what only some calls need, wait for what loads."""

import argparse
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from local import package
from local.package import build
from tests.api.page.built import built_page

ROOT = Path(__file__).parents[2]
LOADING = """
import json, sys
sys.path.insert(0, sys.argv[1])
import function_app
print(json.dumps(sorted(sys.modules)))
"""
OPENING = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from shared.bootstrap import current_app

async def turns():
    opening = asyncio.create_task(current_app())
    for turn in range(3):
        await asyncio.sleep(0)
    print(hasattr(sys.modules.get("shared.wiring"), "open_app"))

asyncio.run(turns())
"""
LARGE = {
    "aiohttp",
    "azure.core",
    "azure.identity",
    "azure.keyvault",
    "azure.storage",
    "charset_normalizer",
    "email_validator",
    "msal",
    "phonenumbers",
    "pyarrow",
}
"""Libraries that only a call needs."""


def run(program: str, app: Path) -> str:
    """Run *program* with the installed packages and nothing else on the path; return what it says."""
    command = [sys.executable, "-I", "-c", program, str(app)]
    return subprocess.run(command, cwd=app, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package with its compiled files."""
    path = tmp_path_factory.mktemp("package") / "package.zip"
    build(ROOT, path, with_compiled=True)
    return path


def test_the_app_loads_from_its_compiled_files_whatever_became_of_their_sources(zipped: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped) as opened:
        opened.extractall(tmp_path)
    modules = [path for path in tmp_path.rglob("*.py") if path.stat().st_size]
    assert tmp_path / "function_app.py" in modules
    for path in modules:
        path.write_text("raise AssertionError('not compiled')")
    assert "function_app" in json.loads(run(LOADING, tmp_path))


def test_equal_modules_are_compiled_into_equal_bytes(zipped: Path, tmp_path: Path) -> None:
    build(ROOT, tmp_path / "again.zip", with_compiled=True)
    assert (tmp_path / "again.zip").read_bytes() == zipped.read_bytes()


def test_large_parts_of_libraries_that_are_never_loaded_are_not_compiled(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    for name in ("numbers/parse.py", "numbers/geodata/all.py", "numbers/tests/test_parse.py"):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("pass")
    names = build(tmp_path, tmp_path / "package.zip", packages, with_compiled=True)
    compiled = [Path(name) for name in names if name.endswith(".pyc")]
    assert [(path.parent.parent.name, path.name.split(".")[0]) for path in compiled] == [("numbers", "parse")]


@pytest.mark.parametrize("is_azures", [True, False])
async def test_only_the_python_of_azure_compiles_what_is_deployed(
    is_azures: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built_page(tmp_path / package.PAGE)
    (tmp_path / "function_app.py").write_text("pass")
    monkeypatch.setattr(package, "ROOT", tmp_path)
    monkeypatch.setattr(package, "AZURES_PYTHON", sys.version_info[:2] if is_azures else (3, 0))
    await package.run(argparse.Namespace(file=tmp_path / "package.zip", with_requirements=False))
    with zipfile.ZipFile(tmp_path / "package.zip") as opened:
        assert any(name.endswith(".pyc") for name in opened.namelist()) == is_azures
    assert ("Nothing is compiled" in capsys.readouterr().out) != is_azures


def test_a_cold_start_waits_for_no_library_that_only_a_call_needs() -> None:
    assert LARGE & {*json.loads(run(LOADING, ROOT))} == set()


def test_what_needs_no_storage_is_answered_while_the_libraries_of_azure_are_loaded() -> None:
    assert run(OPENING, ROOT).strip() == "False"
