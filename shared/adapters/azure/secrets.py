"""The port `Secrets`: over a Key Vault or, outside Azure, over the settings."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.adapters.azure.vault_errors import UNUSABLE, unusable_secret, vault_errors
from shared.domain.config.api_key import SECRET_PREFIX, is_key_name, key_problem
from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused
from shared.domain.events import SecretExpiring
from shared.domain.identifiers import secret_name_problem
from shared.domain.sentences import say
from shared.ports import EventListener

if TYPE_CHECKING:  # slow to import, and not needed on a laptop
    from azure.keyvault.secrets.aio import SecretClient

KEPT_SECONDS = 600.0
"""How long this process keeps the value of a secret."""
TOLD_SECONDS = 6 * 3600.0
"""How often at most an event says when a secret expires: several times in the day that the alert looks at."""

WRITTEN_BY = {"written-by": "segment-export-klaviyo"}
"""The tag of secrets that the app wrote, for people who look at the vault."""


class KeyVaultSecrets:
    """The `Secrets` port over a Key Vault; mutable: it keeps each value for `KEPT_SECONDS`."""

    def __init__(
        self,
        client: "SecretClient",
        *,
        events: EventListener,
        prefix: str = SECRET_PREFIX,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._events = events
        self._prefix = prefix
        self._monotonic = monotonic
        self._now = now
        self._told: dict[str, tuple[float, datetime]] = {}
        self._expiry: dict[str, datetime | None] = {}
        self._kept: dict[str, tuple[float, str]] = {}
        self._writes = 0
        self._asking: dict[tuple[str, int], asyncio.Task[str]] = {}

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the value of the secret *name*; *fresh* asks the vault itself.

        Raises `CredentialsRefused` when the secret cannot be used or the app may not read it; `Throttled`,
        `Unavailable`. A secret with another prefix is not even asked for. Every secret that cannot be used is refused
        with the same sentence, so that nobody learns from it which secrets there are, or what is in them.
        """
        if not is_key_name(name, self._prefix):
            raise unusable_secret(self._client.vault_url, name)
        kept = self._kept.get(name)
        if kept and not fresh and self._monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        writes = self._writes
        value = await (self._ask(name) if fresh else self._ask_together(name))
        if writes == self._writes:  # else the answer may be older than a value that was written meanwhile
            self._kept[name] = (self._monotonic(), value)
        return value

    async def expires(self, name: str) -> datetime | None:
        """Return when the secret *name* expires, None where the vault has no time for it; raises as `get` does."""
        await self.get(name)
        return self._expiry.get(name)

    async def put(self, name: str, value: str) -> None:
        """Write a new version of the secret *name*.

        This process forgets the value that it kept; other processes keep theirs for up to `KEPT_SECONDS`.
        Raises `ConfigurationError` for a name or a value that no secret can have, and for the name of a secret that
        was deleted and can be recovered; `CredentialsRefused` when the app may not write; `Throttled`, `Unavailable`,
        after which the value may be written or not.
        """
        _check_secret(name, value, self._prefix)
        self._forget(name)
        try:
            with vault_errors(self._client.vault_url, name, writing=True):
                await self._client.set_secret(name, value.strip(), content_type="text/plain", tags=WRITTEN_BY)
        finally:
            self._forget(name)

    async def probe(self) -> None:
        """Ask for a secret that need not be there; raises unless the vault answers and lets the app in."""
        try:
            await self._ask(f"{self._prefix}health-probe")
        except CredentialsRefused as error:
            if error.sentence.code != UNUSABLE:
                raise

    def _forget(self, name: str) -> None:
        self._writes += 1
        self._kept.pop(name, None)

    async def _ask_together(self, name: str) -> str:
        """Ask the vault; whoever asks meanwhile gets the same value, or the same error."""
        which = (name, self._writes)
        asking = self._asking.get(which)
        if asking is None:
            asking = self._asking[which] = asyncio.ensure_future(self._ask(name))
            asking.add_done_callback(lambda asked: self._asking.pop(which) and asked.exception())
        return await asyncio.shield(asking)

    async def _ask(self, name: str) -> str:
        with vault_errors(self._client.vault_url, name):
            secret = await self._client.get_secret(name)
        self._expiry[name] = secret.properties.expires_on
        self._tell_expiry(name, secret.properties.expires_on)
        value = (secret.value or "").strip()
        if key_problem(value):
            raise unusable_secret(self._client.vault_url, name)
        return value

    def _tell_expiry(self, name: str, expires_on: datetime | None) -> None:
        """Log when the secret expires, if the vault knows: after each change, and else every `TOLD_SECONDS`."""
        told_at, told = self._told.get(name, (0.0, None))
        if expires_on is None or (told == expires_on and self._monotonic() - told_at < TOLD_SECONDS):
            return
        self._told[name] = (self._monotonic(), expires_on)
        self._events.tell(SecretExpiring(name, round((expires_on - self._now()) / timedelta(days=1), 1)))


