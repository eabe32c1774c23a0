"""What makes a deployment safe, as rules over its evaluated resources; each rule brings a fault that it has to find."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.infra.snapshots.combinations import DEFAULT
from tests.infra.snapshots.evaluated import Deployment, Resource, at

Findings = Iterator[str]
STORAGE = "Microsoft.Storage/storageAccounts"
CONTAINER = f"{STORAGE}/blobServices/containers"
BLOBS = f"{STORAGE}/blobServices"
LIFECYCLE = f"{STORAGE}/managementPolicies"
VAULT = "Microsoft.KeyVault/vaults"
SITE = "Microsoft.Web/sites"
CONFIG = f"{SITE}/config"
PUBLISHING = f"{SITE}/basicPublishingCredentialsPolicies"
AUDIT = "Microsoft.Insights/diagnosticSettings"
COMPONENT = "Microsoft.Insights/components"
WORKSPACE = "Microsoft.OperationalInsights/workspaces"
SECRET = re.compile(
    r"AccountKey=|SharedAccessSignature=|DefaultEndpointsProtocol|[?&;]sig=|InstrumentationKey=|\bpk_\w{8,}"
    # The one name of a setting that stands for no secret: App Service Authentication takes the app's identity for it.
    r"|(password|client_?secret(?!SettingName\W+OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID\b)|api_?key)\w*['\"]?\s*[:=]\s*['\"]?\w|-----BEGIN"
    r"|['\"/=][A-Za-z0-9+/]{40,}={0,2}['\"]",
    re.IGNORECASE,
)
_ID = re.compile(r"(<group>|/subscriptions/)[\w./-]+")
"""Ids of resources are long, and may look like keys."""

SAYS: dict[str, dict[str, Any]] = {
    STORAGE: {
        "properties.allowBlobPublicAccess": False,
        "properties.allowCrossTenantReplication": False,
        "properties.defaultToOAuthAuthentication": True,
        "properties.minimumTlsVersion": "TLS1_2",
        "properties.supportsHttpsTrafficOnly": True,
    },
    CONTAINER: {"properties.publicAccess": "None"},
    VAULT: {
        "properties.enableRbacAuthorization": True,
        "properties.enableSoftDelete": True,
        "properties.enablePurgeProtection": True,
        "properties.softDeleteRetentionInDays": 90,
        "properties.accessPolicies": None,
        "properties.enabledForDeployment": False,
        "properties.enabledForDiskEncryption": False,
        "properties.enabledForTemplateDeployment": False,
    },
    WORKSPACE: {"properties.features.disableLocalAuth": True},
    COMPONENT: {"properties.DisableLocalAuth": True},
    SITE: {
        "identity.type": "UserAssigned",
        "properties.httpsOnly": True,
        "properties.functionAppConfig.deployment.storage.authentication.type": "UserAssignedIdentity",
        "properties.siteConfig.minTlsVersion": "1.2",
        "properties.siteConfig.scmMinTlsVersion": "1.2",
        "properties.siteConfig.ftpsState": "Disabled",
        "properties.siteConfig.cors.allowedOrigins": [],
        "properties.siteConfig.remoteDebuggingEnabled": None,
    },
    PUBLISHING: {"properties.allow": False},
    AUDIT: {"properties.logs": [{"category": "AuditEvent", "enabled": True}]},
}
"""What every resource of a type says, in every combination."""


@dataclass(frozen=True)
class Rule:
    """A rule, the fault that is planted to see that the rule finds it, and the combination where that is done."""

    name: str
    findings: Callable[[Deployment], Findings]
    plant: Callable[[Deployment], None]
    planted_in: str = DEFAULT


def rules() -> list[Rule]:
    """Return all rules."""
    return [*(_says(kind, path) for kind, said in SAYS.items() for path in said), *_OTHERS]


def put(resource: Resource, path: str, value: Any) -> None:
    """Write *value* under the dotted *path* of *resource*."""
    *steps, last = path.split(".")
    for step in steps:
        resource = resource.setdefault(step, {})
    resource[last] = value


def own_storage(deployment: Deployment) -> Resource:
    """Return the account of the documents and runs."""
    [found] = [each for each in deployment.of_type(STORAGE) if not each["name"].startswith("stseg")]
    return found


def _says(kind: str, path: str) -> Rule:
    wanted = SAYS[kind][path]

    def findings(deployment: Deployment) -> Findings:
        found = deployment.of_type(kind)
        if not found:
            yield f"there is no {kind}"
        yield from (f"{each['name']} has {path} {at(each, path)}" for each in found if at(each, path) != wanted)

    def plant(deployment: Deployment) -> None:
        put(deployment.of_type(kind)[-1], path, not wanted if isinstance(wanted, bool) else ["planted"])

    return Rule(f"{kind.rpartition('/')[2]} {path}", findings, plant)


def _a_secret(deployment: Deployment) -> Findings:
    said = ((each["name"], _ID.sub("", str(each.get("properties")))) for each in deployment.resources)
    yield from (name for name, text in said if SECRET.search(text))


def _a_key(deployment: Deployment) -> Findings:
    everything = [*deployment.resources, {"name": "outputs", **deployment.outputs}]
    yield from (each["name"] for each in everything if re.search(r"\blist\w*\(", str(each)))


def _own_account_by_key(deployment: Deployment) -> Findings:
    if at(own_storage(deployment), "properties.allowSharedKeyAccess") is not False:
        yield "the account of the documents takes account keys"


def _lost_documents(deployment: Deployment) -> Findings:
    blobs = deployment.only(BLOBS, f"{own_storage(deployment)['name']}/default")
    for policy in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        if at(blobs, f"properties.{policy}") != {"enabled": True, "days": 7}:
            yield f"a deleted document cannot be had back: {policy}"


def _soft_deleted_segments(deployment: Deployment) -> Findings:
    for blobs in deployment.of_type(BLOBS):
        if blobs["name"].startswith("stseg") and at(blobs, "properties.deleteRetentionPolicy.enabled") is not False:
            yield "Customer Insights refuses an account with soft delete"


def _old_runs(deployment: Deployment) -> Findings:
    [rule] = at(deployment.only(LIFECYCLE), "properties.policy.rules")
    if rule["enabled"] is not True:
        yield "old runs and their rejections are kept"
    if rule["definition"]["filters"]["prefixMatch"] != ["exports/runs/", "exports/idempotency/"]:
        yield "something else than old runs is removed"
    # Thirty days, and eight for a run that waits for Klaviyo as long as it may.
    if rule["definition"]["actions"]["baseBlob"] != {"delete": {"daysAfterModificationGreaterThan": 38}}:
        yield "old runs are removed at another time"


def _publishing(deployment: Deployment) -> Findings:
    named = {each["name"].rpartition("/")[2] for each in deployment.of_type(PUBLISHING)}
    if named != {"ftp", "scm"}:
        yield f"passwords are refused for {named} only"


def _one_identity(deployment: Deployment) -> Findings:
    [identity] = [each["id"] for each in deployment.of_type("Microsoft.ManagedIdentity/userAssignedIdentities")]
    site = deployment.only(SITE)
    fetching = "properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"
    if at(site, "identity.userAssignedIdentities") != {identity: {}} or at(site, fetching) != identity:
        yield "the app works with another identity"


def _telemetry(deployment: Deployment) -> Findings:
    if at(deployment.only(COMPONENT), "properties.WorkspaceResourceId") != deployment.only(WORKSPACE)["id"]:
        yield "telemetry goes to another workspace"
    audit = deployment.only(AUDIT)
    if at(audit, "properties.workspaceId") != deployment.only(WORKSPACE)["id"]:
        yield "who asked for which secret is kept elsewhere"
    if not audit["id"].startswith(deployment.only(VAULT)["id"]):
        yield "something else than the vault is audited"


def _believed_header(deployment: Deployment) -> Findings:
    mode = deployment.app_settings()["AUTH_MODE"]
    authentication = deployment.only(CONFIG, "/authsettingsV2")["properties"]
    entra = mode == "entra"
    validation = {
        "requireAuthentication": entra,
        "unauthenticatedClientAction": "Return401" if entra else "AllowAnonymous",
        "excludedPaths": ["/api/health", "/api/ui", "/api/ui/*"],
    }
    if authentication["platform"]["enabled"] is not entra or authentication["globalValidation"] != validation:
        yield f"the app is in mode {mode}, and App Service Authentication does not fit that"
    if deployment.app_settings()["APP_SERVICE_AUTHENTICATION"] != str(entra).lower():
        yield f"the app is in mode {mode}, and is told something else of App Service Authentication"
    if authentication["httpSettings"] != {"requireHttps": True}:
        yield "tokens may come without https"


def _tokens(deployment: Deployment) -> Findings:
    provider = at(deployment.only(CONFIG, "/authsettingsV2"), "properties.identityProviders.azureActiveDirectory")
    if provider is None:
        return
    client = provider["registration"]["clientId"]
    if provider["validation"]["allowedAudiences"] != [client, f"api://{client}"]:
        yield "tokens for another app are taken"
    issuer = (
        "[format('{0}{1}/v2.0', environment().authentication.loginEndpoint, '00000000-0000-0000-0000-000000000002')]"
    )
    if provider["registration"]["openIdIssuer"] != issuer:
        yield "tokens of another tenant are taken"


def _with_another_identity(deployment: Deployment) -> None:
    deployment.only(SITE)["identity"]["userAssignedIdentities"]["/another"] = {}


def _without_rules_of_deletion(deployment: Deployment) -> None:
    for blobs in deployment.of_type(BLOBS):
        blobs["properties"].clear()


def _without_scm(deployment: Deployment) -> None:
    deployment.resources.remove(deployment.only(PUBLISHING, "/scm"))


def _with_a_setting(value: str) -> Callable[[Deployment], None]:
    return lambda deployment: put(deployment.only(CONFIG, "/appsettings"), "properties.PLANTED", value)


def _with(kind: str, path: str, value: Any, end: str = "") -> Callable[[Deployment], None]:
    def plant(deployment: Deployment) -> None:
        put(next(each for each in deployment.of_type(kind) if each["name"].endswith(end)), path, value)

    return plant


_OTHERS = (
    Rule("no secret", _a_secret, _with_a_setting("AccountKey=abc")),
    Rule("no key is asked for", _a_key, _with_a_setting("[listKeys('st', '2023-05-01').keys[0].value]")),
    Rule(
        "no key opens the documents",
        _own_account_by_key,
        lambda deployment: put(own_storage(deployment), "properties.allowSharedKeyAccess", True),
        "lrs-account-key",
    ),
    Rule(
        "deleted documents can be had back",
        _lost_documents,
        _without_rules_of_deletion,
    ),
    Rule(
        "the segments have no soft delete",
        _soft_deleted_segments,
        _without_rules_of_deletion,
    ),
    Rule(
        "old runs are removed",
        _old_runs,
        lambda deployment: at(deployment.only(LIFECYCLE), "properties.policy")["rules"][0].update(enabled=False),
    ),
    Rule("no password publishes", _publishing, _without_scm),
    Rule("one identity", _one_identity, _with_another_identity),
    Rule("one workspace", _telemetry, _with(COMPONENT, "properties.WorkspaceResourceId", "/another")),
    Rule("the secrets are audited", _telemetry, _with(AUDIT, "properties.workspaceId", "/another")),
    Rule(
        "nobody unchecked is believed", _believed_header, _with(CONFIG, "properties.AUTH_MODE", "entra", "/appsettings")
    ),
    Rule(
        "tokens of this app",
        _tokens,
        _with(
            CONFIG,
            "properties.identityProviders.azureActiveDirectory.validation.allowedAudiences",
            ["another"],
            "/authsettingsV2",
        ),
        "entra",
    ),
)
