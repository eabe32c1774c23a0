"""What Bicep writes as settings of the app is what shared/settings.py reads, with the same defaults and fit bounds."""

import json
import re
from datetime import timedelta

import pytest

from shared.settings import SETTING_NAMES, STORAGE, AuthMode, Settings
from tests.infra.bicep import Expression
from tests.infra.deployed_settings import deployed_settings
from tests.infra.infrastructure import ROOT, Infrastructure

REPOSITORY = Infrastructure.of_the_repository()
WRITTEN = REPOSITORY.app_settings()
READ_BY_AZURE = {
    "AzureWebJobsStorage__queueServiceUri": "the host: wake-ups",
    "AzureWebJobsStorage__tableServiceUri": "the host: its diagnostic events",
    "AzureWebJobsStorage__credential": "the host: that it takes the identity",
    "AZURE_TOKEN_CREDENTIALS": "azure-identity: that it tries nothing but the identity",
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
}
"""The settings that are numbers: the parameter of each, and the default in the code."""
KNOWN = {
    "identity.properties.clientId": "11111111-2222-3333-4444-555555555555",
    "storage.properties.primaryEndpoints.blob": "https://st.blob.core.windows.net/",
    "storage.properties.primaryEndpoints.queue": "https://st.queue.core.windows.net/",
    "storage.properties.primaryEndpoints.table": "https://st.table.core.windows.net/",
    "applicationInsights.properties.ConnectionString": "IngestionEndpoint=https://region.in.example.com/",
    "environment().suffixes.storage": "core.windows.net",
    "segmentsAccountName": "stseg",
    "keyVaultUri": "https://kv.vault.azure.net/",
    "name": "func-1",
}
"""What only Azure knows, made up."""


def test_every_setting_that_is_read_is_written_and_the_other_way_round() -> None:
    read = (SETTING_NAMES - ONLY_ON_A_LAPTOP.keys()) | READ_BY_AZURE.keys() | READ_OF_A_STORAGE
    assert WRITTEN.keys() == read
    assert [name for name, value in WRITTEN.items() if value in ("", None)] == []
    assert WRITTEN["SEGMENTS_STORAGE"] == "SEGMENTS_ACCOUNT"


@pytest.mark.parametrize("setting", NUMBERS)
def test_a_number_has_the_same_default_as_in_the_code(setting: str) -> None:
    parameter, default = NUMBERS[setting]
    assert WRITTEN[setting] == Expression(f"string({parameter})")
    assert REPOSITORY.main.parameters[parameter].value == default


def test_the_ways_to_check_the_callers_are_those_of_the_code() -> None:
    parameter = REPOSITORY.main.parameters["authMode"]
    assert parameter.decorators["allowed"] == [str(each) for each in AuthMode]
    assert parameter.value == Settings.auth_mode


@pytest.mark.parametrize("mode", AuthMode)
def test_the_deployment_tells_the_app_in_azure_that_authentication_is_on_exactly_where_it_turns_it_on(
    mode: AuthMode,
) -> None:
    written = deployed_settings(REPOSITORY, {**KNOWN, "authMode": mode.value})
    assert written["APP_SERVICE_AUTHENTICATION"] == ("true" if mode is AuthMode.ENTRA else "false")
    assert Settings.from_environment({**written, "WEBSITE_SITE_NAME": "func-1"}).auth_mode is mode


def test_the_app_reads_the_settings_that_a_deployment_writes() -> None:
    written = deployed_settings(REPOSITORY, KNOWN)
    settings = Settings.from_environment(written)
    assert settings.storage.blob_url == "https://st.blob.core.windows.net"
    assert settings.storage.connection_string is None
    assert settings.segments_storage.blob_url == "https://stseg.blob.core.windows.net"
    assert settings.segments_storage.client_id == settings.identity_client_id == "11111111-2222-3333-4444-555555555555"
    assert settings.key_vault_url == "https://kv.vault.azure.net"
    assert settings.auth_mode is AuthMode.KEYS
    assert settings.settle_limit == timedelta(hours=24)
    assert written["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"].endswith(";Authorization=AAD")


@pytest.mark.parametrize("bound", ["minValue", "maxValue"])
@pytest.mark.parametrize(("setting", "parameter"), [(name, each) for name, (each, _) in NUMBERS.items()])
def test_the_app_takes_every_number_that_a_deployment_allows(setting: str, parameter: str, bound: str) -> None:
    number = REPOSITORY.main.parameters[parameter].decorators[bound]
    Settings.from_environment({**deployed_settings(REPOSITORY, KNOWN), setting: str(number)})


def test_a_leg_pauses_before_the_host_would_end_it() -> None:
    hours, minutes, seconds = json.loads((ROOT / "host.json").read_text())["functionTimeout"].split(":")
    longest = REPOSITORY.main.parameters["legBudgetSeconds"].decorators["maxValue"]
    assert longest + 300 <= int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def test_storage_removes_nothing_of_a_run_that_waits_for_klaviyo_as_long_as_it_may() -> None:
    policy = REPOSITORY.texts["infra/modules/storage.bicep"]
    [days] = re.findall(r"daysAfterModificationGreaterThan: retentionDays \+ (\d+)", policy)
    hours = REPOSITORY.main.parameters["settleLimitHours"].decorators["maxValue"]
    assert timedelta(days=int(days)) > timedelta(hours=hours)


def test_what_the_functions_log_reaches_the_workspace_whole() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    assert host["telemetryMode"] == "OpenTelemetry"
    logging = host["logging"]
    assert logging.keys() == {"logLevel", "OpenTelemetry"}  # no sampling by the host
    assert logging["logLevel"]["default"] == "Information"
    assert not [name for name in logging["logLevel"] if name.startswith("Function")]
    assert logging["OpenTelemetry"]["logLevel"]["Function"] == "Information"
    written = deployed_settings(REPOSITORY, KNOWN)
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
    assert deployed_settings(REPOSITORY, KNOWN)["OTEL_DOTNET_AZURE_MONITOR_ENABLE_RESOURCE_METRICS"] == "false"
