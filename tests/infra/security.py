"""Rules about safety: no secret, no public blob, no key where an identity will do."""

import re
from collections.abc import Iterator
from typing import Any

from tests.infra.bicep import Declaration, Expression, text_of, walk
from tests.infra.infrastructure import APP, AUTHENTICATION, Infrastructure

SECRET = re.compile(
    r"AccountKey=|SharedAccessSignature=|DefaultEndpointsProtocol|[?&;]sig=|InstrumentationKey=|\bpk_\w{8,}"
    r"|(password|client_?secret|api_?key)\w*['\"]?\s*[:=]\s*['\"]?\w|-----BEGIN"
    r"|['\"/=][A-Za-z0-9+/]{40,}={0,2}['\"]",
    re.IGNORECASE,
)
OWN = "infra/modules/storage.bicep"
SEGMENTS = "infra/modules/segments-storage.bicep"

EVERYWHERE: dict[str, dict[str, Any]] = {
    "Microsoft.Storage/storageAccounts": {
        "kind": "StorageV2",
        "properties.allowBlobPublicAccess": False,
        "properties.allowCrossTenantReplication": False,
        "properties.defaultToOAuthAuthentication": True,
        "properties.minimumTlsVersion": "TLS1_2",
        "properties.supportsHttpsTrafficOnly": True,
    },
    "Microsoft.Storage/storageAccounts/blobServices/containers": {"properties.publicAccess": "None"},
    "Microsoft.KeyVault/vaults": {
        "properties.enableRbacAuthorization": True,
        "properties.enableSoftDelete": True,
        "properties.enablePurgeProtection": True,
        "properties.softDeleteRetentionInDays": 90,
        "properties.accessPolicies": None,
        "properties.enabledForDeployment": False,
        "properties.enabledForDiskEncryption": False,
        "properties.enabledForTemplateDeployment": False,
        "properties.createMode": Expression("recover ? 'recover' : 'default'"),
    },
    "Microsoft.OperationalInsights/workspaces": {"properties.features.disableLocalAuth": True},
    "Microsoft.Insights/components": {
        "properties.DisableLocalAuth": True,
        "properties.WorkspaceResourceId": Expression("workspace.id"),
    },
    "Microsoft.Web/serverfarms": {
        "sku": {"tier": "FlexConsumption", "name": "FC1"},
        "properties.reserved": True,
    },
    "Microsoft.Web/sites": {
        "kind": "functionapp,linux",
        "identity.type": "UserAssigned",
        "properties.httpsOnly": True,
        "properties.functionsRuntimeAdminIsolationEnabled": True,
        "properties.functionAppConfig.deployment.storage.authentication": {
            "type": "UserAssignedIdentity",
            "userAssignedIdentityResourceId": Expression("identity.id"),
        },
        "properties.functionAppConfig.runtime": {"name": "python", "version": "3.13"},
        "properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB": Expression("instanceMemoryMB"),
        "properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount": Expression("maximumInstanceCount"),
        "properties.siteConfig.minTlsVersion": "1.2",
        "properties.siteConfig.scmMinTlsVersion": "1.2",
        "properties.siteConfig.ftpsState": "Disabled",
        "properties.siteConfig.cors.allowedOrigins": [],
        "properties.siteConfig.remoteDebuggingEnabled": None,
    },
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": {"properties.allow": False},
}
"""What every resource of a type says."""

