"""What Bicep writes as settings of the app is what shared/settings.py reads, with the same defaults and fit bounds."""

import json
from datetime import timedelta

import pytest

from shared.settings import SETTING_NAMES, STORAGE, AuthMode, Settings
from tests.infra.deployed_settings import deployed_settings
from tests.infra.snapshots.evaluated import GIVEN, NAMES, at, kept
from tests.infra.snapshots.sources import INFRA, ROOT
from tests.infra.snapshots.templates import parameters

DEFAULT = kept("default")
WRITTEN = DEFAULT.app_settings()
READ_BY_AZURE = {
    "AzureWebJobsStorage__queueServiceUri": "the host: wake-ups",
    "AzureWebJobsStorage__tableServiceUri": "the host: its diagnostic events",
    "AzureWebJobsDisableHomepage": "the host: that it shows no page of Azure at its root",
    "AzureWebJobsStorage__credential": "the host: that it takes the identity",
    "AZURE_TOKEN_CREDENTIALS": "azure-identity: that it tries nothing but the identity",
    "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID": "App Service Authentication: which identity vouches for the app",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "host and exporter: where telemetry goes",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "host and exporter: that they send with the identity",
    "OTEL_SERVICE_NAME": "the exporter: by which name",
    "OTEL_TRACES_SAMPLER": "the exporter: that it leaves nothing out",
    "OTEL_TRACES_SAMPLER_ARG": "the exporter: the same",
    "OTEL_DOTNET_AZURE_MONITOR_ENABLE_RESOURCE_METRICS": "the exporter: which metrics it sends",
}
READ_OF_A_STORAGE = {
    f"{name}{end}" for name in (STORAGE, "SEGMENTS_ACCOUNT") for end in ("__blobServiceUri", "__clientId")
}
ONLY_ON_A_LAPTOP = {
    STORAGE: "holds a connection string; in Azure its __… settings stand in for it",
    "SECRET_KLAVIYO_ACME": "is a key; in Azure keys lie in the vault",
    "KLAVIYO_BASE_URL": "leads to a stand-in; the default is Klaviyo",
}
NUMBERS = {
    "LEG_BUDGET_SECONDS": ("legBudgetSeconds", Settings.leg_budget_seconds),
    "REQUESTS_IN_FLIGHT": ("requestsInFlight", Settings.requests_in_flight),
    "SETTLE_LIMIT_HOURS": ("settleLimitHours", Settings.settle_limit / timedelta(hours=1)),
    "RUN_RETENTION_DAYS": ("retentionDays", Settings.run_retention / timedelta(days=1)),
    "MAX_LATENESS_HOURS": ("maxLatenessHours", Settings.max_lateness / timedelta(hours=1)),
    "QUIET_MINUTES": ("quietMinutes", Settings.quiet / timedelta(minutes=1)),
}
"""The settings that are numbers: the parameter of each, and the default in the code."""
KNOWN = {
    "clientId": "11111111-2222-3333-4444-555555555555",
    "primaryEndpoints.blob": "https://st.blob.core.windows.net/",
    "primaryEndpoints.queue": "https://st.queue.core.windows.net/",
    "primaryEndpoints.table": "https://st.table.core.windows.net/",
    "ConnectionString": "IngestionEndpoint=https://region.in.example.com/",
    "suffixes.storage": "core.windows.net",
    "vaultUri": "https://kv.vault.azure.net/",
}
"""What only Azure knows, made up."""


def test_every_setting_that_is_read_is_written_and_the_other_way_round() -> None:
    read = (SETTING_NAMES - ONLY_ON_A_LAPTOP.keys()) | READ_BY_AZURE.keys() | READ_OF_A_STORAGE
    assert WRITTEN.keys() == read
    assert [name for name, value in WRITTEN.items() if not value] == ["REFRESH_SCHEDULE"]  # never, unless it is given
    assert WRITTEN["SEGMENTS_STORAGE"] == "SEGMENTS_ACCOUNT"


@pytest.mark.parametrize("setting", NUMBERS)
def test_a_number_has_the_same_default_as_in_the_code(setting: str) -> None:
    parameter, default = NUMBERS[setting]
    assert WRITTEN[setting] == str(parameters()[parameter]["defaultValue"])
    assert float(WRITTEN[setting]) == default


def test_the_ways_to_check_the_callers_are_those_of_the_code() -> None:
    parameter = parameters()["authMode"]
    assert parameter["allowedValues"] == [str(each) for each in AuthMode]
    assert parameter["defaultValue"] == Settings.auth_mode


@pytest.mark.parametrize(("name", "mode"), [("default", AuthMode.KEYS), ("entra", AuthMode.ENTRA)])
def test_the_deployment_tells_the_app_in_azure_that_authentication_is_on_exactly_where_it_turns_it_on(
    name: str, mode: AuthMode
) -> None:
    written = deployed_settings(kept(name), KNOWN)
    assert written["APP_SERVICE_AUTHENTICATION"] == ("true" if mode is AuthMode.ENTRA else "false")
    assert Settings.from_environment({**written, "WEBSITE_SITE_NAME": "func-1"}).auth_mode is mode


