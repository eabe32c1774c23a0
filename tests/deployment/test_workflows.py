"""The workflows and scripts: GitHub and bash understand them, they may do little, and no code comes in unseen."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"
BIN = Path(sys.executable).parent
PINNED = re.compile(r"uses: (\$/\.github/workflows/[\w-]+\.yml|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)")

CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
FAULTS = {
    "an action by its tag": ("ci.yml", f"uses: {CHECKOUT}", "uses: actions/checkout@v6", "unpinned-uses"),
    "an action whose version nobody can see": ("ci.yml", f"uses: {CHECKOUT}", f"uses: {CHECKOUT[:-9]}", "not pinned"),
    "every permission": ("ci.yml", "permissions: {}", "permissions: write-all", "excessive-permissions"),
    "permissions for all jobs at once": ("ci.yml", "permissions: {}", "permissions: {contents: read}", "for all jobs"),
    "the right to write": ("ci.yml", "contents: read", "contents: write", "may write"),
    "a token that stays on the disk": ("ci.yml", "persist-credentials: false", "fetch-depth: 1", "artipacked"),
    "a pull request's text as a command": (
        "ci.yml",
        "run: make check",
        'run: echo "${{ github.event.pull_request.title }}"',
        "template-injection",
    ),
    "strangers' pull requests with our rights": ("ci.yml", "  pull_request:", "  pull_request_target:", "dangerous-"),
    "a word that GitHub does not know": ("ci.yml", "timeout-minutes: 30", "timeout-minute: 30", "timeout-minute"),
    "a job without an end": ("ci.yml", "    timeout-minutes: 30\n", "", "no timeout"),
    "a machine that changes under us": ("ci.yml", "ubuntu-24.04", "ubuntu-latest", "ubuntu-latest"),
    "a failure that a pipe hides": ("deploy.yml", "    shell: bash", "    working-directory: .", "pipe"),
    "a deployment that nobody has to allow": ("deploy.yml", "    environment: production\n", "", "signs in"),
    "a deployment of what was not checked": ("deploy.yml", "    needs: checks\n", "", "without the checks"),
    "a secret": ("deploy.yml", "${{ vars.AZURE_CLIENT_ID }}", "${{ secrets.AZURE_CLIENT_ID }}", "secret"),
    "a release of what was not checked": ("release.yml", "    needs: checks\n", "", "without the checks"),
    "a release that also signs in to Azure": (
        "release.yml",
        "contents: write",
        "id-token: write # and\n      contents: write",
        "may write",
    ),
    "a tag as a command": ("release.yml", '"$GITHUB_REF_NAME"', '"${{ github.ref_name }}"', "template-injection"),
    "a version of today": ("../dependabot.yml", "    cooldown:\n      default-days: 7\n", "", "dependabot-cooldown"),
    "an ecosystem that is none": ("../dependabot.yml", "package-ecosystem: pip", "package-ecosystem: pips", "pips"),
}


def findings(folder: Path) -> str:
    """Return everything that is wrong with the workflows in *folder*, which is .github or a copy of it."""
    workflows = sorted((folder / "workflows").iterdir())
    return "".join(
        [
            said_by("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows),
            said_by("check-jsonschema", "--builtin-schema", "vendor.dependabot", folder / "dependabot.yml"),
            said_by("zizmor", "--offline", "--no-config", "--no-progress", "--persona", "auditor", folder),
            *(f"{path.name}: {fault}\n" for path in workflows for fault in faults(path.read_text(encoding="utf-8"))),
        ]
    )


def said_by(tool: str, *arguments: str | Path) -> str:
    """Return what *tool* says when it finds something."""
    done = subprocess.run([BIN / tool, *arguments], capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def faults(text: str) -> Iterator[str]:
    """Yield what breaks this repository's own rules, which the tools do not know."""
    workflow = YAML(typ="safe").load(text)
    if workflow["permissions"]:
        yield "it gives permissions for all jobs at once; say at each job what that needs"
    if "secrets." in text:
        yield "it uses a secret; Azure trusts the environment instead"
    yield from (f"not pinned to a commit with its version: {line.strip()}" for line in used(text))
    for name, job in workflow["jobs"].items():
        yield from (f"job {name} {fault}" for fault in faults_of(job))
    if "shell" not in workflow.get("defaults", {}).get("run", {}) and any("|" in run for run in runs(workflow)):
        yield "a failure before a pipe goes unseen; set the shell to bash"
    yield from (f"job {name} runs without the checks" for name in unchecked(workflow["jobs"]))