IN_ONE_FILE: dict[tuple[str, str], dict[str, Any]] = {
    (OWN, "Microsoft.Storage/storageAccounts"): {"properties.allowSharedKeyAccess": False},
    (OWN, "Microsoft.Storage/storageAccounts/blobServices"): {
        "properties.deleteRetentionPolicy": {"enabled": True, "days": 7},
        "properties.containerDeleteRetentionPolicy": {"enabled": True, "days": 7},
    },
    (SEGMENTS, "Microsoft.Storage/storageAccounts"): {"properties.allowSharedKeyAccess": Expression("sharedKey")},
    (SEGMENTS, "Microsoft.Storage/storageAccounts/blobServices"): {
        "properties.deleteRetentionPolicy": {"enabled": False},
        "properties.containerDeleteRetentionPolicy": {"enabled": False},
    },
    (AUTHENTICATION, "Microsoft.Web/sites/config"): {
        "name": "authsettingsV2",
        "properties.platform.enabled": Expression("enabled"),
        "properties.globalValidation": {
            "requireAuthentication": Expression("enabled"),
            "unauthenticatedClientAction": Expression("enabled ? 'Return401' : 'AllowAnonymous'"),
            "excludedPaths": ["/api/health"],
        },
        "properties.httpSettings.requireHttps": True,
    },
    ("infra/modules/key-vault.bicep", "Microsoft.Insights/diagnosticSettings"): {
        "scope": Expression("vault"),
        "properties.logs": [{"category": "AuditEvent", "enabled": True}],
    },
}
"""What the two storage accounts say, each for a reason of its own, what Azure checks, and what the vault keeps."""

SAFE_DEFAULTS = {
    "allowKeyEntry": False,
    "assignRoles": True,
    "authMode": "keys",
    "existingSegmentsAccountId": "",
    "instanceMemoryMB": 2048,
    "recoverVault": False,
    "retentionDays": 30,
    "segmentsSharedKey": False,
}
NAMES = {
    ("storage", "name"): r"[a-z0-9]{3,24}",
    ("segmentsStorage", "name"): r"[a-z0-9]{3,24}",
    ("keyVault", "name"): r"[a-zA-Z](-?[a-zA-Z0-9]){2,23}",
    ("functionApp", "name"): r"[a-z0-9](-?[a-z0-9]){1,31}",
    ("functionApp", "planName"): r"[\w-]{1,60}",
    ("monitoring", "workspaceName"): r"[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]",
    ("monitoring", "applicationInsightsName"): r"[\w.()-]{1,259}",
    ("alerts", "actionGroupName"): r"[\w-]{1,260}",
}
"""What Azure allows in names; the host of a function app tells apps apart by 32 letters."""
TOKEN = "a2b3c4d5e6f7g"  # 13 letters and digits, as uniqueString makes them


def resources_are_safe(infrastructure: Infrastructure) -> Iterator[str]:
    for kind, wanted in EVERYWHERE.items():
        found = infrastructure.resources(kind)
        if not found:
            yield f"There is no {kind}."
        for path, each in found:
            yield from _differences(path, each, wanted)
    for (path, kind), wanted in IN_ONE_FILE.items():
        resources = [each for where, each in infrastructure.resources(kind) if where == path]
        if not resources:
            yield f"{path} has no {kind}."
        for each in resources:
            yield from _differences(path, each, wanted)


def nothing_is_secret(infrastructure: Infrastructure) -> Iterator[str]:
    for path, text in infrastructure.texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if SECRET.search(line):
                yield f"{path}:{number} may hold a secret."
    for path, file in infrastructure.files.items():
        for each in file.parameters.values():
            if "secure" in each.decorators:
                yield f"{path}: {each.name} is a secret, and nobody should be asked for one."
        for node in walk(file.root):
            if node.type == "call_expression" and re.match(r"([\w.]+\.)?list[A-Z]\w*\(", text_of(node)):
                yield f"{path} asks Azure for keys: {text_of(node)}."


def passwords_are_off(infrastructure: Infrastructure) -> Iterator[str]:
    policies = infrastructure.resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    if {each.at("name") for _, each in policies} != {"ftp", "scm"}:
        yield "The passwords for ftp and scm are not both turned off."


def tokens_are_checked(infrastructure: Infrastructure) -> Iterator[str]:
    [each] = infrastructure.files[AUTHENTICATION].of_type("Microsoft.Web/sites/config")
    provider = getattr(each.at("properties.identityProviders"), "text", "")
    issuer = "openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'"
    audiences = "allowedAudiences: [ clientId 'api://${clientId}' ]"
    if not provider.startswith("enabled ? { azureActiveDirectory: {"):
        yield f"{AUTHENTICATION} does not name Entra ID as the issuer."
    for needed in ("clientId: clientId", issuer, audiences):
        if needed not in provider:
            yield f"{AUTHENTICATION} does not check '{needed}'."


