"""The app has exactly the roles that it needs, each on one resource and with its reason."""

import pytest

from tests.infra.bicep import Expression, text_of
from tests.infra.infrastructure import Infrastructure

REPOSITORY = Infrastructure.of_the_repository()
ROLES, SEGMENTS_ROLE = "infra/modules/roles.bicep", "infra/modules/segments-role.bicep"
NEEDED = {
    (ROLES, "storageRoles"): {
        "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    },
    (ROLES, "vaultReader"): {"Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6"},
    (ROLES, "vaultWriter"): {"Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"},
    (ROLES, "monitoringRoles"): {"Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb"},
    (SEGMENTS_ROLE, "segmentsRoles"): {"Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a30df8a391e1"},
}
"""The roles with Azure's ids of them, by the variable that holds them."""
ASSIGNED = {
    (ROLES, "onStorage"): ("storageRoles", "storage"),
    (ROLES, "onVault"): ("vaultRoles", "vault"),
    (ROLES, "onMonitoring"): ("monitoringRoles", "applicationInsights"),
    (SEGMENTS_ROLE, "onSegments"): ("segmentsRoles", "segments"),
}
"""Each assignment: its roles, and the one resource that they open."""


@pytest.mark.parametrize(("path", "variable"), NEEDED)
def test_the_roles_are_those_that_are_needed_each_with_its_reason(path: str, variable: str) -> None:
    given = REPOSITORY.files[path].variables[variable].value
    assert {each["name"]: each["id"] for each in given} == NEEDED[path, variable]
    assert [each["name"] for each in given if len(each["reason"]) < len("to be read")] == []


def test_the_vault_is_written_to_only_where_keys_may_be_entered() -> None:
    roles = REPOSITORY.files[ROLES].variables["vaultRoles"].value
    assert roles == Expression("allowKeyEntry ? concat(vaultReader, vaultWriter) : vaultReader")


def test_no_other_role_is_assigned() -> None:
    made = REPOSITORY.resources("Microsoft.Authorization/roleAssignments")
    assert {(path, each.name) for path, each in made} == ASSIGNED.keys()


@pytest.mark.parametrize(("path", "name"), ASSIGNED)
def test_a_role_is_assigned_on_one_resource_to_the_app_alone(path: str, name: str) -> None:
    roles, scope = ASSIGNED[path, name]
    each = REPOSITORY.files[path].resources[name]
    assert each.at("scope") == Expression(scope)
    assert each.at("name") == Expression(f"guid({scope}.id, principalId, role.id)")
    assert each.at("properties") == {
        "principalId": Expression("principalId"),
        "principalType": "ServicePrincipal",
        "roleDefinitionId": Expression(
            "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)",
        ),
        "description": Expression("role.reason"),
    }
    condition = "if (assignRoles) " if path == ROLES else ""
    assert f"[for role in {roles}: {condition}{{" in text_of(each.node)


def test_what_is_not_assigned_is_printed_as_commands() -> None:
    output = REPOSITORY.main.outputs["grants"].value.text
    assert output.startswith("assignRoles ? [] : concat(roles.outputs.grants, [")
    assert f"--role {NEEDED[SEGMENTS_ROLE, 'segmentsRoles']['Storage Blob Data Reader']} " in output
    file = REPOSITORY.files[ROLES]
    for roles, scope in (assigned for (path, _), assigned in ASSIGNED.items() if path == ROLES):
        printed = f"[for role in {roles}: '${{command}} --role ${{role.id}} --scope ${{{scope}.id}}']"
        assert any(text_of(each.node).endswith(printed) for each in file.variables.values()), roles
