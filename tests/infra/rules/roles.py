"""The roles of the app: which it needs, each on one resource, and what a deployment assigns or prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.infra.snapshots.evaluated import IN_GROUP, Deployment, Resource

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
_SCOPE = re.compile(r"extensionResourceId\('([^']+)'")
_ROLE = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_GRANTS = (
    re.compile(rf"'{_ROLE}', '([^']+)'[,)]"),
    re.compile(rf"--role {_ROLE} --scope .{{1,5}}', reference\([^)]+\)\.principalId, '([^']+)'\)"),
)
"""How a command stands in the evaluated output: the role and the scope are arguments, or the role is in the text."""
APP, PACKAGE = "id-{token}", "id-package-{token}"
"""The names of the identities: of the app, and that with which Azure stores and fetches the package."""


@dataclass(frozen=True)
class Role:
    """A role by its name and id in Azure, the end of the id of the resource that it opens, and who has it."""

    name: str
    id: str
    opens: str
    whose: str = APP


NEEDED = (
    Role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "/storageAccounts/st{token}"),
    Role(
        "Storage Blob Data Contributor",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "/storageAccounts/st{token}/blobServices/default/containers/deployments",
        PACKAGE,
    ),
    Role("Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "/storageAccounts/st{token}"),
    Role("Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "/storageAccounts/st{token}"),
    Role("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", "/vaults/kv-{token}"),
    Role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb", "/components/appi-{token}"),
    Role("Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a30df8a391e1", "/containers/segments"),
)
FOR_KEY_ENTRY = Role("Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "/vaults/kv-{token}")
"""Lets the app write the vault, and is given only where keys may be entered."""


def wrong_roles(deployment: Deployment, needed: tuple[Role, ...]) -> Iterator[str]:
    """Yield what the assignments of *deployment* have beside *needed*, and what they lack."""
    found = {_given(each) for each in deployment.of_type(ASSIGNMENT)}
    wanted = {(role.id, role.opens.format(token=token_of(deployment))) for role in needed}
    yield from (f"role {role} is given on {scope}" for role, scope in found if not _is_in((role, scope), wanted))
    yield from (f"role {role} is not given on {opens}" for role, opens in wanted if not _is_among((role, opens), found))
    whose = {role.id: role.whose.format(token=token_of(deployment)) for role in needed}
    for each in deployment.of_type(ASSIGNMENT):
        said = each["properties"]
        holder = whose.get(str(said["roleDefinitionId"]).rpartition("/")[2], "nobody")
        principal = f"[reference('{IN_GROUP}/{IDENTITY}/{holder}', '2024-11-30').principalId]"
        if (said["principalId"], said["principalType"]) != (principal, "ServicePrincipal"):
            yield "somebody else has a role"
        if len(said["description"]) < len("to be read"):
            yield "a role has no reason"
        if principal[1:-1] not in each["name"]:
            yield "the name of an assignment does not change with the identity"


def printed_roles(deployment: Deployment) -> set[tuple[str, str]]:
    """Return the roles that the commands of the output ``grants`` give, and the resource of each."""
    text = str(deployment.outputs["grants"])
    return {found for pattern in _GRANTS for found in pattern.findall(text)}


def token_of(deployment: Deployment) -> str:
    """Return the token that is in every name of *deployment*."""
    return str(deployment.of_type(IDENTITY)[0]["name"]).rpartition("-")[2]


def _given(assignment: Resource) -> tuple[str, str]:
    [scope] = _SCOPE.findall(assignment["id"])
    role = str(assignment["properties"]["roleDefinitionId"])
    return role.rpartition("/")[2], str(scope)


def _is_in(given: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    return any(given[0] == role and given[1].endswith(opens) for role, opens in wanted)


def _is_among(wanted: tuple[str, str], found: set[tuple[str, str]]) -> bool:
    return any(role == wanted[0] and scope.endswith(wanted[1]) for role, scope in found)
