"""What is deployed: the files of a list, no more, and enough to load every function."""

import argparse
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from local import package
from local.package import DEPLOYED, PAGE, build, deployed
from local.processes import LocalProblem
from local.web.packing import files_of
from tests.api.page.built import FILES, built_page, write_page
from tests.deployment.ignore_readers import READERS
from tests.test_repository import known_to_git

ROOT = Path(__file__).parents[2]
MOST_BYTES = 900_000
"""Half as much again as it is: the app's own text and the hashes of its locks. Somebody's packages would be more."""
MOST_BYTES_OF_PAGE = 900_000
"""Of the page, which is built of other people's packages."""

LITTER = (
    ".azure/production/.env",
    ".env",
    ".env.production",
    ".git/config",
    ".github/workflows/ci.yml",
    ".venv/lib/site.py",
    ".venv-313/lib/site.py",
    ".venv-audit/lib/site.py",
    ".vscode/settings.json",
    "azure.yaml",
    "customers.csv",
    "data/vip/1.ndjson",
    "docs/page.md",
    "infra/main.bicep",
    "infra/modules/storage.bicep",
    "local/node_modules/azurite/package.json",
    "local.settings.json",
    "key.txt",
    "package.zip",
    "rows.ndjson",
    "shared.csv",
    "shared-secrets/key.txt",
    "shared/__pycache__/settings.pyc",
    "shared/domain/__pycache__/rows.pyc",
    "tests/__pycache__/builders.pyc",
)
"""What lies about where somebody works and deploys."""

LOADING = """
import json, sys
sys.path.insert(0, sys.argv[1])
import function_app
ours = [module.__file__ for name, module in sys.modules.items() if name.split(".")[0] in ("function_app", "shared")]
functions = [each.get_function_name() for each in function_app.app.get_functions()]
print(json.dumps({"functions": functions, "modules": ours}))
"""


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository as somebody has it who works in it."""
    folder = tmp_path_factory.mktemp("workplace")
    for path in known_to_git():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    for name in LITTER:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not for Azure")
    write_page(folder / PAGE, FILES)
    return folder


def unpacked(workplace: Path, folder: Path) -> Path:
    build(workplace, folder / "package.zip")
    with zipfile.ZipFile(folder / "package.zip") as zipped:
        zipped.extractall(folder / "app")
    return folder / "app"


def load(app: Path) -> "subprocess.CompletedProcess[str]":
    """Import function_app with the app's folder and the installed packages on the path, and nothing else."""
    command = [sys.executable, "-I", "-c", LOADING, str(app)]
    return subprocess.run(command, cwd=app, capture_output=True, text=True, check=False, timeout=60)


def test_the_package_is_what_git_knows_of_the_app_and_nothing_that_lies_about(workplace: Path) -> None:
    names = set(deployed(workplace))
    assert {name.split("/")[0] for name in names} == set(DEPLOYED)
    page = {f"{PAGE}/{name}" for name in ("manifest.json", *(f"{name}.gz" for name in FILES))}
    assert names == page | {path.as_posix() for path in known_to_git() if path.parts[0] in DEPLOYED}


def test_files_of_other_kinds_in_the_folder_of_the_app_stay_out(tmp_path: Path) -> None:
    for name in ("rows.py", "data/customers.csv", "data/rows.ndjson", "key.pem", ".env", "customers.py.csv"):
        (tmp_path / "shared" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shared" / name).write_text("not for Azure")
    assert [*deployed(tmp_path)] == ["shared/rows.py"]


def test_what_lies_beside_the_page_and_is_not_of_its_manifest_stays_out(tmp_path: Path) -> None:
    page = built_page(tmp_path / PAGE)
    assert [path.relative_to(tmp_path).as_posix() for path in page.rglob("notes.txt")] == [f"{PAGE}/notes.txt"]
    assert set(deployed(tmp_path)) == {f"{PAGE}/{name}" for name in files_of(page)}


async def test_a_package_without_the_page_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "ROOT", tmp_path)
    wanted = argparse.Namespace(file=tmp_path / "package.zip", with_requirements=False)
    with pytest.raises(LocalProblem, match="There is no page to deploy"):
        await package.run(wanted)
    assert not wanted.file.exists()


