"""What docs/deploy.md says of taking everything down: the commands in their order, and what they leave behind."""

import os
import re
from pathlib import Path

import pytest

from tests.end_to_end.shell import play
from tests.infra.snapshots.combinations import ELSEWHERE
from tests.infra.snapshots.compiler import PLACE
from tests.infra.snapshots.evaluated import GIVEN, IN_GROUP, NAMES, Resource, kept

TEXT = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
SECTION = TEXT.split("\n## Removal\n")[1]
AZ = """#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$ASKED"
case "$*" in "lock list "*) printf '%s\\n' lock-1 lock-2 lock-3 ;; esac
"""
PLACED = {"subscription": PLACE["--subscription-id"], "group": "rg-segment-export"}
BY_PARTS = (
    "[resourceId('{subscription}', '{group}', ",
    "[resourceId('{subscription}', 'rg-shop', ",
)
"""How the id of a resource of the group begins where its name is known to Azure alone."""
GROUP = ("Microsoft.Resources/resourceGroups", f"/subscriptions/{PLACED['subscription']}/resourceGroups/rg-shop")
"""The group itself, where azd makes it."""
SCOPE = re.compile(r"extensionResourceId\('([^']+)'")


async def test_the_locks_go_before_the_group(tmp_path: Path) -> None:
    az = tmp_path / "az"
    az.write_text(AZ)
    az.chmod(0o700)
    commands = "".join(re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL))
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ASKED": str(tmp_path / "asked"), "group": "rg-1"}
    await play(commands, folder=tmp_path, environment=environment)
    assert (tmp_path / "asked").read_text().splitlines() == [
        "lock list --resource-group rg-1 --query [].id --output tsv",
        "lock delete --ids lock-1",
        "lock delete --ids lock-2",
        "lock delete --ids lock-3",
        "group delete --name rg-segment-export",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_deployment_lies_outside_of_its_group_but_a_role_on_a_segments_account(name: str) -> None:
    outside = {(each["type"], place(each)) for each in kept(name).resources if place(each) != IN_GROUP}
    elsewhere = "existingSegmentsAccountId" in GIVEN[name] and GIVEN[name].get("assignRoles", True)
    assert outside - {GROUP} == ({("Microsoft.Authorization/roleAssignments", ELSEWHERE)} if elsewhere else set())
    assert "keeps the role assignment of the removed identity" in SECTION


def place(resource: Resource) -> str:
    """Return the id of the resource outside of the group that *resource* belongs to, or that of the group."""
    scope = str((SCOPE.findall(resource["id"]) or [resource["id"]])[0])
    in_group = scope.startswith((f"{IN_GROUP}/", *(start.format(**PLACED) for start in BY_PARTS)))
    return IN_GROUP if in_group else scope.partition("/blobServices/")[0]


def test_the_vault_that_comes_back_is_the_same() -> None:
    before, after = kept("default"), kept("vault-recovered")
    assert before.outputs["keyVaultName"] == after.outputs["keyVaultName"]
    assert "recoverVault=true" in SECTION
