"""The environment, read once into one frozen value; every default lives here."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from shared.domain.config.api_key import SECRET_PREFIX
from shared.domain.config.field_problems import WrongFields
from shared.domain.config.schedule import Schedule
from shared.domain.connection_string import has_key, is_connection_string
from shared.domain.setting_sentences import unusable
from shared.domain.sources.source_rules import QUIET

STORAGE = "AzureWebJobsStorage"
PLATFORM_SETTINGS = ("WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID")
"""Azure sets one of these for every function app; on a laptop neither is set."""
AUTHENTICATION = ("WEBSITE_AUTH_ENABLED", "APP_SERVICE_AUTHENTICATION")
"""The settings that say whether App Service Authentication is turned on: Azure's own, and that of the deployment."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_LEG = 450
"""Seconds. A leg may go on for 7 minutes after its budget, and the host ends each function after 15 (host.json)."""
_ONCE_LONGEST = 1_320
"""Deployments could ask for such legs once, and wrote 1200; more than `LONGEST_LEG` is taken as that."""
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_YEAR_HOURS = 366 * 24
_DAY = timedelta(days=1)
_MOST_DAYS = 3650
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_SECRET_PREFIX = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,62}")
_CONTAINER = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*")


class AuthMode(StrEnum):
    """Who authenticates callers: the Functions host by function keys, or App Service Authentication by Entra tokens."""

    KEYS = "keys"
    ENTRA = "entra"


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """How to reach a storage account: by a connection string, or at an address with the app's identity.

    *blob_url* is None where there is a connection string. *client_id* names a user-assigned identity, if not None.
    """

    connection_string: str | None = field(repr=False)
    blob_url: str | None
    client_id: str | None


