"""Keys from Key Vault, or, outside Azure, from the settings."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.adapters.azure.vault_translation import vault_errors
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.domain.events import SecretExpiring
from shared.domain.identifiers import secret_name_problem

if TYPE_CHECKING:  # slow to import, and not needed on a laptop
    from azure.keyvault.secrets.aio import SecretClient

logger = logging.getLogger(__name__)

KEPT_SECONDS = 600.0
TOLD_SECONDS = 6 * 3600.0
"""How often it is told, at most, when a secret expires: several times in the day that the alert looks at."""

WRITTEN_BY = {"written-by": "segment-export-klaviyo"}
"""The tag of secrets that the app wrote, for whoever looks at the vault."""


class KeyVaultSecrets:
    """The `Secrets` port over a Key Vault; a value is kept for ten minutes, not asked for with every call."""

    def __init__(
        self,
        client: "SecretClient",
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._now = now
        self._told: dict[str, tuple[float, datetime]] = {}
        self._kept: dict[str, tuple[float, str]] = {}
        self._writes = 0

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the secret *name*; *fresh* asks the vault itself.

        Raises `CredentialsRefused` when there is none or it may not be read, `Unavailable`.
        """
        kept = self._kept.get(name)
        if kept and not fresh and self._monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        writes = self._writes
        value = await self._ask(name)
        if writes == self._writes:  # else the answer may be older than what was written since
            self._kept[name] = (self._monotonic(), value)
        return value

    async def put(self, name: str, value: str) -> None:
        """Write a new version of the secret *name*; this process forgets the one it kept, others keep it ten minutes.

        Raises `ConfigurationError` for a name or a value that cannot be, or a name that was deleted and can be
        recovered; `CredentialsRefused` when the app may not write; `Unavailable`, and it may be written or not.
        """
        _check_secret(name, value)
        self._forget(name)
        try:
            with vault_errors(self._client.vault_url, name, writing=True):
                await self._client.set_secret(name, value.strip(), content_type="text/plain", tags=WRITTEN_BY)
        finally:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._writes += 1
        self._kept.pop(name, None)

    async def _ask(self, name: str) -> str:
        with vault_errors(self._client.vault_url, name):
            secret = await self._client.get_secret(name)
        self._tell_expiry(name, secret.properties.expires_on)
        value = secret.value
        if not value or not value.strip():
            raise CredentialsRefused(
                f"Secret '{name}' in Key Vault {self._client.vault_url} is empty; put Klaviyo's private key into it."
            )
        return value.strip()

    def _tell_expiry(self, name: str, expires_on: datetime | None) -> None:
        """Log until when the secret is good, where the vault knows, now and then and after each change."""
        told_at, told = self._told.get(name, (0.0, None))
        if expires_on is None or (told == expires_on and self._monotonic() - told_at < TOLD_SECONDS):
            return
        self._told[name] = (self._monotonic(), expires_on)
        logger.info("%s", SecretExpiring(name, round((expires_on - self._now()) / timedelta(days=1), 1)))


class SettingsSecrets:
    """The `Secrets` port over the settings of a laptop: secret ``klaviyo-acme`` is setting ``SECRET_KLAVIYO_ACME``."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    async def get(self, name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 - there is no cache to pass by
        """Return the secret *name*; raises `CredentialsRefused` when its setting is missing or empty."""
        setting = _setting(name)
        value = self._values.get(setting)
        if not value:
            raise CredentialsRefused(
                f"There is no secret '{name}': set KEY_VAULT_URL to the vault that holds it, "
                f"or, on a laptop only, put the key into the setting {setting}."
            )
        return value

    async def put(self, name: str, value: str) -> None:
        """Raise `ConfigurationError`: settings are written by whoever runs the app, not by the app."""
        _check_secret(name, value)
        raise ConfigurationError(
            f"Without a Key Vault the app cannot write secret '{name}': put the key into the setting {_setting(name)} "
            "and start the app again, or set KEY_VAULT_URL to a vault."
        )


def _setting(name: str) -> str:
    return "SECRET_" + name.upper().replace("-", "_")


def _check_secret(name: str, value: str) -> None:
    if problem := secret_name_problem(name):
        raise ConfigurationError(f"'{name}' cannot be the name of a secret: it {problem}.")
    if not value.strip():
        raise ConfigurationError(f"The value for secret '{name}' is empty; give Klaviyo's private key.")