def used(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if "uses: " in line and not PINNED.search(line))


def faults_of(job: dict[str, Any]) -> Iterator[str]:
    permissions = job.get("permissions", "all that there are")
    if "uses" not in job and "timeout-minutes" not in job:
        yield "has no timeout"
    if "uses" not in job and job["runs-on"] != "ubuntu-24.04":
        yield f"runs on {job['runs-on']}, which becomes another machine one day"
    if not isinstance(permissions, dict):
        yield f"has the permissions {permissions}"
        return
    may_write = {name for name, right in permissions.items() if right == "write"}
    if may_write - ({"contents"} if job.get("environment") == "release" else {"id-token"}):
        yield f"may write {', '.join(may_write)}"
    if "id-token" in may_write and not str(job.get("environment")).startswith("production"):
        yield "signs in to Azure outside an environment"


def runs(workflow: dict[str, Any]) -> Iterator[str]:
    return (step["run"] for job in workflow["jobs"].values() for step in job.get("steps", ()) if "run" in step)


def unchecked(jobs: dict[str, Any]) -> Iterator[str]:
    """Yield the jobs that sign in to Azure or publish a release, and do not come after the checks."""
    for name, job in jobs.items():
        before = job
        while needed := before.get("needs"):
            before = jobs[needed]
        publishes = "write" in dict(job.get("permissions") or {}).values()
        if publishes and "ci.yml" not in before.get("uses", ""):
            yield name


def test_nothing_is_wrong_with_the_workflows() -> None:
    assert {path.name for path in (ROOT / ".github" / "workflows").iterdir()} == {
        "ci.yml",
        "deploy.yml",
        "release.yml",
    }
    assert findings(ROOT / ".github") == ""


@pytest.mark.parametrize("fault", FAULTS)
def test_it_would_be_found_if_the_workflows_had(fault: str, tmp_path: Path) -> None:
    name, right, wrong, named = FAULTS[fault]
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    path = tmp_path / ".github" / "workflows" / name
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert named in findings(tmp_path / ".github")


def test_each_python_of_the_project_is_checked() -> None:
    ci = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert ci["jobs"]["check"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_a_deployment_sends_the_package_that_was_checked() -> None:
    ci, deploy = (
        (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8") for name in ("ci.yml", "deploy.yml")
    )
    assert re.search(r"run: \.ci/package\n.*upload-artifact@.*\n.*\n +name: package\n +path: package\.zip\n", ci)
    assert re.search(r"download-artifact@.*\n.*\n +name: package #", deploy)
    assert ".ci/publish package.zip " in deploy


def test_a_release_has_the_package_that_was_checked() -> None:
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert re.search(r"download-artifact@.*\n.*\n +name: package #.*\n      - run: \.ci/release ", release)


def test_what_the_workflows_run_is_there() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").iterdir())
    scripts = set(re.findall(r"\.ci/[a-z]+", text))
    assert ".ci/publish" in scripts
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"run: make ([a-z-]+)", text)) <= targets


def test_nobody_asks_for_an_app_in_the_way_whose_answer_depends_on_the_plan() -> None:
    places = [CI, ROOT / ".github" / "workflows", ROOT / "docs"]
    asking = [
        path.name
        for place in places
        for path in place.iterdir()
        if path.is_file()
        and re.search(r"\$\(az functionapp show|^ *az functionapp show", path.read_text(), re.MULTILINE)
    ]
    assert asking == []


@pytest.mark.parametrize("script", sorted(path.name for path in CI.iterdir()))
def test_bash_can_read_every_script(script: str) -> None:
    done = subprocess.run(["bash", "-n", CI / script], capture_output=True, text=True, check=False)  # noqa: S607 - bash of the PATH
    assert (done.returncode, done.stderr) == (0, "")
