"""The environment, read once into one frozen value; every default lives here."""

import base64
import binascii
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from shared.domain.config.problems import WrongFields
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError

STORAGE = "AzureWebJobsStorage"
PLATFORM_SETTINGS = ("WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID")
"""Azure sets one of these for every function app; nobody else should."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_LEG = 1_320
"""Seconds: a leg may go on for 7 minutes after its budget, and the Functions host kills it after 30 (host.json)."""
_HOUR = timedelta(hours=1)
_YEAR_HOURS = 366 * 24
_DAY = timedelta(days=1)
_MOST_DAYS = 3650
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_CONTAINER = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*")


class AuthMode(StrEnum):
    """Who checks who is asking: the Functions host by its keys, or App Service Authentication by Entra ID's tokens."""

    KEYS = "keys"
    ENTRA = "entra"


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """How to reach a storage account: by a connection string, or at an address with the app's identity."""

    connection_string: str | None = field(repr=False)
    blob_url: str | None
    client_id: str | None


@dataclass(frozen=True)
class Settings:
    """Everything that the environment decides."""

    storage: StorageAccount
    segments_storage: StorageAccount
    exports_container: str = "exports"
    segments_container: str = "segments"
    key_vault_url: str | None = None
    identity_client_id: str | None = None
    klaviyo_base_url: str = "https://a.klaviyo.com"
    leg_budget_seconds: float = 1200.0
    requests_in_flight: int = 12
    settle_limit: timedelta = timedelta(hours=24)
    max_lateness: timedelta = timedelta(hours=12)
    run_retention: timedelta = timedelta(days=30)
    refresh: Schedule | None = None
    auth_mode: AuthMode = AuthMode.KEYS
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; raises `ConfigurationError` naming the setting that cannot be used."""
        environment = os.environ if environment is None else environment
        read = _Reader(environment)
        return cls(
            storage=read.storage(STORAGE),
            segments_storage=read.storage(read.connection("SEGMENTS_STORAGE", STORAGE)),
            exports_container=read.container("EXPORTS_CONTAINER", cls.exports_container),
            segments_container=read.container("SEGMENTS_CONTAINER", cls.segments_container),
            key_vault_url=read.address("KEY_VAULT_URL"),
            identity_client_id=read.text("AZURE_CLIENT_ID"),
            klaviyo_base_url=read.address("KLAVIYO_BASE_URL", loopback=True) or cls.klaviyo_base_url,
            leg_budget_seconds=read.number(
                "LEG_BUDGET_SECONDS", cls.leg_budget_seconds, at_least=1, at_most=LONGEST_LEG
            ),
            requests_in_flight=read.whole("REQUESTS_IN_FLIGHT", cls.requests_in_flight, at_least=1, at_most=100),
            settle_limit=read.hours("SETTLE_LIMIT_HOURS", cls.settle_limit),
            max_lateness=read.hours("MAX_LATENESS_HOURS", cls.max_lateness),
            run_retention=read.days("RUN_RETENTION_DAYS", cls.run_retention),
            refresh=read.schedule("REFRESH_SCHEDULE", "REFRESH_TIME_ZONE"),
            auth_mode=_auth_mode(read, environment),
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
        "KLAVIYO_BASE_URL",
        "LEG_BUDGET_SECONDS",
        "REQUESTS_IN_FLIGHT",
        "SETTLE_LIMIT_HOURS",
        "MAX_LATENESS_HOURS",
        "RUN_RETENTION_DAYS",
        "REFRESH_SCHEDULE",
        "REFRESH_TIME_ZONE",
        "AUTH_MODE",
        "QUEUE_NAME",
        "TICK_SCHEDULE",
        "SECRET_KLAVIYO_ACME",
    }
)
"""Every setting of the app; QUEUE_NAME and TICK_SCHEDULE are read by the Functions host, SECRET_… is one for a name."""


def needs_function_key(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether the Functions host guards the API by its keys; it does unless somebody else is known to."""
    environment = os.environ if environment is None else environment
    return environment.get("AUTH_MODE", "").strip() != AuthMode.ENTRA


