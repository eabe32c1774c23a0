"""The infrastructure is safe: no secret, no public blob, no key where an identity will do, everything over https."""

import re
from typing import Any

import pytest

from tests.infra.bicep import Expression, text_of, walk
from tests.infra.infrastructure import APP, AUTHENTICATION, Infrastructure

REPOSITORY = Infrastructure.of_the_repository()
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
    "Microsoft.Web/sites": {
        "identity.type": "UserAssigned",
        "properties.httpsOnly": True,
        "properties.functionsRuntimeAdminIsolationEnabled": True,
        "properties.functionAppConfig.deployment.storage.authentication": {
            "type": "UserAssignedIdentity",
            "userAssignedIdentityResourceId": Expression("identity.id"),
        },
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
    "storage": r"[a-z0-9]{3,24}",
    "segmentsStorage": r"[a-z0-9]{3,24}",
    "keyVault": r"[a-zA-Z](-?[a-zA-Z0-9]){2,23}",
    "functionApp": r"[a-z0-9](-?[a-z0-9]){1,31}",
}
"""What Azure allows in names that are short; the host of a function app tells apps apart by 32 letters."""
TOKEN = "a2b3c4d5e6f7g"  # 13 letters and digits, as uniqueString makes them


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_every_resource_of_a_type_is_safe(kind: str) -> None:
    found = REPOSITORY.resources(kind)
    assert found
    for path, each in found:
        assert {where: each.at(where) for where in EVERYWHERE[kind]} == EVERYWHERE[kind], f"{path}: {each.name}"


@pytest.mark.parametrize(("path", "kind"), IN_ONE_FILE)
def test_a_resource_with_a_reason_of_its_own_is_safe(path: str, kind: str) -> None:
    wanted = IN_ONE_FILE[path, kind]
    found = REPOSITORY.files[path].of_type(kind)
    assert found
    assert [{where: each.at(where) for where in wanted} for each in found] == [wanted] * len(found)


def test_nothing_is_secret_and_nobody_is_asked_for_a_secret() -> None:
    lines = [(path, line) for path, text in REPOSITORY.texts.items() for line in text.splitlines()]
    assert [path for path, line in lines if SECRET.search(line)] == []
    parameters = [each for file in REPOSITORY.files.values() for each in file.parameters.values()]
    assert [each.name for each in parameters if "secure" in each.decorators] == []


@pytest.mark.parametrize("line", ["'AccountKey=abc'", "'pk_0123456789abcdef'", "    password: hunter2", "?sv=1&sig=ab"])
def test_a_secret_would_be_seen(line: str) -> None:
    assert SECRET.search(line)


def test_azure_is_asked_for_no_key() -> None:
    calls = [
        text_of(node)
        for file in REPOSITORY.files.values()
        for node in walk(file.root)
        if node.type == "call_expression"
    ]
    assert "loadTextContent('../queries/no-tick.kql')" in calls
    assert [call for call in calls if re.match(r"([\w.]+\.)?list[A-Z]\w*\(", call)] == []


def test_the_passwords_for_ftp_and_scm_are_off() -> None:
    policies = REPOSITORY.resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert {each.at("name") for _, each in policies} == {"ftp", "scm"}


def test_tokens_of_entra_id_are_checked() -> None:
    [each] = REPOSITORY.files[AUTHENTICATION].of_type("Microsoft.Web/sites/config")
    provider = each.at("properties.identityProviders").text
    assert provider.startswith("enabled ? { azureActiveDirectory: {")
    assert "clientId: clientId" in provider
    assert "openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'" in provider
    assert "allowedAudiences: [ clientId 'api://${clientId}' ]" in provider


def test_authentication_is_on_before_the_app_believes_it_and_off_only_after() -> None:
    file = REPOSITORY.files[APP]
    on, off = file.modules["authenticationOn"], file.modules["authenticationOff"]
    assert "if (authMode == 'entra') {" in text_of(on.node)
    assert "if (authMode != 'entra') {" in text_of(off.node)
    assert (on.at("params.enabled"), off.at("params.enabled")) == (True, False)
    # No two changes of the site are under way at once: ftp, scm, authentication, settings, or settings before the last.
    assert file.resources["noScmPassword"].at("dependsOn") == [Expression("noFtpPassword")]
    assert on.at("dependsOn") == [Expression("noScmPassword")]
    assert file.resources["settings"].at("dependsOn") == [Expression("noScmPassword"), Expression("authenticationOn")]
    assert off.at("dependsOn") == [Expression("settings")]


def test_the_app_has_its_rights_before_it_starts() -> None:
    waits_for = REPOSITORY.main.modules["functionApp"].at("dependsOn")
    assert {Expression("roles"), Expression("segmentsRole")} <= set(waits_for)


def test_old_runs_and_their_rejections_are_removed() -> None:
    [policy] = REPOSITORY.files[OWN].of_type("Microsoft.Storage/storageAccounts/managementPolicies")
    [rule] = [each for each in policy.at("properties.policy.rules") if "runs/" in str(each)]
    assert rule["enabled"] is True
    folders = [Expression(f"'${{exportsContainer}}/{folder}/'") for folder in ("runs", "idempotency")]
    assert rule["definition"]["filters"]["prefixMatch"] == folders
    after = {"daysAfterModificationGreaterThan": Expression("retentionDays + 8")}
    assert rule["definition"]["actions"]["baseBlob"]["delete"] == after


def test_the_defaults_of_the_parameters_are_safe_and_their_numbers_bounded() -> None:
    parameters = REPOSITORY.main.parameters
    assert {name: parameters[name].value for name in SAFE_DEFAULTS} == SAFE_DEFAULTS
    assert [name for name, each in parameters.items() if each.required] == []
    numbers = {name: each.decorators.keys() for name, each in parameters.items() if each.target == "int"}
    assert numbers
    bounded = {name for name, said in numbers.items() if {"minValue", "maxValue"} <= said or "allowed" in said}
    assert numbers.keys() - bounded == set()


@pytest.mark.parametrize("module", NAMES)
def test_a_name_is_made_of_the_token_and_within_the_limits_of_azure(module: str) -> None:
    value = REPOSITORY.main.modules[module].at("params.name")
    if value.text in REPOSITORY.main.variables:
        value = REPOSITORY.main.variables[value.text].value
    name = value.text.strip("'").replace("${token}", TOKEN)
    assert TOKEN in name
    assert re.fullmatch(NAMES[module], name)
