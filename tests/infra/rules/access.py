"""Which identities there are, and that what the app may do reaches neither its own code nor the audit trail."""

from functools import partial

from tests.infra.rules.conditions import allows
from tests.infra.rules.roles import ASSIGNMENT, IDENTITY, token_of
from tests.infra.rules.rule import SITE, Findings, Rule, changed
from tests.infra.snapshots.evaluated import Deployment, at

FETCHING = "properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"
BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
CHANGES = (
    "write",
    "delete",
    "deleteBlobVersion/action",
    "permanentDelete/action",
    "move/action",
    "tags/write",
    "immutableStorage/runAsSuperUser/action",
    "manageOwnership/action",
    "modifyPermissions/action",
    "runAsSuperUser/action",
)
"""What the role of the app can do to a blob that is there, unless a condition says otherwise."""


def _two_identities(deployment: Deployment) -> Findings:
    identities: dict[str, dict[str, str]] = {each["id"]: {} for each in deployment.of_type(IDENTITY)}
    site = deployment.only(SITE)
    if at(site, "identity.userAssignedIdentities") != identities:
        yield "the app works with another identity"
    if at(site, FETCHING) != deployment.only(IDENTITY, f"id-package-{token_of(deployment)}")["id"]:
        yield "the package is stored with the identity of the app"


def _own_code_and_trail(deployment: Deployment) -> Findings:
    for each in deployment.of_type(ASSIGNMENT):
        if BLOB_OWNER not in each["properties"]["roleDefinitionId"]:
            continue
        condition = str(each["properties"].get("condition") or "(True)")
        can = partial(allows, condition)
        if any(can(change, "deployments", "released-package.zip") for change in (*CHANGES, "add/action")):
            yield "the app can replace its own code"
        if any(can(change, "exports", "audit/2026-11.ndjson") for change in CHANGES):
            yield "the app can change the audit trail"
        needed = [
            can("add/action", "exports", "audit/2026-11.ndjson"),
            *(can(change, "exports", "runs/vip/1/run.json") for change in ("write", "delete")),
            *(can("write", container, "locks/1") for container in ("azure-webjobs-hosts", "azure-webjobs-secrets")),
            can("read", "deployments", "released-package.zip"),
        ]
        if not all(needed) or each["properties"].get("conditionVersion") != "2.0":
            yield "the app cannot do its work"


def _without_a_condition(deployment: Deployment) -> None:
    [assignment] = [each for each in deployment.of_type(ASSIGNMENT) if "condition" in each["properties"]]
    del assignment["properties"]["condition"]


def _with_another_identity(deployment: Deployment) -> None:
    deployment.only(SITE)["identity"]["userAssignedIdentities"]["/another"] = {}


ACCESS_RULES = (
    Rule("no other identity", _two_identities, _with_another_identity),
    Rule("the package has an identity of its own", _two_identities, changed(SITE, FETCHING, "/id-of-the-app")),
    Rule("the app changes neither its code nor the audit trail", _own_code_and_trail, _without_a_condition),
)
