"""`.ci/release` publishes the package that was checked, and a template that deploys this very package."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from local.deployment.release import TEMPLATE, changes_of, version_of
from local.processes import LocalProblem
from tests.deployment.form import FORM, filled_in
from tests.deployment.scripts import Ended, Stage
from tests.infra.snapshots.combinations import Combination
from tests.infra.snapshots.compiler import compiler, evaluate

ROOT = Path(__file__).parents[2]
[VERSION] = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
TAG = f"v{VERSION}"
ADDRESS = f"https://github.com/acme/exports/releases/download/{TAG}/package.zip"
PACKAGE = b"the package"
DIGEST = hashlib.sha256(PACKAGE).hexdigest()
BICEP = """#!/usr/bin/env bash
echo '{"parameters": {"packageUri": {"type": "string", "defaultValue": ""}}, "outputs": {"pageUrl": {}}}' >"$4"
"""
"""Stands in for the compiler where there is none."""


async def release(stage: Stage, tag: str = TAG, **environment: str) -> Ended:
    (stage.folder / "package.zip").write_bytes(PACKAGE)
    (stage.folder / "bicep").write_text(BICEP, encoding="utf-8")
    (stage.folder / "bicep").chmod(0o700)
    given = {
        "GITHUB_REPOSITORY": "acme/exports",
        "BICEP": compiler() or str(stage.folder / "bicep"),
        "PACKAGE": str(stage.folder / "package.zip"),
        "RELEASE_FOLDER": str(stage.folder / "release"),
    }
    return await stage.run("release", tag, **given, **environment)


def written(stage: Stage, name: str) -> str:
    return (stage.folder / "release" / name).read_text(encoding="utf-8")


async def test_the_template_deploys_the_package_of_the_release_and_names_its_hash(stage: Stage) -> None:
    ended = await release(stage)
    assert ended.code == 0, ended.said
    template: dict[str, Any] = json.loads(written(stage, TEMPLATE))
    assert template["parameters"]["packageUri"]["defaultValue"] == ADDRESS
    assert template["outputs"]["packageSha256"] == {"type": "string", "value": DIGEST}
    assert template["metadata"]["package"] == {"address": ADDRESS, "sha256": DIGEST}
    assert "pageUrl" in template["outputs"]
    assert f"{DIGEST}  package.zip\n" in written(stage, "SHA256SUMS")


@pytest.mark.skipif(compiler() is None, reason="There is no Bicep compiler here; CI has one.")
async def test_what_the_button_deploys_brings_the_code_along(stage: Stage) -> None:
    await release(stage)
    evaluated = evaluate(Combination("button", filled_in()), written(stage, TEMPLATE))
    [package] = [each for each in evaluated["predictedResources"] if each["type"] == "Microsoft.Web/sites/extensions"]
    assert package["properties"] == {"packageUri": ADDRESS, "remoteBuild": False}
    assert evaluated["outputs"]["packageSha256"] == DIGEST


async def test_the_button_leads_to_the_template_and_the_form_as_they_were_sent(stage: Stage) -> None:
    await release(stage)
    asked = stage.asked_of_az()
    [ref] = [each for each in asked if each[1].endswith("/git/refs")]
    assert ref[2:6] == ["--raw-field", f"ref=refs/tags/deploy-{TAG}", "--raw-field", "sha=made-up-commit"]
    button = written(stage, "notes.md").splitlines()[0]
    [template, form] = re.findall(r"/(?:uri|createUIDefinitionUri)/([^/)]+)", button)
    folder = f"https://raw.githubusercontent.com/acme/exports/deploy-{TAG}"
    assert (unquote(template), unquote(form)) == (f"{folder}/azuredeploy.json", f"{folder}/createUiDefinition.json")
    sent = {each["path"]: each["content"] for each in json.loads(written(stage, "tree.json"))["tree"]}
    assert sent.keys() == {"azuredeploy.json", "createUiDefinition.json"}
    assert sent["azuredeploy.json"] == written(stage, TEMPLATE)
    assert json.loads(sent["createUiDefinition.json"]) == FORM


async def test_the_release_comes_last_with_all_its_files(stage: Stage) -> None:
    await release(stage)
    last = stage.asked_of_az()[-1]
    assert last[:3] == ["release", "create", TAG]
    assert [Path(name).name for name in last[3:7]] == [
        "package.zip",
        "azuredeploy.json",
        "createUiDefinition.json",
        "SHA256SUMS",
    ]
    assert "--verify-tag" in last


async def test_a_release_is_never_changed(stage: Stage) -> None:
    ended = await release(stage, GH_THERE="yes")
    assert (ended.code, "not changed" in ended.said) == (1, True)
    assert len(stage.asked_of_az()) == 1


async def test_a_tag_of_another_version_is_refused_before_anything_is_published(stage: Stage) -> None:
    ended = await release(stage, "v99.0.0")
    assert (ended.code, f"which is {VERSION}" in ended.said) == (1, True)
    assert [each for each in stage.asked_of_az() if each[0] == "api" or "create" in each] == []


@pytest.mark.parametrize("tag", ["0.1.0", "v0.1", "latest", "v99.0.0"])
def test_a_tag_names_the_version(tag: str) -> None:
    with pytest.raises(LocalProblem, match=re.escape(TAG)):
        version_of(tag)


def test_a_version_without_changes_is_not_released() -> None:
    with pytest.raises(LocalProblem, match="no section about"):
        changes_of("9.9.9", "# Changelog\n\n## [0.1.0]\n\n- First.\n", "https://example.com")


def test_links_of_the_changes_lead_into_the_repository() -> None:
    changelog = (
        "\n## [1.2.3] - 2027-01-01\n\n- See [how](docs/deploy.md#a) and [more](https://example.com).\n\n## [1.2.2]\n"
    )
    said = changes_of("1.2.3", changelog, "https://github.com/acme/exports/blob/v1.2.3")
    assert said == (
        "- See [how](https://github.com/acme/exports/blob/v1.2.3/docs/deploy.md#a) and [more](https://example.com).\n"
    )