class SettingsSecrets:
    """The `Secrets` port over the settings of a laptop: secret ``klaviyo-acme`` is setting ``SECRET_KLAVIYO_ACME``."""

    def __init__(self, values: Mapping[str, str], *, prefix: str = SECRET_PREFIX) -> None:
        self._values = values
        self._prefix = prefix

    async def get(self, name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 - there is no cache to pass by
        """Return the value of the secret *name*; raises `CredentialsRefused` when it cannot be used."""
        setting = _setting(name)
        value = self._values.get(setting, "").strip()
        if key_problem(value) or not is_key_name(name, self._prefix):
            missing = say("secret_setting_missing", _SETTING_MISSING, secret=name, setting=setting)
            raise CredentialsRefused(missing, public=CONNECTION_TROUBLE)
        return value

    async def expires(self, name: str) -> datetime | None:
        """Return None: a setting does not expire; raises `CredentialsRefused` when the secret cannot be used."""
        await self.get(name)
        return None

    async def probe(self) -> None:
        """Do nothing: settings are always there."""

    async def put(self, name: str, value: str) -> None:
        """Raise `ConfigurationError`: the app cannot write its own settings."""
        _check_secret(name, value, self._prefix)
        not_writable = say("secret_not_writable", _NOT_WRITABLE, secret=name, setting=_setting(name))
        raise ConfigurationError(not_writable, public=CONNECTION_TROUBLE)


def _setting(name: str) -> str:
    return "SECRET_" + name.upper().replace("-", "_")


def _check_secret(name: str, value: str, prefix: str) -> None:
    if problem := secret_name_problem(name):
        bad = say(
            "secret_name_invalid",
            "'{secret}' cannot be the name of a secret: it {problem}.",
            secret=name,
            problem=str(problem),
        )
        raise ConfigurationError(bad, public=CONNECTION_TROUBLE)
    if not is_key_name(name, prefix):
        raise ConfigurationError(
            say("secret_prefix_wrong", _PREFIX_WRONG, secret=name, prefix=prefix), public=CONNECTION_TROUBLE
        )
    if not value.strip():
        raise ConfigurationError(say("secret_value_empty", _VALUE_EMPTY, secret=name), public=CONNECTION_TROUBLE)


_PREFIX_WRONG = "The app writes no secret '{secret}': the name must begin with '{prefix}'."
_VALUE_EMPTY = "The value for secret '{secret}' is empty; give Klaviyo's private key."
_SETTING_MISSING = (
    "There is no secret '{secret}' that can be used: set KEY_VAULT_URL to the vault that holds it, or, on a laptop "
    "only, put Klaviyo's private key and nothing else into the setting {setting}. The name must begin as the setting "
    "SECRETS_PREFIX says ('klaviyo-' by itself)."
)
_NOT_WRITABLE = (
    "Without a Key Vault the app cannot write secret '{secret}': put the key into the setting {setting} and start the "
    "app again, or set KEY_VAULT_URL to a vault."
)