@dataclass(frozen=True)
class Settings:
    """Everything that the environment decides; ``docs/settings.md`` explains each setting."""

    storage: StorageAccount
    segments_storage: StorageAccount
    exports_container: str = "exports"
    segments_container: str = "segments"
    queue_name: str = "segment-exports"
    queue_url: str | None = None
    key_vault_url: str | None = None
    identity_client_id: str | None = None
    secret_prefix: str = SECRET_PREFIX
    klaviyo_base_url: str = "https://a.klaviyo.com"
    leg_budget_seconds: float = 450.0
    requests_in_flight: int = 36
    settle_limit: timedelta = timedelta(hours=24)
    max_lateness: timedelta = timedelta(hours=12)
    quiet: timedelta = QUIET
    run_retention: timedelta = timedelta(days=30)
    refresh: Schedule | None = None
    auth_mode: AuthMode = AuthMode.KEYS
    allows_key_entry: bool = False
    tick_schedule: str = "*/30 * * * * *"
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings, by default from the process's own environment.

        Raises `ConfigurationError`, which names the first setting that cannot be used.
        """
        environment = os.environ if environment is None else environment
        read = _Reader(environment)
        return cls(
            storage=read.storage(STORAGE),
            segments_storage=read.storage(read.connection("SEGMENTS_STORAGE", STORAGE)),
            exports_container=read.container("EXPORTS_CONTAINER", cls.exports_container),
            segments_container=read.container("SEGMENTS_CONTAINER", cls.segments_container),
            queue_name=read.text("QUEUE_NAME") or cls.queue_name,
            queue_url=read.service_url(STORAGE, "queue"),
            key_vault_url=read.address("KEY_VAULT_URL"),
            identity_client_id=read.text("AZURE_CLIENT_ID"),
            secret_prefix=read.secret_prefix("SECRETS_PREFIX", cls.secret_prefix),
            klaviyo_base_url=read.address("KLAVIYO_BASE_URL", loopback=True) or cls.klaviyo_base_url,
            leg_budget_seconds=min(
                LONGEST_LEG,
                read.number("LEG_BUDGET_SECONDS", cls.leg_budget_seconds, at_least=1, at_most=_ONCE_LONGEST),
            ),
            requests_in_flight=read.whole("REQUESTS_IN_FLIGHT", cls.requests_in_flight, at_least=1, at_most=100),
            settle_limit=read.time("SETTLE_LIMIT_HOURS", cls.settle_limit, _HOUR, at_most=_YEAR_HOURS),
            max_lateness=read.time("MAX_LATENESS_HOURS", cls.max_lateness, _HOUR, at_most=_YEAR_HOURS),
            quiet=read.time("QUIET_MINUTES", cls.quiet, _MINUTE, at_most=1_440),
            run_retention=read.time("RUN_RETENTION_DAYS", cls.run_retention, _DAY, at_least=1, at_most=_MOST_DAYS),
            refresh=read.schedule("REFRESH_SCHEDULE", "REFRESH_TIME_ZONE"),
            auth_mode=_auth_mode(read, environment),
            allows_key_entry=(read.text("ALLOW_KEY_ENTRY") or "").lower() == "true",
            tick_schedule=read.text("TICK_SCHEDULE") or cls.tick_schedule,
            secrets=_secrets(environment),
        )


SETTING_NAMES = frozenset(
    {
        STORAGE,
        "SEGMENTS_STORAGE",
        "EXPORTS_CONTAINER",
        "SEGMENTS_CONTAINER",
        "KEY_VAULT_URL",
        "AZURE_CLIENT_ID",
        "SECRETS_PREFIX",
        "KLAVIYO_BASE_URL",
        "LEG_BUDGET_SECONDS",
        "REQUESTS_IN_FLIGHT",
        "SETTLE_LIMIT_HOURS",
        "MAX_LATENESS_HOURS",
        "QUIET_MINUTES",
        "RUN_RETENTION_DAYS",
        "REFRESH_SCHEDULE",
        "REFRESH_TIME_ZONE",
        "ALLOW_KEY_ENTRY",
        "AUTH_MODE",
        "APP_SERVICE_AUTHENTICATION",
        "QUEUE_NAME",
        "TICK_SCHEDULE",
        "SECRET_KLAVIYO_ACME",
    }
)
"""Every setting of the app. The Functions host reads QUEUE_NAME and TICK_SCHEDULE as well. SECRET_KLAVIYO_ACME stands
for the settings SECRET_…, one for each secret of a laptop."""


def needs_function_key(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether the Functions host asks for a function key at each call: always, unless AUTH_MODE is ``entra``."""
    environment = os.environ if environment is None else environment
    return environment.get("AUTH_MODE", "").strip() != AuthMode.ENTRA