@pytest.mark.parametrize("name", NAMES)
def test_the_app_reads_the_settings_that_a_deployment_writes(name: str) -> None:
    written = deployed_settings(kept(name), KNOWN)
    outputs = kept(name).outputs
    account = outputs.get("segmentsAccountName") or outputs["SEGMENTS_ACCOUNT_NAME"]
    settings = Settings.from_environment(written)
    assert settings.storage.blob_url == "https://st.blob.core.windows.net"
    assert settings.storage.connection_string is None
    assert settings.segments_storage.blob_url == f"https://{account}.blob.core.windows.net"
    assert settings.segments_storage.client_id == settings.identity_client_id == "11111111-2222-3333-4444-555555555555"
    assert settings.key_vault_url == "https://kv.vault.azure.net"
    given = GIVEN[name]
    assert settings.auth_mode == given.get("authMode", AuthMode.KEYS)
    assert settings.allows_key_entry is given.get("allowKeyEntry", False)
    assert (settings.refresh is not None) is ("refreshSchedule" in given)
    assert settings.tick_schedule == given.get("tickSchedule", "*/30 * * * * *")
    assert written["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"].endswith(";Authorization=AAD")


@pytest.mark.parametrize("bound", ["minValue", "maxValue"])
@pytest.mark.parametrize(("setting", "parameter"), [(name, each) for name, (each, _) in NUMBERS.items()])
def test_the_app_takes_every_number_that_a_deployment_allows(setting: str, parameter: str, bound: str) -> None:
    number = parameters()[parameter][bound]
    Settings.from_environment({**deployed_settings(DEFAULT, KNOWN), setting: str(number)})


def test_a_leg_pauses_before_the_host_would_end_it() -> None:
    hours, minutes, seconds = json.loads((ROOT / "host.json").read_text())["functionTimeout"].split(":")
    longest = parameters()["legBudgetSeconds"]["maxValue"]
    assert longest + 450 <= int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def test_storage_removes_nothing_of_a_run_that_waits_for_klaviyo_as_long_as_it_may() -> None:
    [rule] = at(DEFAULT.only("Microsoft.Storage/storageAccounts/managementPolicies"), "properties.policy.rules")
    days = at(rule, "definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")
    kept_for, hours = parameters()["retentionDays"]["defaultValue"], parameters()["settleLimitHours"]["maxValue"]
    assert timedelta(days=days - kept_for) > timedelta(hours=hours)


def test_a_time_zone_that_is_not_refused_is_one_that_the_app_knows() -> None:
    names = json.loads((INFRA / "time-zones.json").read_text())
    assert len(names) > 500
    assert [name for name in names if not _is_known(name)] == []
    assert {"UTC", "Europe/Kyiv", "America/New_York"} <= set(names)


def _is_known(name: str) -> bool:
    settings = {**deployed_settings(DEFAULT, KNOWN), "REFRESH_SCHEDULE": "0 6 * * *", "REFRESH_TIME_ZONE": name}
    refresh = Settings.from_environment(settings).refresh
    return refresh is not None and refresh.time_zone == name


def test_what_the_functions_log_reaches_the_workspace_whole() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    assert host["telemetryMode"] == "OpenTelemetry"
    logging = host["logging"]
    assert logging.keys() == {"logLevel", "OpenTelemetry"}  # no sampling by the host
    assert logging["logLevel"]["default"] == "Information"
    assert not [name for name in logging["logLevel"] if name.startswith("Function")]
    assert logging["OpenTelemetry"]["logLevel"]["Function"] == "Information"
    written = deployed_settings(DEFAULT, KNOWN)
    # Without both, the exporter keeps 14 of the logs of 200 calls in a second; it does not know the word always_on.
    sampler = (written["OTEL_TRACES_SAMPLER"], written["OTEL_TRACES_SAMPLER_ARG"])
    assert sampler == ("microsoft.fixed_percentage", "1.0")
    # With one of these, and the package that it needs, the host sends nothing of what functions log; without, no gain.
    assert not written.keys() & {"PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY", "PYTHON_ENABLE_OPENTELEMETRY"}


def test_the_chatter_of_the_host_costs_nothing() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    levels = {name: level for name, level in host["logging"]["OpenTelemetry"]["logLevel"].items() if name != "Function"}
    assert set(levels.values()) == {"Warning", "Error"}
    # The rules that the host has for this provider win over shorter names, so each part of the chatter is named.
    assert {"default", "Azure.Core", "Microsoft.Azure.WebJobs.Host", "Microsoft.Azure.WebJobs.Script"} <= levels.keys()
    assert deployed_settings(DEFAULT, KNOWN)["OTEL_DOTNET_AZURE_MONITOR_ENABLE_RESOURCE_METRICS"] == "false"