def test_the_page_that_was_built_here_is_in_the_package_and_small(tmp_path: Path) -> None:
    page = files_of(ROOT / PAGE)
    assert page, "the page was not built: python -m local web"
    names = set(build(ROOT, tmp_path / "package.zip"))
    assert {f"{PAGE}/{name}" for name in page} <= names
    assert f"{PAGE}/index.html.gz" in names
    size = sum((ROOT / PAGE / name).stat().st_size for name in page)
    assert size < MOST_BYTES_OF_PAGE
    assert (tmp_path / "package.zip").stat().st_size < MOST_BYTES + size


@pytest.mark.parametrize("tool", READERS)
def test_azures_own_tools_deploy_the_same_whatever_new_name_lies_at_the_top(workplace: Path, tool: str) -> None:
    lines = [line for line in (ROOT / ".funcignore").read_text().splitlines() if not line.startswith("#")]
    files = [path.relative_to(workplace).as_posix() for path in workplace.rglob("*") if path.is_file()]
    new = ["new-at-the-top", "new/at/the/top.py", ".new", "host/host.json", "docs/shared/x.py", "my-function_app.py"]
    taken = {path for path in [*files, *new] if READERS[tool](lines, path)}
    compiled = {path for path in taken if "__pycache__" in path and tool == "func"}  # harmless, and func cannot tell
    assert taken - compiled == set(deployed(workplace))


def test_the_package_is_small(workplace: Path, tmp_path: Path) -> None:
    names = build(workplace, tmp_path / "package.zip")
    assert "function_app.py" in names
    assert (tmp_path / "package.zip").stat().st_size < MOST_BYTES


def test_equal_files_make_an_equal_package_whenever_they_were_written(workplace: Path, tmp_path: Path) -> None:
    build(workplace, tmp_path / "one.zip")
    (workplace / "host.json").touch()
    build(workplace, tmp_path / "other.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_everybody_in_azure_may_read_every_file_of_the_package(workplace: Path, tmp_path: Path) -> None:
    build(workplace, tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as zipped:
        permissions = {(entry.create_system, entry.external_attr >> 16) for entry in zipped.infolist()}
    unix = 3
    assert permissions == {(unix, 0o100644)}


def test_the_package_alone_loads_every_function(workplace: Path, tmp_path: Path) -> None:
    app = unpacked(workplace, tmp_path)
    loading = load(app)
    assert loading.returncode == 0, loading.stderr
    loaded = json.loads(loading.stdout)
    assert loaded["functions"] == json.loads(load(ROOT).stdout)["functions"]
    assert "export_segment" in loaded["functions"]
    assert [module for module in loaded["modules"] if not Path(module).is_relative_to(app)] == []


def test_a_package_that_lacks_a_module_does_not_load(workplace: Path, tmp_path: Path) -> None:
    app = unpacked(workplace, tmp_path)
    (app / "shared" / "settings.py").unlink()
    loading = load(app)
    assert loading.returncode != 0
    assert "No module named 'shared.settings'" in loading.stderr


def test_packages_that_are_brought_along_lie_where_the_host_looks_for_them(workplace: Path, tmp_path: Path) -> None:
    (tmp_path / "packages" / "six").mkdir(parents=True)
    (tmp_path / "packages" / "six" / "__init__.py").touch()
    names = build(workplace, tmp_path / "package.zip", tmp_path / "packages")
    assert set(names) - set(deployed(workplace)) == {".python_packages/lib/site-packages/six/__init__.py"}
    with zipfile.ZipFile(tmp_path / "package.zip") as zipped:
        assert zipped.namelist() == names
