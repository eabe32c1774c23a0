"""Rules about the roles: exactly those that are needed, each on one resource and with its reason."""

from collections.abc import Iterator

from tests.infra.bicep import Expression, text_of
from tests.infra.infrastructure import MAIN, Infrastructure

GUIDS = {
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a30df8a391e1",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}
ROLES = "infra/modules/roles.bicep"
SEGMENTS_ROLE = "infra/modules/segments-role.bicep"
NEEDED = {
    (ROLES, "storageRoles"): {
        "Storage Blob Data Owner",
        "Storage Queue Data Contributor",
        "Storage Table Data Contributor",
    },
    (ROLES, "vaultReader"): {"Key Vault Secrets User"},
    (ROLES, "vaultWriter"): {"Key Vault Secrets Officer"},
    (ROLES, "monitoringRoles"): {"Monitoring Metrics Publisher"},
    (SEGMENTS_ROLE, "segmentsRoles"): {"Storage Blob Data Reader"},
}
ASSIGNED = {
    (ROLES, "onStorage"): ("storageRoles", "storage"),
    (ROLES, "onVault"): ("vaultRoles", "vault"),
    (ROLES, "onMonitoring"): ("monitoringRoles", "applicationInsights"),
    (SEGMENTS_ROLE, "onSegments"): ("segmentsRoles", "segments"),
}
WRITES_ON_REQUEST = Expression("allowKeyEntry ? concat(vaultReader, vaultWriter) : vaultReader")


def roles_are_those_that_are_needed(infrastructure: Infrastructure) -> Iterator[str]:
    for (path, name), needed in NEEDED.items():
        variable = infrastructure.files[path].variables.get(name)
        given = variable.value if variable else []
        if {each["name"] for each in given} != needed:
            yield f"{path}: {name} are {sorted(each['name'] for each in given)}, not {sorted(needed)}."
        for each in given:
            if GUIDS.get(each["name"]) != each["id"]:
                yield f"{path}: {each['name']} has another id."
            if len(each.get("reason", "")) < len("to be read"):
                yield f"{path}: {each['name']} has no reason."
    if infrastructure.files[ROLES].variables["vaultRoles"].value != WRITES_ON_REQUEST:
        yield f"{ROLES}: the vault may be written to without allowKeyEntry."


def roles_are_assigned_on_one_resource(infrastructure: Infrastructure) -> Iterator[str]:
    made = {(path, each.name) for path, each in infrastructure.resources("Microsoft.Authorization/roleAssignments")}
    yield from (f"{path}: {name} is not known." for path, name in sorted(made - ASSIGNED.keys()))
    for (path, name), (roles, scope) in ASSIGNED.items():
        if (path, name) not in made:
            yield f"{path}: {roles} are not assigned."
            continue
        each = infrastructure.files[path].resources[name]
        wanted = {
            "name": Expression(f"guid({scope}.id, principalId, role.id)"),
            "scope": Expression(scope),
            "properties.principalId": Expression("principalId"),
            "properties.principalType": "ServicePrincipal",
            "properties.roleDefinitionId": Expression(
                "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)"
            ),
            "properties.description": Expression("role.reason"),
        }
        for where, value in wanted.items():
            if each.at(where) != value:
                yield f"{path}: {where} of {name} is {each.at(where)!r}, not {value!r}."
        condition = "if (assignRoles) " if path == ROLES else ""
        if f"[for role in {roles}: {condition}{{" not in text_of(each.node):
            yield f"{path}: {name} does not assign each of {roles}, or not only on request."


def grants_are_printed(infrastructure: Infrastructure) -> Iterator[str]:
    output = getattr(infrastructure.main.outputs["grants"].value, "text", "")
    if not output.startswith("assignRoles ? [] : concat(roles.outputs.grants, ["):
        yield f"{MAIN} does not print the grants where it assigns no roles."
    if f"--role {GUIDS['Storage Blob Data Reader']} " not in output:
        yield f"{MAIN} does not print the grant on the segments."
    for roles in ("storageRoles", "vaultRoles", "monitoringRoles"):
        lists = [
            each for each in infrastructure.files[ROLES].variables.values() if f"in {roles}:" in text_of(each.node)
        ]
        if not any("--role ${role.id} --scope ${" in text_of(each.node) for each in lists):
            yield f"{ROLES} does not print {roles}."