def nobody_is_believed_unchecked(infrastructure: Infrastructure) -> Iterator[str]:
    """Look that authentication is on before AUTH_MODE says so, and off only after AUTH_MODE says that."""
    file = infrastructure.files[APP]
    steps = {
        "authenticationOn": ("if (authMode == 'entra') {", True, [Expression("noScmPassword")]),
        "authenticationOff": ("if (authMode != 'entra') {", False, [Expression("settings")]),
    }
    for name, (condition, enabled, after) in steps.items():
        module = file.modules.get(name)
        if module is None or condition not in text_of(module.node) or module.at("params.enabled") is not enabled:
            yield f"{APP}: {name} does not do what it says, or not when it should."
        elif module.at("dependsOn") != after:
            yield f"{APP}: {name} comes at the wrong time."
    if Expression("authenticationOn") not in (file.resources["settings"].at("dependsOn") or []):
        yield f"{APP}: the settings are written before authentication is on."


def the_app_has_its_rights_before_it_starts(infrastructure: Infrastructure) -> Iterator[str]:
    waits_for = infrastructure.main.modules["functionApp"].at("dependsOn") or []
    for module in ("roles", "segmentsRole"):
        if Expression(module) not in waits_for:
            yield f"The app does not wait for {module}."


def the_site_is_changed_step_by_step(infrastructure: Infrastructure) -> Iterator[str]:
    """Look that no two changes of the site are under way at once, with authentication and without."""
    resources = infrastructure.files[APP].resources
    for name, before in {"noScmPassword": "noFtpPassword", "settings": "noScmPassword"}.items():
        if Expression(before) not in (resources[name].at("dependsOn") or []):
            yield f"{APP}: {name} does not wait for {before}."


def runs_expire(infrastructure: Infrastructure) -> Iterator[str]:
    rules = [
        rule
        for path, each in infrastructure.resources("Microsoft.Storage/storageAccounts/managementPolicies")
        for rule in each.at("properties.policy.rules")
        if path == OWN
    ]
    if not any(
        rule["enabled"] is True
        and rule["definition"]["filters"]["prefixMatch"]
        == [Expression(f"'${{exportsContainer}}/{folder}/'") for folder in ("runs", "idempotency")]
        and rule["definition"]["actions"]["baseBlob"]["delete"]
        == {"daysAfterModificationGreaterThan": Expression("retentionDays + 8")}
        for rule in rules
    ):
        yield f"{OWN} has no rule that removes old runs and rejections."


def defaults_are_safe(infrastructure: Infrastructure) -> Iterator[str]:
    parameters = infrastructure.main.parameters
    for name, default in SAFE_DEFAULTS.items():
        if name not in parameters or parameters[name].value != default:
            yield f"The default of {name} is not {default!r}."
    for each in parameters.values():
        if each.required:
            yield f"{each.name} has no default."
        if each.target == "int" and not (
            {"minValue", "maxValue"} <= each.decorators.keys() or "allowed" in each.decorators
        ):
            yield f"{each.name} may be any number."
    if parameters["instanceMemoryMB"].decorators.get("allowed") != [512, 2048, 4096]:
        yield "instanceMemoryMB does not allow what Flex Consumption has."


def names_keep_to_the_limits(infrastructure: Infrastructure) -> Iterator[str]:
    main = infrastructure.main
    for (module, parameter), allowed in NAMES.items():
        value = main.modules[module].at(f"params.{parameter}")
        text = getattr(value, "text", str(value))
        if text in main.variables:
            text = getattr(main.variables[text].value, "text", "")
        name = text.strip("'").replace("${token}", TOKEN)
        if TOKEN not in name or not re.fullmatch(allowed, name):
            yield f"{module} has a {parameter} that Azure does not allow, or that is not made of the token: {text}."


def _differences(path: str, resource: Declaration, wanted: dict[str, Any]) -> Iterator[str]:
    for where, value in wanted.items():
        if resource.at(where) != value:
            yield f"{path}: {where} of {resource.name} is {resource.at(where)!r}, not {value!r}."
