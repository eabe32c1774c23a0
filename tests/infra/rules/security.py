"""What makes a deployment safe, as rules over its evaluated resources; each rule brings a fault that it has to find."""

import re
from collections.abc import Callable
from typing import Any

from tests.infra.rules.access import ACCESS_RULES
from tests.infra.rules.network import NETWORK_RULES
from tests.infra.rules.rule import (
    BLOBS,
    COMPONENT,
    CONFIG,
    CONTAINER,
    LIFECYCLE,
    PUBLISHING,
    SITE,
    STORAGE,
    VAULT,
    WORKSPACE,
    Findings,
    Rule,
    changed,
    own_storage,
    put,
)
from tests.infra.rules.watch import WATCH_RULES
from tests.infra.snapshots.evaluated import Deployment, at

SECRET = re.compile(
    r"AccountKey=|SharedAccessSignature=|DefaultEndpointsProtocol|[?&;]sig=|InstrumentationKey=|\bpk_\w{8,}"
    # The one name of a setting that stands for no secret: App Service Authentication takes the app's identity for it.
    r"|(password|client_?secret(?!SettingName\W+OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID\b)|api_?key)\w*['\"]?\s*[:=]\s*['\"]?\w|-----BEGIN"
    r"|['\"/=][A-Za-z0-9+/]{40,}={0,2}['\"]",
    re.IGNORECASE,
)
ID = re.compile(r"(<group>|/subscriptions/|Microsoft\.Storage/storageAccounts/)[\w./-]+")
"""Ids of resources and names of actions are long, and may look like keys."""

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
}
"""What every resource of a type says, in every combination."""


def rules() -> list[Rule]:
    """Return all rules."""
    return [
        *(_says(kind, path) for kind, said in SAYS.items() for path in said),
        *_OTHERS,
        *ACCESS_RULES,
        *NETWORK_RULES,
        *WATCH_RULES,
    ]


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
    said = ((each["name"], ID.sub("", str(each.get("properties")))) for each in deployment.resources)
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


def _without_rules_of_deletion(deployment: Deployment) -> None:
    for blobs in deployment.of_type(BLOBS):
        blobs["properties"].clear()


def _without_scm(deployment: Deployment) -> None:
    deployment.resources.remove(deployment.only(PUBLISHING, "/scm"))


def _with_a_setting(value: str) -> Callable[[Deployment], None]:
    return lambda deployment: put(deployment.only(CONFIG, "/appsettings"), "properties.PLANTED", value)


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
    Rule(
        "nobody unchecked is believed",
        _believed_header,
        changed(CONFIG, "properties.AUTH_MODE", "entra", "/appsettings"),
    ),
    Rule(
        "tokens of this app",
        _tokens,
        changed(
            CONFIG,
            "properties.identityProviders.azureActiveDirectory.validation.allowedAudiences",
            ["another"],
            "/authsettingsV2",
        ),
        "entra",
    ),
)