def runs_in_azure(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether this is a function app in Azure, and no laptop."""
    environment = os.environ if environment is None else environment
    return any(environment.get(name) for name in PLATFORM_SETTINGS)


class _Reader:
    """Reads one setting at a time; a setting that is empty or blank counts as not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def whole(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        text = self.text(name) or str(default)
        value = _number(text)
        if not value.is_integer() or not at_least <= value <= at_most:
            raise unusable("setting_whole_number", name, given=text, at_least=at_least, at_most=at_most)
        return int(value)

    def number(self, name: str, default: float, *, at_least: float, at_most: float) -> float:
        text = self.text(name) or str(default)
        value = _number(text)
        if not at_least <= value <= at_most:
            raise unusable("setting_number", name, given=text, at_least=at_least, at_most=at_most)
        return value

    def time(self, name: str, default: timedelta, unit: timedelta, *, at_least: int = 0, at_most: int) -> timedelta:
        return unit * self.number(name, default / unit, at_least=at_least, at_most=at_most)

    def schedule(self, name: str, zone_name: str) -> Schedule | None:
        """Return the schedule in setting *name*, in the time zone in setting *zone_name*; None where there is none."""
        cron, zone = self.text(name), self.text(zone_name)
        try:
            schedule = Schedule.written({"cron": cron or "0 0 * * *", "time_zone": zone or "UTC"})
        except WrongFields as error:
            (place, problem), *_ = error.problems
            setting, text = (name, cron) if place == "/cron" else (zone_name, zone)
            raise unusable("setting_schedule", setting, problem=str(problem), given=text) from None
        return schedule if cron else None

    def container(self, name: str, default: str) -> str:
        text = self.text(name) or default
        if not _CONTAINER.fullmatch(text):
            raise unusable("setting_container", name, given=text)
        return text

    def secret_prefix(self, name: str, default: str) -> str:
        text = self.text(name) or default
        if not _SECRET_PREFIX.fullmatch(text):
            raise unusable("setting_secret_prefix", name, given=text)
        return text

    def address(self, name: str, *, loopback: bool = False) -> str | None:
        """Return an address with https, or with *loopback* also one of this machine with http; None when not set."""
        text = self.text(name)
        if text is None:
            return None
        parts = _split(text)
        if parts and (parts.scheme == "https" or (loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK)):
            return text.rstrip("/")
        raise unusable("setting_address_or_loopback" if loopback else "setting_address", name)

    def connection(self, name: str, default: str) -> str:
        """Return the name of the setting that holds a connection; the setting *name* says which one."""
        text = self.text(name) or default
        if not _NAME.fullmatch(text):
            raise unusable("setting_name", name)
        return text

    def storage(self, prefix: str) -> StorageAccount:
        """Return the storage account of the connection *prefix*; the Functions host reads the same settings."""
        connection_string = self.text(prefix)
        url = self.service_url(prefix, "blob")
        client_id = self.text(f"{prefix}__clientId")
        if not connection_string and not url:
            raise unusable("setting_storage_missing", prefix)
        # No error repeats the connection string, because a key is in it.
        if connection_string and not is_connection_string(connection_string):
            raise unusable("setting_connection_string", prefix)
        if connection_string and not has_key(connection_string):
            raise unusable("setting_account_key", prefix)
        return StorageAccount(connection_string, url, client_id)

    def service_url(self, prefix: str, service: str) -> str | None:
        """Return the address of the *service* (blob, queue) of the connection *prefix*, None when not set."""
        if url := self.address(f"{prefix}__{service}ServiceUri", loopback=True):
            return url
        name = f"{prefix}__accountName"
        account = self.text(name)
        if account and not _ACCOUNT.fullmatch(account):
            raise unusable("setting_storage_account", name)
        return f"https://{account}.{service}.core.windows.net" if account else None


def _auth_mode(read: _Reader, environment: Mapping[str, str]) -> AuthMode:
    text = read.text("AUTH_MODE") or AuthMode.KEYS.value
    if text not in list(AuthMode):
        raise unusable("setting_auth_mode", "AUTH_MODE", modes=", ".join(AuthMode), given=text)
    if text == AuthMode.ENTRA and not _is_authentication_on(environment):
        raise unusable("setting_auth_off", "AUTH_MODE")
    return AuthMode(text)


def _is_authentication_on(environment: Mapping[str, str]) -> bool:
    """Tell whether App Service Authentication fills in the header that says who is asking.

    Azure says so in WEBSITE_AUTH_ENABLED. Where Azure does not set that, the deployment says so in
    APP_SERVICE_AUTHENTICATION, which it writes after it has turned authentication on.
    On a laptop, where nobody from outside comes, silence is yes.
    """
    azure_says, deployment_says = (environment.get(name) for name in AUTHENTICATION)
    said = azure_says if azure_says is not None else deployment_says or None
    return not runs_in_azure(environment) if said is None else said.strip().lower() == "true"


def _number(text: str) -> float:
    """Return the number in *text*, else NaN, which is within no bounds; digits of other scripts are no number."""
    try:
        return float(text) if text.isascii() else math.nan
    except ValueError:
        return math.nan


def _split(url: str) -> SplitResult | None:
    """Return the parts of *url*, or None when *url* is not the plain address of a host."""
    try:
        parts = urlsplit(url)
        good = parts.hostname and parts.port != 0 and not (parts.username or parts.query or parts.fragment)
    except ValueError:  # brackets or a port that no address has
        return None
    return parts if good and not re.search(r"[\s@]", url) else None


def _secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the keys that stand in settings; none in Azure, where keys belong in Key Vault."""
    if runs_in_azure(environment):
        return {}
    return {name: value.strip() for name, value in environment.items() if name.startswith("SECRET_")}
