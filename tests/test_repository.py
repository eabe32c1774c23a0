"""What the repository promises about itself: its locks, its settings, and what is deployed."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.package import DEPLOYED
from shared.settings import SETTING_NAMES

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "requirements-audit.txt")
AZURES = "requirements.txt"
"""The lock that is deployed: of Azure's Python alone."""
BESIDE_THE_APP = {
    ".ci",
    ".funcignore",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "azure.yaml",
    "docs",
    "infra",
    "local",
    "local.settings.sample.json",
    "pyproject.toml",
    "requirements-audit.txt",
    "requirements-dev.txt",
    "requirements-node.txt",
    "tests",
    "web",
}
"""What lies at the top and is not deployed."""
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())

LOCKED = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+))? \\\n"
    r"(?:    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}$",
    re.MULTILINE,
)
ELSEWHERE = re.compile(r"://|file:|\s/| @ |--(extra-)?index|--find-links|--trusted|--editable|^-", re.MULTILINE)


def locked(lock: str) -> list[Requirement]:
    """Return what *lock* pins; a line that is neither a pin with hashes nor a comment fails the test."""
    text = (ROOT / lock).read_text()
    rest = re.sub(r"^\s*#.*\n?", "", LOCKED.sub("", text), flags=re.MULTILINE)
    assert rest.strip() == "", f"{lock} has lines that are no pins with hashes"
    return [
        Requirement(f"{pin['name']}=={pin['version']}" + (f" ; {pin['marker']}" if pin["marker"] else ""))
        for pin in LOCKED.finditer(text)
    ]


def group(name: str) -> list[Requirement]:
    """Return what the dependency group asks for, its included groups too."""
    found: list[Requirement] = []
    for each in PYPROJECT["dependency-groups"][name]:
        found += group(each["include-group"]) if isinstance(each, dict) else [Requirement(each)]
    return found


DIRECT = [Requirement(each) for each in PYPROJECT["project"]["dependencies"]]
ASKED = {
    "requirements.txt": DIRECT,
    "requirements-dev.txt": DIRECT + group("dev"),
    "requirements-node.txt": group("node"),
    "requirements-audit.txt": group("audit"),
}


def applies(requirement: Requirement, python: str) -> bool:
    version = {"python_version": python, "python_full_version": f"{python}.1"}
    return requirement.marker is None or requirement.marker.evaluate(version)


@pytest.mark.parametrize(
    ("lock", "python"),
    [(AZURES, "3.13"), *((lock, python) for lock in LOCKS if lock != AZURES for python in ("3.11", "3.12", "3.13"))],
)
def test_a_lock_pins_every_dependency_that_pyproject_names(lock: str, python: str) -> None:
    pins = {canonicalize_name(pin.name): pin for pin in locked(lock) if applies(pin, python)}
    asked = [requirement for requirement in ASKED[lock] if applies(requirement, python)]
    assert asked
    for requirement in asked:
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin, f"{lock} lacks {requirement.name}: run make lock"
        [version] = [each.version for each in pin.specifier]
        assert requirement.specifier.contains(version), f"{lock} has {pin}, not {requirement}: run make lock"


def test_what_is_tested_is_what_is_deployed() -> None:
    linux = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"}
    of_azure = {**linux, "python_version": "3.13", "python_full_version": "3.13.1", "implementation_name": "cpython"}
    tested = {
        f"{pin.name}{pin.specifier}"
        for pin in locked("requirements-dev.txt")
        if pin.marker is None or pin.marker.evaluate(of_azure)
    }
    deployed = locked(AZURES)
    assert {f"{pin.name}{pin.specifier}" for pin in deployed} <= tested


def test_the_deployed_lock_is_for_no_other_python() -> None:
    # A marker would be left out in silence by a builder of another Python; azure-functions 2 is for 3.13 and newer.
    assert [str(pin) for pin in locked(AZURES) if pin.marker] == []
    [functions] = [pin for pin in locked(AZURES) if pin.name == "azure-functions"]
    assert not functions.specifier.contains("1.26.0")
    assert str(functions.specifier).startswith("==2.")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_registry_and_no_machine(lock: str) -> None:
    assert ELSEWHERE.search((ROOT / lock).read_text()) is None


