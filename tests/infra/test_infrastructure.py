"""The Bicep of the repository keeps every rule, and each rule finds the fault that is planted for it."""

import json
import re
from datetime import timedelta

import pytest

from shared.settings import AuthMode, Settings
from tests.infra import app_settings, queries, roles, security, structure
from tests.infra.bicep import read_bicep
from tests.infra.deployed_settings import deployed_settings
from tests.infra.infrastructure import ROOT, Infrastructure
from tests.infra.planted_faults import PLANTED, Rule

REPOSITORY = Infrastructure.of_the_repository()
RULES: list[Rule] = [
    structure.parses,
    structure.loops_stand_where_they_may,
    structure.everything_is_described,
    structure.every_name_is_declared,
    structure.every_declaration_is_used,
    structure.modules_are_called_rightly,
    structure.outputs_exist_and_are_used,
    structure.loaded_files_exist,
    structure.resources_are_named_with_a_stable_version,
    structure.parameter_files_fit,
    structure.azd_enters_by_the_same_door,
    app_settings.every_setting_written_is_read,
    app_settings.every_setting_read_is_written,
    app_settings.defaults_are_the_same_as_in_the_code,
    security.resources_are_safe,
    security.nothing_is_secret,
    security.passwords_are_off,
    security.tokens_are_checked,
    security.nobody_is_believed_unchecked,
    security.the_site_is_changed_step_by_step,
    security.the_app_has_its_rights_before_it_starts,
    security.runs_expire,
    security.defaults_are_safe,
    security.names_keep_to_the_limits,
    roles.roles_are_those_that_are_needed,
    roles.roles_are_assigned_on_one_resource,
    roles.grants_are_printed,
    queries.alerts_are_those_that_are_needed,
    queries.alerts_are_raised_for_the_right_thing,
    queries.alerts_reach_somebody,
    queries.queries_ask_for_what_is_emitted,
    queries.every_event_is_asked_for,
    queries.alerts_are_split_by_a_field,
    queries.placeholders_are_filled,
    queries.the_workbook_shows_what_is_needed,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_infrastructure_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(REPOSITORY)) == []


FAULTS = [(rule, *fault) for rule, faults in PLANTED.items() for fault in faults]


@pytest.mark.parametrize(("rule", "path", "old", "new", "finding"), FAULTS)
def test_a_planted_fault_is_found(rule: Rule, path: str, old: str, new: str, finding: str) -> None:
    found = list(rule(REPOSITORY.changed(path, old, new)))
    assert any(finding in each for each in found), found


def test_every_rule_has_faults_to_find() -> None:
    assert [rule.__name__ for rule in RULES if not PLANTED.get(rule)] == []


def test_a_module_that_nobody_calls_is_found() -> None:
    more = Infrastructure({**REPOSITORY.texts, "infra/modules/spare.bicep": "param name string"})
    assert "Nobody calls infra/modules/spare.bicep." in list(structure.modules_are_called_rightly(more))


def test_the_reader_sees_through_loops_and_conditions() -> None:
    file = read_bicep(
        "resource a 'B.C/d@2024-01-01' = [for x in y: if (z) {\n  name: x\n  tags: {\n    'e f': 1\n  }\n}]"
    )
    assert file.resources["a"].at("tags") == {"e f": 1}
    assert file.of_type("B.C/d") == [file.resources["a"]]


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
@pytest.mark.parametrize(("setting", "parameter"), [(name, each) for name, (each, _) in app_settings.NUMBERS.items()])
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


def test_a_value_that_only_azure_knows_has_to_be_given() -> None:
    with pytest.raises(KeyError, match=r"primaryEndpoints\.queue"):
        deployed_settings(REPOSITORY, {"storage.properties.primaryEndpoints.blob": "https://st.blob.core.windows.net/"})


def test_what_the_functions_log_reaches_the_workspace_whole() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    assert host["telemetryMode"] == "OpenTelemetry"
    assert host["logging"] == {"logLevel": host["logging"]["logLevel"]}  # no sampling
    levels = host["logging"]["logLevel"]
    assert levels["default"] == "Information"
    assert not [name for name in levels if name.startswith("Function")]
    # With one of these, and the package that it needs, the host sends nothing of what functions log; without, no gain.
    written = deployed_settings(REPOSITORY, KNOWN)
    assert not written.keys() & {"PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY", "PYTHON_ENABLE_OPENTELEMETRY"}
