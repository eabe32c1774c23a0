"""The combinations of parameters that are evaluated, and those that are refused with the sentence of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN, AZD = "main.bicep", "azd/main.bicep"
COMPILED = "main.json"
"""The name of a compiled template; its parameters lie in a file beside it."""
DEFAULT, BY_AZD = "default", "azd"
"""The combinations that are kept whole; of the others that in which they differ."""
CLIENT = "11111111-2222-3333-4444-555555555555"
ELSEWHERE = (
    "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg-data"
    "/providers/Microsoft.Storage/storageAccounts/customerdata"
)

HUB = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg-hub"
NETWORK = f"{HUB}/providers/Microsoft.Network/virtualNetworks/vnet-hub"

ENTRA: Mapping[str, str] = {"authMode": "entra", "entraClientId": CLIENT}
LRS: Mapping[str, str] = {"storageSku": "Standard_LRS"}
SHOP: Mapping[str, str] = {"environmentName": "shop", "location": "westeurope"}


@dataclass(frozen=True)
class Combination:
    """Parameters that differ from their defaults, and the template that they are given to."""

    name: str
    parameters: Mapping[str, str | int | bool] = field(default_factory=dict)
    template: str = MAIN

    @property
    def in_a_group(self) -> bool:
        """Whether the template is for a resource group, and not for a subscription."""
        return self.template == MAIN

    @property
    def beside(self) -> str:
        """The combination that this one is told apart from: the first of the same template."""
        return DEFAULT if self.in_a_group else BY_AZD

    def parameter_file(self) -> str:
        """Return the parameters as Bicep reads them, in a file beside the compiled template."""
        lines = [f"param {name} = {_literal(value)}\n" for name, value in self.parameters.items()]
        return f"using '{COMPILED}'\n" + "".join(lines)


COMBINATIONS = (
    Combination(DEFAULT),
    Combination("entra", ENTRA),
    Combination("key-entry", {"allowKeyEntry": True}),
    Combination("existing-account", {"existingSegmentsAccountId": ELSEWHERE}),
    Combination("no-roles", {"assignRoles": False}),
    Combination(
        "no-roles-elsewhere", {"assignRoles": False, "allowKeyEntry": True, "existingSegmentsAccountId": ELSEWHERE}
    ),
    Combination("vault-recovered", {"recoverVault": True}),
    Combination("lrs-account-key", {**LRS, "segmentsSharedKey": True}),
    Combination("small", {"instanceMemoryMB": 512, "maximumInstanceCount": 40, "tickSchedule": "0 * * * * *"}),
    Combination("admin-isolation", {"adminIsolation": True}),
    Combination(
        "mailed-alerts",
        {
            "alertEmail": "oncall@example.com",
            "alertRejectedPercent": 5,
            "alertWaitingHours": 6,
            "alertExpiryDays": 60,
            "refreshSchedule": "0 6 * * mon-fri",
            "refreshTimeZone": "Europe/Kyiv",
            "secretsPrefix": "shop-",
            "storageLogs": "none",
        },
    ),
    Combination(
        "watched",
        {
            "alertWebhook": "https://example.com/alerts",
            "successNotes": True,
            "budgetAmount": 50,
            "budgetStart": "2026-12-01",
            "storageLogs": "all",
            "siteLogs": True,
            "zoneRedundant": True,
            "protect": True,
        },
    ),
    Combination("with-package", {"packageUri": "https://example.com/package.zip"}),
    Combination("restricted", {"network": "restricted", "allowedAddresses": "203.0.113.7, 198.51.100.0/24"}),
    Combination("restricted-subnet", {"network": "restricted", "appSubnetId": f"{NETWORK}/subnets/app"}),
    Combination("restricted-elsewhere", {"network": "restricted", "existingSegmentsAccountId": ELSEWHERE}),
    Combination("restricted-account-key", {**LRS, "network": "restricted", "segmentsSharedKey": True}),
    Combination("private-lrs", {**LRS, "network": "private"}),
    Combination("private-entra", {**ENTRA, "network": "private", "privateApp": True}),
    Combination("private", {"network": "private", "addressSpace": "10.1.0.0/25", "privateApp": True}),
    Combination(
        "private-hub",
        {
            "network": "private",
            "appSubnetId": f"{NETWORK}/subnets/app",
            "endpointsSubnetId": f"{NETWORK}/subnets/endpoints",
            "dnsZonesGroupId": HUB,
            "existingSegmentsAccountId": ELSEWHERE,
        },
    ),
    Combination(BY_AZD, SHOP, AZD),
    Combination("azd-private", {**SHOP, **ENTRA, "network": "private", "privateApp": True, "protect": True}, AZD),
)

_TICK = 'tickSchedule must have six fields (second, minute, hour, day, month, day of the week), such as "0 * * * * *".'
_CLIENT = "authMode is entra, so entraClientId must be the application (client) id of the app registration."
_TENANT = "entraTenantId must be the id of a tenant, or empty for the tenant of the subscription."
_MAIL = "alertEmail must be one e-mail address, or empty."
_ACCOUNT = (
    "existingSegmentsAccountId must be the resource id of a storage account "
    "(/subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/…), or empty."
)
_TWO_ACCOUNTS = (
    "segmentsSharedKey is for a new segments account, and existingSegmentsAccountId names one that exists: "
    "give one of the two."
)
_CONTAINER = (
    "segmentsContainer must be the name of a blob container: lower-case letters and digits, "
    "with single hyphens between them."
)
_CRON = 'refreshSchedule must be a cron expression of five fields, such as "0 6 * * *", or empty.'
_PREFIX = "secretsPrefix must have letters, digits and hyphens only, and begin with a letter or a digit."
_KEY_FROM_OUTSIDE = (
    "segmentsSharedKey lets Customer Insights in from the internet, which a private network closes: "
    "give its account as existingSegmentsAccountId."
)
_PACKAGE = "packageUri must be an https address, or empty."
_WEBHOOK = "alertWebhook must be an https address, or empty."
_NOTES = "successNotes are sent to alertEmail or alertWebhook: give one of the two."
_BUDGET = "budgetAmount raises an alert that goes to alertEmail or alertWebhook: give one of the two."
_MONTH = "budgetAmount is given, so budgetStart must be the first day of a month, such as 2027-01-01."
_ALL_ZONES = "zoneRedundant needs storage in all zones as well: give storageSku as Standard_ZRS."
_LET_IN = "allowedAddresses opens a restricted network: give network as restricted, or leave it empty."
_ADDRESSES = (
    "allowedAddresses must be IPv4 addresses, or ranges up to /30 such as 203.0.113.0/24, with commas between them."
)
_SPACE = "addressSpace must be a range of at least 128 IPv4 addresses, such as 10.83.0.0/24."
_NO_NETWORK = (
    "appSubnetId, endpointsSubnetId and dnsZonesGroupId are for a network that is not public: "
    "give network as restricted or private."
)
_SUBNET = (
    "appSubnetId and endpointsSubnetId must be resource ids of subnets "
    "(/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…), or empty."
)
_BOTH = "With network private, give both appSubnetId and endpointsSubnetId, or neither."
_NO_ENDPOINTS = (
    "endpointsSubnetId and dnsZonesGroupId are for private endpoints: give network as private, or leave them empty."
)
_GROUP = "dnsZonesGroupId must be the resource id of a resource group (/subscriptions/…/resourceGroups/…), or empty."
_BEHIND = "privateApp puts the app behind a private endpoint: give network as private."
_ZONE = "refreshTimeZone must be the name of a time zone, such as Europe/Kyiv."

REFUSED = (
    (Combination("five-fields-of-a-tick", {"tickSchedule": "0 * * * *"}), _TICK),
    (Combination("seventh-day-of-a-tick", {"tickSchedule": "0 * * * * 7"}), _TICK),
    (Combination("second-too-late", {"tickSchedule": "60 * * * * *"}), _TICK),
    (Combination("entra-without-a-client", {"authMode": "entra"}), _CLIENT),
    (Combination("client-by-name", {"authMode": "entra", "entraClientId": "segment-export"}), _CLIENT),
    (Combination("tenant-by-domain", {"entraTenantId": "example.com"}), _TENANT),
    (Combination("mail-without-a-domain", {"alertEmail": "oncall@"}), _MAIL),
    (Combination("two-mails", {"alertEmail": "a@example.com,b@example.com"}), _MAIL),
    (Combination("account-by-name", {"existingSegmentsAccountId": "acct1"}), _ACCOUNT),
    (
        Combination("id-of-a-vault", {"existingSegmentsAccountId": ELSEWHERE.replace("Storage/st", "KeyVault/v")}),
        _ACCOUNT,
    ),
    (Combination("id-of-a-container", {"existingSegmentsAccountId": f"{ELSEWHERE}/blobServices"}), _ACCOUNT),
    (
        Combination("key-of-another-account", {"existingSegmentsAccountId": ELSEWHERE, "segmentsSharedKey": True}),
        _TWO_ACCOUNTS,
    ),
    (Combination("container-in-capitals", {"segmentsContainer": "Segments"}), _CONTAINER),
    (Combination("container-with-two-hyphens", {"segmentsContainer": "a--b"}), _CONTAINER),
    (Combination("container-ends-with-a-hyphen", {"segmentsContainer": "segments-"}), _CONTAINER),
    (Combination("cron-of-six-fields", {"refreshSchedule": "0 0 6 * * *"}), _CRON),
    (Combination("hour-too-late", {"refreshSchedule": "0 24 * * *"}), _CRON),
    (Combination("hours-backwards", {"refreshSchedule": "0 9-6 * * *"}), _CRON),
    (Combination("words-for-a-schedule", {"refreshSchedule": "every day at six o'clock"}), _CRON),
    (Combination("prefix-with-an-underscore", {"secretsPrefix": "klaviyo_"}), _PREFIX),
    (Combination("prefix-begins-with-a-hyphen", {"secretsPrefix": "-klaviyo"}), _PREFIX),
    (Combination("no-such-time-zone", {"refreshTimeZone": "Europe/Atlantis"}), _ZONE),
    (Combination("webhook-without-tls", {"alertWebhook": "http://example.com/alerts"}), _WEBHOOK),
    (Combination("webhook-without-a-host", {"alertWebhook": "https:///alerts"}), _WEBHOOK),
    (Combination("webhook-with-a-password", {"alertWebhook": "https://me:secret@example.com"}), _WEBHOOK),
    (Combination("package-with-a-blank", {"packageUri": "https://example.com/my package.zip"}), _PACKAGE),
    (Combination("notes-for-nobody", {"successNotes": True}), _NOTES),
    (Combination("budget-for-nobody", {"budgetAmount": 50, "budgetStart": "2026-12-01"}), _BUDGET),
    (
        Combination(
            "budget-from-mid-month", {"alertEmail": "a@example.com", "budgetAmount": 5, "budgetStart": "2026-12-15"}
        ),
        _MONTH,
    ),
    (Combination("zones-of-the-app-alone", {"zoneRedundant": True, "storageSku": "Standard_LRS"}), _ALL_ZONES),
    (Combination("addresses-of-a-public-network", {"allowedAddresses": "203.0.113.7"}), _LET_IN),
    (Combination("address-of-three-parts", {"network": "restricted", "allowedAddresses": "203.0.113"}), _ADDRESSES),
    (Combination("range-of-one", {"network": "restricted", "allowedAddresses": "203.0.113.7/32"}), _ADDRESSES),
    (Combination("network-too-small", {"network": "private", "addressSpace": "10.0.0.0/26"}), _SPACE),
    (Combination("subnet-of-a-public-network", {"appSubnetId": f"{NETWORK}/subnets/app"}), _NO_NETWORK),
    (Combination("network-for-a-subnet", {"network": "restricted", "appSubnetId": NETWORK}), _SUBNET),
    (
        Combination(
            "endpoints-by-name",
            {"network": "private", "appSubnetId": f"{NETWORK}/subnets/app", "endpointsSubnetId": "endpoints"},
        ),
        _SUBNET,
    ),
    (Combination("one-subnet", {"network": "private", "appSubnetId": f"{NETWORK}/subnets/app"}), _BOTH),
    (Combination("zones-of-a-restricted-network", {"network": "restricted", "dnsZonesGroupId": HUB}), _NO_ENDPOINTS),
    (Combination("zones-by-name", {"network": "private", "dnsZonesGroupId": "rg-hub"}), _GROUP),
    (Combination("key-of-a-private-account", {"network": "private", "segmentsSharedKey": True}), _KEY_FROM_OUTSIDE),
    (Combination("package-without-tls", {"packageUri": "http://example.com/package.zip"}), _PACKAGE),
    (Combination("private-app-in-public", {"privateApp": True}), _BEHIND),
    (
        Combination("two-at-once", {"authMode": "entra", "refreshTimeZone": "Kyiv"}),
        f"{_CLIENT} {_ZONE}",
    ),
    (
        Combination("azd", {"environmentName": "shop", "location": "westeurope", "authMode": "entra"}, AZD),
        _CLIENT,
    ),
)
"""What is refused, and with which sentence."""


def _literal(value: str | int | bool) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return str(value).lower()
