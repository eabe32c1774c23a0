"""The real Key Vault client, pointed at the stand-in."""

from typing import Any, Self

from azure.core.credentials import AccessToken
from azure.keyvault.secrets._shared import http_challenge_cache
from azure.keyvault.secrets.aio import SecretClient

from local.vault import Vault
from shared.adapters.azure.client_options import VAULT_OPTIONS

_FAR_AWAY = 2**31 - 1


class GivenToken:
    """A credential that has its token already; counts how often it was asked."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.asked = 0

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        self.asked += 1
        return AccessToken(self._token, _FAR_AWAY)

    async def close(self) -> None:
        return None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None


def client_of(vault: Vault, credential: Any = None, **options: Any) -> SecretClient:
    """Return a client that trusts *vault* and tries once; *options* are the client's.

    All clients of a process remember together, by host and port, how a vault asks for tokens. A port may come again, so
    what another test has taught them is forgotten.
    """
    http_challenge_cache.clear()
    settings = {**VAULT_OPTIONS, "connection_verify": str(vault.ca_file), "retry_total": 0, **options}
    return SecretClient(vault.url, credential or GivenToken(vault.token), **settings)
