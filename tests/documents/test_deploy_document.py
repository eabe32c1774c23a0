"""What docs/deploy.md says of parameters, commands, roles and services is what the repository has."""

import json
import re
from pathlib import Path
from uuid import UUID

from local.__main__ import COMMANDS
from shared.api.access.callers import ROLES
from shared.domain.config.scopes import SCOPES
from shared.domain.consent_texts import CURRENT_TEXT
from shared.settings import SETTING_NAMES
from tests.infra.parameter_table import azd_parameters, parameter_table
from tests.infra.snapshots.evaluated import NAMES, kept
from tests.infra.snapshots.templates import outputs, parameters

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
OF_AZD = {"AZURE_ENV_NAME", "AZURE_LOCATION"}
"""What azd sets by itself."""


def between(start: str, end: str) -> str:
    """Return what stands between two marks of the document."""
    return TEXT.split(start)[1].split(end)[0].strip() + "\n"


def test_the_table_has_every_parameter_with_its_default() -> None:
    assert between("<!-- parameters -->", "<!-- /parameters -->") == parameter_table()


def test_the_parameters_that_azd_cannot_set_are_named() -> None:
    unset = parameters().keys() - azd_parameters().keys()
    [sentence] = [line for line in TEXT.splitlines() if "cannot be set through `azd`" in line]

    assert set(re.findall(r"`(\w+)`", sentence.split("cannot")[0])) == unset


def test_every_setting_that_is_named_is_one() -> None:
    of_azd = {name for text in azd_parameters().values() for name in re.findall(r"[A-Z_]{2,}", text)}
    named = set(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`", TEXT))

    assert {"SETTLE_LIMIT_HOURS", "ALERT_EMAIL"} <= named
    assert named - SETTING_NAMES - of_azd - outputs("azd") - OF_AZD == set()


def test_every_command_of_ours_that_is_named_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = set(re.findall(r"(?:`|^)make ([a-z-]+)", TEXT, re.MULTILINE))
    local = set(re.findall(r"python -m local ([a-z-]+)", TEXT))
    scripts = set(re.findall(r"\.ci/(\w+)", TEXT))

    assert ("package" in made, "costs" in local, "publish" in scripts) == (True, True, True)
    assert (
        made - targets == local - set(COMMANDS) == scripts - {path.name for path in (ROOT / ".ci").iterdir()} == set()
    )


def test_every_service_that_a_subscription_has_to_know_is_named() -> None:
    used = {each["type"].split("/")[0] for name in NAMES for each in kept(name).resources}
    [line] = [line for line in TEXT.splitlines() if "az provider register" in line]
    [named] = re.findall(r"for each in ([\w ]+);", line)

    # No resource is of the first, but a subnet is delegated to it, which Azure takes only where it is registered.
    [delegated] = {
        delegation["properties"]["serviceName"].split("/")[0]
        for name in NAMES
        for network in kept(name).of_type("Microsoft.Network/virtualNetworks")
        for subnet in network["properties"]["subnets"]
        for delegation in subnet["properties"].get("delegations", [])
    }
    registered = {delegated, *used} - {"Microsoft.Authorization", "Microsoft.Resources"}
    assert {f"Microsoft.{each}" for each in named.split()} == registered


def test_the_roles_of_the_app_registration_are_those_of_the_api() -> None:
    roles = json.loads((ROOT / "infra" / "app-roles.json").read_text(encoding="utf-8"))

    assert {role["value"] for role in roles} == set(ROLES)
    assert len({UUID(role["id"]) for role in roles}) == len(ROLES)
    assert all(role["isEnabled"] and role["allowedMemberTypes"] == ["User", "Application"] for role in roles)
    [admin] = [role["id"] for role in roles if role["value"] == "Exports.Admin"]
    [contributor] = [role["id"] for role in roles if role["value"] == "Exports.Contribute"]
    assert f"readonly ADMIN={admin}\n" in (ROOT / ".ci" / "entra").read_text(encoding="utf-8")
    assert f'\\"appRoleId\\": \\"{contributor}\\"' in TEXT


def test_the_consent_that_is_sent_is_to_the_current_text() -> None:
    assert f'"text": "{CURRENT_TEXT}"' in TEXT


def test_the_scopes_of_the_key_are_all_that_the_app_uses() -> None:
    [line] = [line for line in TEXT.splitlines() if line.startswith("- A private Klaviyo key")]

    assert set(re.findall(r"`([\w:]+)`", line)) == {scope.name for scope in SCOPES}


def test_every_link_to_a_heading_leads_somewhere() -> None:
    headings = {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in TEXT.splitlines()}
    anchors = set(re.findall(r"\]\(#([^)]+)\)", TEXT))

    assert anchors
    assert anchors - headings == set()
