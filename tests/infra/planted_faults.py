"""Faults for the infrastructure, by the rule that finds them: the file, what is replaced by what, what is said."""

from collections.abc import Callable, Iterator

from tests.infra import app_settings, queries, roles, security, structure
from tests.infra.infrastructure import APP, AUTHENTICATION, AZD, MAIN, Infrastructure

Rule = Callable[[Infrastructure], Iterator[str]]

STORAGE, SEGMENTS = "infra/modules/storage.bicep", "infra/modules/segments-storage.bicep"
VAULT, ROLES, ALERTS = "infra/modules/key-vault.bicep", "infra/modules/roles.bicep", "infra/modules/alerts.bicep"
MONITORING, WORKBOOK = "infra/modules/monitoring.bicep", "infra/modules/workbook.bicep"
AZD_VALUES, OWN_VALUES = "infra/azd/main.parameters.json", "infra/main.bicepparam"
SEGMENTS_ROLE, QUERIES = "infra/modules/segments-role.bicep", "infra/queries"

PLANTED: dict[Rule, list[tuple[str, str, str, str]]] = {
    structure.parses: [
        (STORAGE, "resource queues", "resource ", "is no Bicep"),
        (STORAGE, "accessTier: 'Hot'\n", "accessTier: 'Hot' ", "two values on a line"),
    ],
    structure.loops_stand_where_they_may: [
        (
            WORKBOOK,
            "      parameters: [\n",
            "      others: [for panel in panels: panel.title]\n      parameters: [\n",
            "has a loop where",
        ),
        (MAIN, "tags object = {}", "tags object = [for tag in []: tag]", "has a loop where"),
    ],
    structure.everything_is_described: [
        (VAULT, "@description('Tags.')\n", "", "tags has no description"),
        (APP, "@description('Where the API answers.')\n", "", "apiUrl has no"),
    ],
    structure.every_name_is_declared: [
        (STORAGE, "name: sku\n", "name: skuName\n", "uses skuName"),
        (APP, "serverFarmId: plan.id", "serverFarmId: farm.id", "uses farm"),
        (MAIN, "uniqueString(", "uniqueText(", "uses uniqueText"),
    ],
    structure.every_declaration_is_used: [
        (STORAGE, "    name: sku\n", "    name: 'Standard_LRS'\n", "declares sku"),
        (MAIN, "sku: storageSku", "sku: 'Standard_LRS'", "declares storageSku"),
    ],
    structure.modules_are_called_rightly: [
        (MAIN, "    queueName: queueName\n", "", "does not give queueName"),
        (MAIN, "    recover: ", "    restore: ", "gives restore"),
        (MAIN, "modules/storage.bicep", "modules/store.bicep", "is not here"),
        (AZD, "    retentionDays: retentionDays\n", "", "does not give retentionDays"),
        (MAIN, "'modules/alerts.bicep'", "'br/public:a:1'", "is not here"),
    ],
    structure.outputs_exist_and_are_used: [
        (MAIN, "keyVault.outputs.uri", "keyVault.outputs.url", "outputs.url"),
        (AZD, "outputs.grants", "outputs.roles", "outputs.roles"),
        (MAIN, "workbook.outputs.id", "''", "puts out id, which nobody takes"),
    ],
    structure.loaded_files_exist: [
        (ALERTS, "queries/no-tick.kql", "queries/tick.kql", "loads queries/tick.kql"),
        (WORKBOOK, "queries/legs.kql", "queries/runs.kql", "Nobody loads"),
    ],
    structure.resources_are_named_with_a_stable_version: [
        (VAULT, "@2023-07-01'", "@2023-08-01-preview'", "a preview"),
        (VAULT, "@2023-07-01'", "'", "no type of a resource"),
    ],
    structure.parameter_files_fit: [
        (OWN_VALUES, "param authMode", "param authentication", "authentication"),
        (AZD_VALUES, "environmentName", "name", "does not give environmentName"),
        (AZD_VALUES, "MB=2048", "MB=512", "another default of instanceMemoryMB"),
        (AZD_VALUES, "${ALLOW_KEY_ENTRY=false}", "true", "not come from the environment"),
    ],
    structure.azd_enters_by_the_same_door: [
        (AZD, "segmentsSharedKey bool = false", "segmentsSharedKey bool = true", "else of segmentsSharedKey"),
        (AZD, "param recoverVault bool", "param restore bool", "not know recoverVault"),
        ("azure.yaml", "  app:", "  api:", "by the same name"),
        ("azure.yaml", "infra/azd", "infra", "does not lead to"),
        (AZD, "'subscription'", "'resourceGroup'", "scope of an entry"),
    ],
    app_settings.every_setting_written_is_read: [
        (APP, "QUEUE_NAME: ", "QUEUE: ", "QUEUE is written and nobody"),
        (APP, "OTEL_SERVICE_NAME: ", "WEBSITE_TIME_ZONE: ", "is none for a Flex"),
        (APP, "__clientId: ", "__clientID: ", "__clientID is written"),
    ],
    app_settings.every_setting_read_is_written: [
        (APP, "    AUTH_MODE: authMode\n", "", "AUTH_MODE is read and not"),
        (APP, "__credential: ", "__cred: ", "__credential is read and not"),
        (APP, "TICK_SCHEDULE: tickSchedule", "TICK_SCHEDULE: ''", "TICK_SCHEDULE is empty"),
        (APP, "SEGMENTS_ACCOUNT__blob", "SEGMENTS__blob", "SEGMENTS_ACCOUNT__blobServiceUri is read and not"),
    ],
    app_settings.defaults_are_the_same_as_in_the_code: [
        (MAIN, "InFlight int = 12", "InFlight int = 8", "requestsInFlight"),
        (MAIN, "authMode string = 'keys'", "authMode string = 'none'", "authMode"),
    ],
    security.resources_are_safe: [
        (STORAGE, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", "PublicAccess"),
        (STORAGE, "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess"),
        (SEGMENTS, "publicAccess: 'None'", "publicAccess: 'Container'", "publicAccess"),
        (STORAGE, "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "SharedKey"),
        (STORAGE, "    allowSharedKeyAccess: false\n", "", "SharedKey"),
        (SEGMENTS, "SharedKeyAccess: sharedKey", "SharedKeyAccess: true", "SharedKey"),
        (STORAGE, "TLS1_2", "TLS1_0", "minimumTlsVersion"),
        (STORAGE, "days: 7", "days: 1", "deleteRetentionPolicy"),
        (SEGMENTS, "enabled: false", "enabled: true", "deleteRetentionPolicy"),
        (VAULT, "enablePurgeProtection: true", "enablePurgeProtection: false", "Purge"),
        (VAULT, "InDays: 90", "InDays: 7", "softDeleteRetentionInDays"),
        (VAULT, "enableRbacAuthorization: true", "accessPolicies: []", "accessPolicies"),
        (VAULT, "recover ? 'recover' : 'default'", "'default'", "createMode"),
        (VAULT, "category: 'AuditEvent'", "category: 'Metrics'", "logs of audit"),
        (MONITORING, "DisableLocalAuth: true", "DisableLocalAuth: false", "DisableLocalAuth"),
        (APP, "httpsOnly: true", "httpsOnly: false", "httpsOnly"),
        (APP, "IsolationEnabled: true", "IsolationEnabled: false", "AdminIsolation"),
        (APP, "type: 'UserAssignedIdentity'", "type: 'StorageAccountConnectionString'", "storage"),
        (APP, "allowedOrigins: []", "allowedOrigins: ['*']", "cors"),
        (APP, "allow: false", "allow: true", "allow of no"),
        (APP, "version: '3.13'", "version: '3.10'", "runtime"),
        (AUTHENTICATION, "'/api/health'", "'/api'", "globalValidation"),
        (AUTHENTICATION, "requireAuthentication: enabled", "requireAuthentication: false", "globalValidation"),
        (
            STORAGE,
            "'Microsoft.Storage/storageAccounts/blobServices@",
            "'Microsoft.Storage/storageAccounts/fileServices@",
            "has no Microsoft.Storage/storageAccounts/blobServices",
        ),
    ],
    security.nothing_is_secret: [
        (APP, "KEY_VAULT_URL: keyVaultUri", "KEY_VAULT_URL: 'AccountKey=abc'", "may hold a secret"),
        (OWN_VALUES, "alertEmail = ''", "alertEmail = 'pk_0123456789abcdef'", "may hold a secret"),
        ("azure.yaml", "host: function", "password: hunter2", "may hold a secret"),
        (APP, "KEY_VAULT_URL: keyVaultUri", "KEY_VAULT_URL: storage.listKeys().keys[0].value", "asks Azure"),
        (APP, "KEY_VAULT_URL: keyVaultUri", "KEY_VAULT_URL: listKeys(storage.id, '1').keys[0].value", "asks Azure"),
        (VAULT, "@description('Region.')", "@secure()\n@description('Region.')", "is a secret"),
    ],
    security.passwords_are_off: [
        (APP, "name: 'ftp'", "name: 'scm'", "not both turned off"),
    ],
    security.tokens_are_checked: [
        (AUTHENTICATION, "/v2.0'", "/v1.0'", "openIdIssuer"),
        (AUTHENTICATION, "            'api://${clientId}'\n", "", "allowedAudiences"),
        (AUTHENTICATION, "clientId: clientId", "clientId: 'any'", "clientId: clientId"),
    ],
    security.nobody_is_believed_unchecked: [
        (APP, "(authMode != 'entra')", "(authMode == 'keys')", "authenticationOff does not do"),
        (APP, "enabled: true\n", "enabled: false\n", "authenticationOn does not do"),
        (APP, "  dependsOn: [\n    settings\n  ]\n", "", "authenticationOff comes at the wrong time"),
        (
            APP,
            "    noScmPassword\n    authenticationOn\n",
            "    noScmPassword\n",
            "written before authentication is on",
        ),
    ],
    security.the_site_is_changed_step_by_step: [
        (APP, "  dependsOn: [\n    noFtpPassword\n  ]\n", "", "noScmPassword does not wait"),
        (APP, "    noScmPassword\n    authenticationOn\n", "    authenticationOn\n", "settings does not wait"),
    ],
    security.the_app_has_its_rights_before_it_starts: [
        (MAIN, "    roles\n    segmentsRole\n", "    segmentsRole\n", "does not wait for roles"),
        (MAIN, "    roles\n    segmentsRole\n", "    roles\n", "does not wait for segmentsRole"),
    ],
    security.runs_expire: [
        (STORAGE, "/runs/'", "/'", "no rule that removes"),
        (STORAGE, "retentionDays + 8", "3650", "no rule that removes"),
        (STORAGE, "/managementPolicies@", "/inventoryPolicies@", "no rule that removes"),
    ],
    security.defaults_are_safe: [
        (MAIN, "allowKeyEntry bool = false", "allowKeyEntry bool = true", "allowKeyEntry"),
        (MAIN, "segmentsSharedKey bool = false", "segmentsSharedKey bool = true", "SharedKey"),
        (MAIN, "@minValue(1)\n@maxValue(1000)\n", "", "maximumInstanceCount may be any"),
        (MAIN, "param alertEmail string = ''", "param alertEmail string", "alertEmail has no"),
    ],
    security.names_keep_to_the_limits: [
        (MAIN, "name: 'st${token}'", "name: 'storage-${token}'", "storage has a name"),
        (MAIN, "'stseg${token}'", "'storagesegments${token}'", "segmentsStorage has"),
        (MAIN, "name: 'kv-${token}'", "name: 'vault'", "keyVault has a name"),
        (MAIN, "'func-${token}'", "'segment-export-klaviyo-${token}'", "functionApp has"),
    ],
    roles.roles_are_those_that_are_needed: [
        (ROLES, "974c5e8b", "974c5e8c", "Queue Data Contributor has another id"),
        (ROLES, "Storage Table Data Contributor", "Contributor", "storageRoles are"),
        (ROLES, "the Klaviyo keys are read", "", "Secrets User has no reason"),
        (
            ROLES,
            "allowKeyEntry ? concat(vaultReader, vaultWriter) : vaultReader",
            "concat(vaultReader, vaultWriter)",
            "without allowKeyEntry",
        ),
        (ROLES, "    name: 'Key Vault Secrets User'", "    name: 'Key Vault Administrator'", "vaultReader are"),
        (SEGMENTS_ROLE, "Storage Blob Data Reader", "Storage Blob Data Owner", "segmentsRoles are"),
    ],
    roles.roles_are_assigned_on_one_resource: [
        (ROLES, "  scope: vault\n", "", "scope of onVault"),
        (ROLES, "'ServicePrincipal'\n", "'User'\n", "principalType"),
        (ROLES, "if (assignRoles) {", "{", "not only on request"),
        (ROLES, "resource onVault", "resource onSecrets", "onSecrets is not known"),
    ],
    roles.grants_are_printed: [
        (MAIN, "--role 2a2b9908", "--role 00000000", "the grant on the segments"),
        (ROLES, "for role in vaultRoles: '$", "for role in vaultReader: '$", "print vaultRoles"),
    ],
    queries.alerts_are_those_that_are_needed: [
        (ALERTS, "name: 'run-stuck'", "name: 'stuck'", "no alert run-stuck"),
        (ALERTS, "window: 'PT10M'", "window: 'PT15M'", "ten minutes"),
        (ALERTS, "frequency: 'PT5M'", "frequency: 'PT1H'", "looks away"),
        (ALERTS, "severity: 1", "severity: 4", "no severity"),
        (ALERTS, "queries/run-stuck.kql", "queries/run-failed.kql", "run-stuck does not ask its own query"),
    ],
    queries.alerts_are_raised_for_the_right_thing: [
        (f"{QUERIES}/rejected-share.kql", "> {percent}", "< {percent}", "rejected-share is not raised"),
        (f"{QUERIES}/rejected-share.kql", "> {percent}", ">= {percent}", "rejected-share is raised for"),
        (f"{QUERIES}/secret-expiring.kql", "<= {days}", ">= {days}", "secret-expiring is"),
        (f"{QUERIES}/account-waiting.kql", " * 3600", "", "account-waiting is raised for"),
        (f"{QUERIES}/no-tick.kql", "ticks == 0", "ticks > 0", "no-tick is"),
        (f"{QUERIES}/run-failed.kql", "'failed'", "'partial'", "run-failed is"),
    ],
    queries.alerts_reach_somebody: [
        (ALERTS, "autoMitigate: true", "autoMitigate: false", "autoMitigate"),
        (ALERTS, "        group.id\n", "", "actionGroups"),
        (ALERTS, "    enabled: true\n    scopes", "    enabled: false\n    scopes", "enabled"),
        (ALERTS, "emailAddress: email", "emailAddress: 'nobody@example.com'", "nobody gets an e-mail"),
        (ALERTS, "threshold: 0", "threshold: 5", "one row is not enough"),
    ],
    queries.queries_ask_for_what_is_emitted: [
        (f"{QUERIES}/run-failed.kql", "run_ended", "run_finished", "run_finished"),
        (f"{QUERIES}/legs.kql", "fields.rows", "fields.lines", "lines"),
        (f"{QUERIES}/throttling.kql", "fields.throttled", "fields.reason", "reads reason"),
        (f"{QUERIES}/throttling.kql", "parse_json(Message)", "Properties", "does not read the event's text"),
        (f"{QUERIES}/no-tick.kql", "startswith_cs", "contains", "asks for nothing"),
    ],
    queries.every_event_is_asked_for: [
        (f"{QUERIES}/runs.kql", "fields.unconfirmed", "0", "reads unconfirmed"),
        (f"{QUERIES}/starts.kql", '"run_started"', '"run_ended"', "asks for run_started"),
    ],
    queries.alerts_are_split_by_a_field: [
        (ALERTS, "dimensions: bySecret", "dimensions: byConnection", "secret-expiring is split by connection"),
        (f"{QUERIES}/run-stuck.kql", "export = tostring", "name = tostring", "run-stuck is split by export"),
    ],
    queries.placeholders_are_filled: [
        (f"{QUERIES}/account-waiting.kql", "{hours}", "{minutes}", "{minutes}"),
    ],
    queries.the_workbook_shows_what_is_needed: [
        (WORKBOOK, "serializedData: string({", "serializedData: any({", "as text"),
        (WORKBOOK, "throttling.kql", "legs.kql", "does not show"),
    ],
}
