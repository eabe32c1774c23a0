"""Rules about the settings of the app: what Bicep writes is what shared/settings.py reads, in both directions."""

import re
from collections.abc import Iterator
from datetime import timedelta

from shared.settings import SETTING_NAMES, STORAGE, AuthMode, Settings
from tests.infra.bicep import Expression
from tests.infra.infrastructure import Infrastructure

READ_BY_AZURE = {
    "AzureWebJobsStorage__queueServiceUri": "the host: wake-ups",
    "AzureWebJobsStorage__tableServiceUri": "the host: its diagnostic events",
    "AzureWebJobsStorage__credential": "the host: that it takes the identity",
    "AZURE_TOKEN_CREDENTIALS": "azure-identity: that it tries nothing but the identity",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "host and exporter: where telemetry goes",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "host and exporter: that they send with the identity",
    "OTEL_SERVICE_NAME": "the exporter: by which name",
}
READ_AS_A_CONNECTION = ("__blobServiceUri", "__clientId")
"""What shared/settings.py reads of a storage account besides a connection string or a name."""
ONLY_ON_A_LAPTOP = {
    STORAGE: "holds a connection string; in Azure its __… settings stand in for it",
    "SECRET_KLAVIYO_ACME": "is a key; in Azure keys lie in the vault",
    "KLAVIYO_BASE_URL": "leads to a stand-in; the default is Klaviyo",
}
REFUSED_BY_FLEX = re.compile(
    r"FUNCTIONS_WORKER_\w+|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_MAX_HTTP_CONCURRENCY|SCM_DO_BUILD_DURING_DEPLOYMENT"
    r"|ENABLE_ORYX_BUILD|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT\w*|WEBSITE_TIME_ZONE|TZ"
    r"|WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT|AzureWebJobsStorage|AzureWebJobsDashboard"
)
NUMBERS = {
    "LEG_BUDGET_SECONDS": ("legBudgetSeconds", Settings.leg_budget_seconds),
    "REQUESTS_IN_FLIGHT": ("requestsInFlight", Settings.requests_in_flight),
    "SETTLE_LIMIT_HOURS": ("settleLimitHours", Settings.settle_limit / timedelta(hours=1)),
    "RUN_RETENTION_DAYS": ("retentionDays", Settings.run_retention / timedelta(days=1)),
    "MAX_LATENESS_HOURS": ("maxLatenessHours", Settings.max_lateness / timedelta(hours=1)),
}


def every_setting_written_is_read(infrastructure: Infrastructure) -> Iterator[str]:
    written = infrastructure.app_settings()
    connections = (STORAGE, str(written.get("SEGMENTS_STORAGE")))
    read = SETTING_NAMES | READ_BY_AZURE.keys() | {name + end for name in connections for end in READ_AS_A_CONNECTION}
    for name in written:
        if REFUSED_BY_FLEX.fullmatch(name):
            yield f"The app setting {name} is none for a Flex Consumption plan."
        elif name not in read:
            yield f"The app setting {name} is written and nobody reads it."


def every_setting_read_is_written(infrastructure: Infrastructure) -> Iterator[str]:
    written = infrastructure.app_settings()
    connections = [name + end for name in (STORAGE, "SEGMENTS_ACCOUNT") for end in READ_AS_A_CONNECTION]
    for name in sorted((SETTING_NAMES - ONLY_ON_A_LAPTOP.keys()) | READ_BY_AZURE.keys() | set(connections)):
        if name not in written:
            yield f"The app setting {name} is read and not written."
        elif written[name] in ("", None):
            yield f"The app setting {name} is empty."


def defaults_are_the_same_as_in_the_code(infrastructure: Infrastructure) -> Iterator[str]:
    written, parameters = infrastructure.app_settings(), infrastructure.main.parameters
    for setting, (name, default) in NUMBERS.items():
        if written.get(setting) != Expression(f"string({name})"):
            yield f"The app setting {setting} does not come from the parameter {name}."
        if name not in parameters or parameters[name].value != default:
            yield f"The default of {name} is not the {default:g} of {setting} in the code."
    modes = parameters["authMode"].decorators.get("allowed")
    if modes != [str(each) for each in AuthMode] or parameters["authMode"].value != Settings.auth_mode:
        yield "authMode does not allow what AUTH_MODE may be, or has another default."
