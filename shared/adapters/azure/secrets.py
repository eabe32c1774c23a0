"""Keys from Key Vault, or, outside Azure, from the settings."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from azure.core.exceptions import HttpResponseError

from shared.adapters.azure.translation import TOKEN_ADVICE, TRANSPORT_ERRORS, lacks_token, retry_after
from shared.domain.errors import CredentialsRefused, ExportError, Throttled, Unavailable

if TYPE_CHECKING:  # slow to import, and not needed on a laptop
    from azure.keyvault.secrets.aio import SecretClient

KEPT_SECONDS = 600.0

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_TOO_MANY_REQUESTS = 429
_BAD_REQUESTS = range(400, 500)


class KeyVaultSecrets:
    """The `Secrets` port over a Key Vault; a value is kept for ten minutes, not asked for with every call."""

    def __init__(self, client: "SecretClient", *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, str]] = {}

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the secret *name*; *fresh* asks the vault itself.

        Raises `CredentialsRefused` when there is none or it may not be read, `Unavailable`.
        """
        kept = self._kept.get(name)
        if kept and not fresh and self._monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        value = await self._ask(name)
        self._kept[name] = (self._monotonic(), value)
        return value

    async def _ask(self, name: str) -> str:
        vault = f"Key Vault {self._client.vault_url}"
        try:
            value = (await self._client.get_secret(name)).value
        except TRANSPORT_ERRORS as error:
            raise _translated(error, vault, name) from error
        except ValueError as error:  # the client distrusts the challenge of whoever answers there
            raise CredentialsRefused(
                f"What answers at {self._client.vault_url} is no Key Vault; mend the setting KEY_VAULT_URL."
            ) from error
        if not value or not value.strip():
            raise CredentialsRefused(f"Secret '{name}' in {vault} is empty; put Klaviyo's private key into it.")
        return value.strip()


class SettingsSecrets:
    """The `Secrets` port over the settings of a laptop: secret ``klaviyo-acme`` is setting ``SECRET_KLAVIYO_ACME``."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    async def get(self, name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 - there is no cache to pass by
        """Return the secret *name*; raises `CredentialsRefused` when its setting is missing or empty."""
        setting = "SECRET_" + name.upper().replace("-", "_")
        value = self._values.get(setting)
        if not value:
            raise CredentialsRefused(
                f"There is no secret '{name}': set KEY_VAULT_URL to the vault that holds it, "
                f"or, on a laptop only, put the key into the setting {setting}."
            )
        return value


def _translated(error: Exception, vault: str, name: str) -> ExportError:
    if lacks_token(error):
        return Unavailable(f"No token for the app's identity could be had to ask {vault}; {TOKEN_ADVICE}")
    if isinstance(error, HttpResponseError) and error.status_code:
        return _answered(error, error.status_code, vault, name)
    return Unavailable(f"{vault} did not answer.")


def _answered(error: HttpResponseError, status: int, vault: str, name: str) -> ExportError:
    if status == _NOT_FOUND:
        return CredentialsRefused(f"{vault} has no secret '{name}'; create it, or mend secret_name of the connection.")
    if status == _UNAUTHORIZED:
        return CredentialsRefused(f"{vault} did not accept the app's identity; {_ROLE}")
    if status == _FORBIDDEN:
        return CredentialsRefused(f"{vault} refused to give secret '{name}'; {_FORBIDDEN_FOR.get(_code(error), _ROLE)}")
    if status == _TOO_MANY_REQUESTS:
        return Throttled(f"{vault} asked to slow down.", after=retry_after(error))
    if status in _BAD_REQUESTS and status != _REQUEST_TIMEOUT:
        return CredentialsRefused(
            f"{vault} does not take '{name}' for the name of a secret (status {status}); "
            "mend secret_name of the connection."
        )
    return Unavailable(f"{vault} could not give secret '{name}' (status {status}).", after=retry_after(error))


def _code(error: HttpResponseError) -> str:
    """Return the vault's inner word for why it refused, for example ``SecretDisabled``; empty when it gave none."""
    inner = getattr(error.error, "innererror", None)
    return str(inner.get("code", "")) if isinstance(inner, dict) else ""


_ROLE = "give the app's identity the role 'Key Vault Secrets User' on the vault."
_FORBIDDEN_FOR = {
    "ForbiddenByFirewall": "let the app's network through the vault's firewall.",
    "ForbiddenByConnection": "let the app's network reach the vault over its private endpoint.",
    "SecretDisabled": "enable it.",
}
