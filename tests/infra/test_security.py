"""A deployment is safe in every combination of its parameters, and each rule that says so finds a fault."""

import re
from typing import Any

import pytest

from tests.infra.rules.opened import FAULTS, opened
from tests.infra.rules.roles import ASSIGNMENT, FOR_KEY_ENTRY, NEEDED, Role, printed_roles, token_of, wrong_roles
from tests.infra.rules.rule import SITE, STORAGE, VAULT, Rule
from tests.infra.rules.security import ID, SECRET, rules
from tests.infra.snapshots.evaluated import GIVEN, NAMES, kept
from tests.infra.snapshots.sources import sources
from tests.infra.snapshots.templates import APP, parameters, waits_for

SAFE_DEFAULTS = {
    "alertWebhook": "",
    "adminIsolation": False,  # it may keep the timer from firing
    "allowKeyEntry": False,
    "assignRoles": True,
    "authMode": "keys",
    "existingSegmentsAccountId": "",
    "network": "public",
    "packageUri": "",
    "privateApp": False,
    "protect": False,
    "siteLogs": False,
    "storageLogs": "segments",
    "successNotes": False,
    "zoneRedundant": False,
    "instanceMemoryMB": 2048,
    "recoverVault": False,
    "retentionDays": 30,
    "segmentsSharedKey": False,
}
NAME_IN_AZURE = {
    STORAGE: r"[a-z0-9]{3,24}",
    VAULT: r"[a-zA-Z](-?[a-zA-Z0-9]){2,23}",
    SITE: r"[a-z0-9](-?[a-z0-9]){1,31}",
}
"""What Azure allows in names that are short; the host of a function app tells apps apart by 32 letters."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule.name))
def test_every_deployment_keeps_to_the_rule(rule: Rule, name: str) -> None:
    assert list(rule.findings(kept(name))) == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule.name))
def test_the_rule_finds_a_fault_that_is_planted(rule: Rule) -> None:
    deployment = kept(rule.planted_in)
    rule.plant(deployment)
    assert deployment != kept(rule.planted_in)
    assert list(rule.findings(deployment)) != []


@pytest.mark.parametrize(
    "line",
    [
        "'AccountKey=abc'",
        "'pk_0123456789abcdef'",
        "    password: hunter2",
        "?sv=1&sig=ab",
        "clientSecret: 'abc'",
        "clientSecretSettingName: 'MICROSOFT_PROVIDER_AUTHENTICATION_SECRET'",
    ],
)
def test_a_secret_would_be_seen(line: str) -> None:
    assert SECRET.search(line)


def test_nothing_in_the_sources_is_secret_and_nobody_is_asked_for_a_secret() -> None:
    lines = [(path.name, line) for path in sources() for line in path.read_text().splitlines()]
    assert [name for name, line in lines if SECRET.search(ID.sub("", line))] == []
    assert [name for name, each in parameters().items() if "secure" in each["type"].lower()] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_app_has_the_roles_that_it_needs_each_on_one_resource_and_no_other(name: str) -> None:
    needed = (*NEEDED, FOR_KEY_ENTRY) if "allowKeyEntry" in GIVEN[name] else NEEDED
    assert list(wrong_roles(kept(name), needed if GIVEN[name].get("assignRoles", True) else ())) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties.roleDefinitionId", "/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        ("properties.principalId", "00000000-0000-0000-0000-000000000003"),
        ("properties.principalType", "User"),
        ("properties.description", ""),
        ("name", "always-the-same"),
        ("id", "[extensionResourceId('<group>/Microsoft.Resources/resourceGroups/rg', 'roleAssignments')]"),
    ],
)
def test_a_wrong_assignment_is_found(path: str, value: str) -> None:
    deployment = kept("default")
    assignment = deployment.of_type(ASSIGNMENT)[0]
    parent: Any = assignment["properties"] if path.startswith("properties.") else assignment
    parent[path.rpartition(".")[2]] = value
    assert list(wrong_roles(deployment, NEEDED)) != []


@pytest.mark.parametrize(
    ("name", "needed"), [("no-roles", NEEDED), ("no-roles-elsewhere", (*NEEDED, FOR_KEY_ENTRY))], ids=str
)
def test_what_is_not_assigned_is_printed_as_commands(name: str, needed: tuple[Role, ...]) -> None:
    deployment = kept(name)
    printed = printed_roles(deployment)
    token = token_of(deployment)
    assert len(printed) == len(needed)
    for role in needed:
        assert any(given == role.id and scope.endswith(role.opens.format(token=token)) for given, scope in printed), (
            role
        )
    # Quoted for a shell: each quotation mark of the condition ends the text, stands for itself, and begins it again.
    assert "--condition-version 2.0 --condition ''{3}''" in str(deployment.outputs["grants"])
    said = str(deployment.outputs["grants"]).replace("''", "'")
    assert r"StringNotLike '\''audit/*'\'')" in said
    assert kept("default").outputs["grants"] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_parameter_opens_is_open_only_where_it_is_given(name: str) -> None:
    assert list(opened(kept(name), GIVEN[name])) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_open_without_a_parameter_is_found(fault: str) -> None:
    name, plant = FAULTS[fault]
    deployment = kept(name)
    plant(deployment)
    assert any(found.startswith(f"{fault}: ") for found in opened(deployment, GIVEN[name]))


def test_authentication_is_on_before_the_app_believes_it_and_off_only_after() -> None:
    assert {"authenticationOn", "noScmPassword"} <= waits_for(APP, "settings")
    assert "settings" in waits_for(APP, "authenticationOff")
    # No two changes of the site are under way at once: ftp, scm, authentication, settings, or settings before the last.
    assert "noFtpPassword" in waits_for(APP, "noScmPassword")
    assert "noScmPassword" in waits_for(APP, "authenticationOn")


def test_the_code_comes_after_the_settings_and_nothing_is_built_in_azure() -> None:
    assert {"settings", "authenticationOff"} <= waits_for(APP, "package")
    package = kept("with-package").only(f"{SITE}/extensions")
    assert package["name"].endswith("/onedeploy")
    assert package["properties"] == {"packageUri": "https://example.com/package.zip", "remoteBuild": False}


def test_the_app_has_its_rights_before_it_starts() -> None:
    needed = {"roles", "segmentsRole", "storage", "keyVault", "monitoring", "ownNetwork", "privateEndpoints"}
    assert needed <= waits_for("main", "functionApp")


def test_the_defaults_of_the_parameters_are_safe_and_their_numbers_bounded() -> None:
    declared = parameters()
    assert {name: declared[name]["defaultValue"] for name in SAFE_DEFAULTS} == SAFE_DEFAULTS
    assert [name for name, each in declared.items() if "defaultValue" not in each] == []
    numbers = {name: each.keys() for name, each in declared.items() if each["type"] == "int"}
    assert numbers
    bounded = {name for name, said in numbers.items() if {"minValue", "maxValue"} <= said or "allowedValues" in said}
    assert numbers.keys() - bounded == set()


@pytest.mark.parametrize("kind", NAME_IN_AZURE)
def test_a_name_is_made_of_the_token_and_within_the_limits_of_azure(kind: str) -> None:
    deployment = kept("default")
    for each in deployment.of_type(kind):
        assert token_of(deployment) in each["name"]
        assert re.fullmatch(NAME_IN_AZURE[kind], each["name"])