def test_the_lock_of_the_node_packages_has_hashes_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "local" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert "node_modules/azurite" in packages
    assert [name for name, package in packages.items() if "integrity" not in package or "resolved" in package] == []


def test_every_dependency_has_its_reason_in_a_comment() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    lines = text[text.index("dependencies = [") : text.index("[tool.")].splitlines()
    named = [index for index, line in enumerate(lines) if line.startswith('    "')]
    assert len(named) > len(DIRECT)
    assert [lines[index].strip() for index in named if not lines[index - 1].startswith("    # ")] == []


def modules() -> list[Path]:
    found = [ROOT / "function_app.py", *(ROOT / "shared").rglob("*.py"), *(ROOT / "local").rglob("*.py")]
    return [module for module in found if "node_modules" not in module.parts]


def test_a_rule_is_silenced_only_with_a_reason_beside_it() -> None:
    silenced = re.compile(r"# (noqa|type: ignore)\b(?!(: [A-Z]+\d+(, [A-Z]+\d+)*|\[[a-z, -]+\]) \W*\w).*")
    found = [*modules(), *(each for each in (ROOT / "tests").rglob("*.py") if each != Path(__file__))]
    assert [f"{each.name}: {match[0]}" for each in found for match in silenced.finditer(each.read_text())] == []


def test_the_sample_of_local_settings_names_every_setting() -> None:
    sample = json.loads((ROOT / "local.settings.sample.json").read_text())
    assert sample["IsEncrypted"] is False
    assert set(sample["Values"]) == SETTING_NAMES | {"FUNCTIONS_WORKER_RUNTIME"}
    assert sample["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"


def test_the_page_of_settings_names_every_setting() -> None:
    rows = re.findall(r"^\| (`.+?`) \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert set(re.findall(r"\w+", " ".join(rows))) == SETTING_NAMES - {"SECRET_KLAVIYO_ACME"}


def test_the_host_takes_four_wake_ups_at_a_time() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    assert host["version"] == "2.0"
    assert host["extensions"]["queues"]["batchSize"] == 4


def test_nothing_lies_at_the_top_that_is_not_known() -> None:
    asked = ("git", "ls-files", "--others", "--exclude-standard", "--directory")
    lying_about = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    names = {path.parts[0] for path in known_to_git()} | {
        line.split("/")[0] for line in lying_about.stdout.splitlines() if not (ROOT / line.rstrip("/")).is_symlink()
    }
    assert names == BESIDE_THE_APP | set(DEPLOYED)


def known_to_git() -> list[Path]:
    asked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - git of the PATH
    if not asked.stdout:
        pytest.skip(f"git knows no files here. {asked.stderr.strip()}".strip())
    return [Path(line) for line in asked.stdout.splitlines() if (ROOT / line).exists()]


def test_the_readme_names_only_commands_that_there_are() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(
        re.findall(r"\bmake ([a-z-]+)`|^ *(?:\$ )?make ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    )
    commands = {command for pair in named for command in pair if command}
    assert {"demo", "test"} <= commands
    assert commands - targets == set()


def test_what_ci_calls_can_be_run() -> None:
    scripts = {script.name: os.access(script, os.X_OK) for script in (ROOT / ".ci").iterdir()}
    assert "run" in scripts
    assert [name for name, executable in scripts.items() if not executable] == []


def test_every_link_of_a_page_leads_to_a_file() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    elsewhere = r"https?:|(?:\.\./)+releases/"  # the second leads to GitHub's own pages about this repository
    links = [(page, link) for page in pages for link in re.findall(rf"\]\((?!{elsewhere})([^)#]+)", page.read_text())]
    assert ("README.md", "SECURITY.md") in {(page.name, link) for page, link in links}
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []
