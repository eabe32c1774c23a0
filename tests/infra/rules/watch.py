"""What is written down of who used what, what cannot be deleted, and that everything has its tags."""

from tests.infra.rules.rule import AUDIT, BLOBS, COMPONENT, SITE, STORAGE, VAULT, WORKSPACE, Findings, Rule, changed
from tests.infra.snapshots.evaluated import Deployment, Resource, at

LOCK = "Microsoft.Authorization/locks"
REQUESTS = {"StorageRead", "StorageWrite", "StorageDelete"}
TAKES_NO_TAGS = {
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Consumption/budgets",
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.KeyVault/vaults/providers/locks",
}
"""What Azure gives no tags to; so it is with what belongs to something else, such as a container of an account."""


def logged(deployment: Deployment, kind: str, end: str = "") -> list[Resource]:
    """Return the diagnostic settings of the resource of type *kind* whose name begins so."""
    of = [each["id"] for each in deployment.of_type(kind) if each["name"].startswith(end)]
    return [
        each
        for each in deployment.of_type(AUDIT)
        if any(f"'{id_}'" in each["id"] or each["id"].startswith(id_ + "/providers") for id_ in of)
    ]


def locked(deployment: Deployment) -> set[str]:
    """Return the names of what has a lock against deletion."""
    locks = [each for each in deployment.of_type(LOCK) if at(each, "properties.level") == "CanNotDelete"]
    holders = [*deployment.of_type(STORAGE), *deployment.of_type(VAULT)]
    return {each["name"] for each in holders if any(each["id"] in lock["id"] for lock in locks)}


def _telemetry(deployment: Deployment) -> Findings:
    workspace = deployment.only(WORKSPACE)["id"]
    if at(deployment.only(COMPONENT), "properties.WorkspaceResourceId") != workspace:
        yield "telemetry goes to another workspace"
    for each in deployment.of_type(AUDIT):
        if at(each, "properties.workspaceId") != workspace:
            yield f"{each['name']} goes to another workspace"


def _secrets(deployment: Deployment) -> Findings:
    said = [at(each, "properties.logs") for each in logged(deployment, VAULT)]
    if said != [[{"category": "AuditEvent", "enabled": True}]]:
        yield "who asked for which secret is not written down"


def _requests(deployment: Deployment) -> Findings:
    for each in deployment.of_type(BLOBS):
        for setting in logged(deployment, BLOBS, each["name"]):
            if {log["category"] for log in setting["properties"]["logs"] if log["enabled"]} != REQUESTS:
                yield f"not every request to {each['name']} is written down"


def _tags(deployment: Deployment) -> Findings:
    for each in deployment.resources:
        belongs = each["type"].count("/") > 1 and "virtualNetworkLinks" not in each["type"]
        if each["type"] not in TAKES_NO_TAGS and not belongs and "tags" not in each:
            yield f"{each['type']} {each['name']} has no tags"


def _without_tags(deployment: Deployment) -> None:
    del deployment.only(SITE)["tags"]


def _without_reads(deployment: Deployment) -> None:
    [setting] = logged(deployment, BLOBS, "stseg")
    del setting["properties"]["logs"][0]


def _without_the_audit(deployment: Deployment) -> None:
    [setting] = logged(deployment, VAULT)
    deployment.resources.remove(setting)


WATCH_RULES = (
    Rule("one workspace", _telemetry, changed(COMPONENT, "properties.WorkspaceResourceId", "/another")),
    Rule("all logs go there", _telemetry, changed(AUDIT, "properties.workspaceId", "/another")),
    Rule("the secrets are audited", _secrets, _without_the_audit),
    Rule("who read the segments is known", _requests, _without_reads),
    Rule("everything has its tags", _tags, _without_tags),
)