class _Reader:
    """Reads one setting at a time; one that is empty or blank counts as not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def whole(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        text = self.text(name) or str(default)
        value = _number(text)
        if not value.is_integer() or not at_least <= value <= at_most:
            raise ConfigurationError(
                f"Setting {name} must be a whole number from {at_least} to {at_most}, not '{text}'."
            )
        return int(value)

    def number(self, name: str, default: float, *, at_least: float, at_most: float) -> float:
        text = self.text(name) or str(default)
        value = _number(text)
        if not at_least <= value <= at_most:
            raise ConfigurationError(f"Setting {name} must be a number from {at_least:g} to {at_most:g}, not '{text}'.")
        return value

    def hours(self, name: str, default: timedelta) -> timedelta:
        return timedelta(hours=self.number(name, default / _HOUR, at_least=0, at_most=_YEAR_HOURS))

    def days(self, name: str, default: timedelta) -> timedelta:
        return timedelta(days=self.number(name, default / _DAY, at_least=1, at_most=_MOST_DAYS))

    def schedule(self, name: str, zone_name: str) -> Schedule | None:
        """Return the schedule of *name*, in the time zone of *zone_name*; None when there is none."""
        cron, zone = self.text(name), self.text(zone_name)
        try:
            schedule = Schedule.written({"cron": cron or "0 0 * * *", "time_zone": zone or "UTC"})
        except WrongFields as error:
            (place, problem), *_ = error.problems
            setting, text = (name, cron) if place == "/cron" else (zone_name, zone)
            raise ConfigurationError(f"Setting {setting} {problem}, not '{text}'.") from None
        return schedule if cron else None

    def container(self, name: str, default: str) -> str:
        text = self.text(name) or default
        if not _CONTAINER.fullmatch(text):
            raise ConfigurationError(
                f"Setting {name} must be the name of a blob container: 3 to 63 lower-case letters, digits and single "
                f"hyphens between them, not '{text}'."
            )
        return text

    def address(self, name: str, *, loopback: bool = False) -> str | None:
        """Return an https address, or an http one of this machine where *loopback* allows that."""
        text = self.text(name)
        if text is None:
            return None
        parts = _split(text)
        if parts and (parts.scheme == "https" or (loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK)):
            return text.rstrip("/")
        exception = " (http only on this machine)" if loopback else ""
        raise ConfigurationError(
            f"Setting {name} must be an https address{exception}, without a user, a query or a fragment: "
            "for example https://name.example.com."
        )

    def connection(self, name: str, default: str) -> str:
        """Return the name of the setting that holds a connection."""
        text = self.text(name) or default
        if not _NAME.fullmatch(text):
            raise ConfigurationError(
                f"Setting {name} must be the name of another setting, which holds the connection, for example "
                "SEGMENTS_ACCOUNT; it must not be the connection itself."
            )
        return text

    def storage(self, prefix: str) -> StorageAccount:
        """Return the account behind the connection *prefix*, as the Functions host reads it."""
        connection_string = self.text(prefix)
        url = self.address(f"{prefix}__blobServiceUri", loopback=True) or self._standard_url(f"{prefix}__accountName")
        client_id = self.text(f"{prefix}__clientId")
        if connection_string:
            _check_connection_string(prefix, connection_string)
        elif not url:
            raise ConfigurationError(
                f"Setting {prefix} is missing: give it a connection string, "
                f"or give {prefix}__accountName the name of a storage account that the app's identity may use."
            )
        return StorageAccount(connection_string, url, client_id)

    def _standard_url(self, name: str) -> str | None:
        account = self.text(name)
        if account and not _ACCOUNT.fullmatch(account):
            raise ConfigurationError(
                f"Setting {name} must be the name of a storage account: 3 to 24 lower-case letters and digits; "
                "for another address use __blobServiceUri."
            )
        return f"https://{account}.blob.core.windows.net" if account else None


def _auth_mode(read: _Reader, environment: Mapping[str, str]) -> AuthMode:
    text = read.text("AUTH_MODE") or AuthMode.KEYS.value
    if text not in list(AuthMode):
        raise ConfigurationError(f"Setting AUTH_MODE must be one of {', '.join(AuthMode)}, not '{text}'.")
    # Azure tells the app so where App Service Authentication was turned off, and with it whoever fills in the header.
    if text == AuthMode.ENTRA and environment.get("WEBSITE_AUTH_ENABLED", "true").strip().lower() != "true":
        raise ConfigurationError(
            "Setting AUTH_MODE is 'entra', but App Service Authentication is turned off, so nobody checks who is "
            "asking: turn it on, or set AUTH_MODE to 'keys'."
        )
    return AuthMode(text)


def _number(text: str) -> float:
    """Return the number in *text*, or NaN, which lies within no bounds."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _split(url: str) -> SplitResult | None:
    """Return the parts of *url*, or None when it is not the plain address of a host."""
    try:
        parts = urlsplit(url)
        good = parts.hostname and parts.port != 0 and not (parts.username or parts.query or parts.fragment)
    except ValueError:  # brackets or a port that cannot be
        return None
    return parts if good and not re.search(r"[\s@]", url) else None


def _check_connection_string(name: str, text: str) -> None:
    """Refuse what the storage client would stumble over; the message never shows *text*, which holds a key."""
    pairs = [part.partition("=") for part in text.rstrip(";").split(";")]
    parts = {key.strip().lower(): value for key, _, value in pairs}
    if parts.get("usedevelopmentstorage") == "true":
        return
    if not all(equals for _, equals, _ in pairs) or not parts.keys() & {"accountname", "blobendpoint"}:
        raise ConfigurationError(
            f"Setting {name} is not a connection string of a storage account; copy it from the account's access keys. "
            "It looks like 'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…'."
        )
    if "sharedaccesssignature" not in parts and not _is_base64(parts.get("accountkey", "")):
        raise ConfigurationError(
            f"The connection string in setting {name} has no AccountKey, or a damaged one; "
            "copy it again from the account's access keys."
        )


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def _secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the keys that stand in settings; in Azure there are none, keys belong in Key Vault."""
    if any(environment.get(name) for name in PLATFORM_SETTINGS):
        return {}
    return {name: value.strip() for name, value in environment.items() if name.startswith("SECRET_")}
