"""The identities of the app in Azure: one object for each client id, whose calls end in bounded time."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Self, TypeVar

from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions

from shared.adapters.azure.client_options import IDENTITY_OPTIONS, IDENTITY_SECONDS
from shared.adapters.azure.storage_errors import TRANSPORT_ERRORS
from shared.domain.errors import ConfigurationError, Unavailable
from shared.domain.sentences import Sentence, say

T = TypeVar("T")


class Identity:
    """A credential for Azure's clients; mutable: it keeps its tokens until they are about to expire.

    *client_id* names a user-assigned identity, None stands for the system-assigned one. *seconds* bound each call.
    In Azure the deployment sets AZURE_TOKEN_CREDENTIALS, so that only the managed identity is tried. On a laptop the
    identity may be the person who is signed in with the Azure CLI.

    Every call raises `Unavailable` when there is no token. Azure's clients do not try again after that: the
    credential has tried often enough by then.
    """

    def __init__(self, client_id: str | None, *, seconds: float = IDENTITY_SECONDS) -> None:
        from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 - slow to import, not needed on a laptop

        self._client_id = client_id
        self._seconds = seconds
        try:
            self._credential = DefaultAzureCredential(managed_identity_client_id=client_id, **IDENTITY_OPTIONS)
        except ValueError as error:
            raise ConfigurationError(say("setting_no_credential", _NO_CREDENTIAL)) from error

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token for *scopes*."""
        return await self._bounded(self._credential.get_token(*scopes, **options), scopes)

    async def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """Return a token for *scopes*, with the time at which the token should be renewed."""
        return await self._bounded(self._credential.get_token_info(*scopes, options=options), scopes)

    async def close(self) -> None:
        """Close the connections of the credential."""
        await self._credential.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _bounded(self, asking: Awaitable[T], scopes: tuple[str, ...]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await asking
        except TRANSPORT_ERRORS as error:  # a timeout is an OSError
            raise Unavailable(self._complaint(scopes)) from error

    def _complaint(self, scopes: tuple[str, ...]) -> Sentence:
        service = " ".join(scope.removesuffix("/.default") for scope in scopes)
        if self._client_id is None:
            return say("system_assigned_identity_without_token", _SYSTEM_GOT_NONE, service=service)
        return say(
            "user_assigned_identity_without_token", _USER_ASSIGNED_GOT_NONE, identity=self._client_id, service=service
        )


class Identities:
    """The identities that the settings name; mutable. Clients with the same identity share its tokens."""

    def __init__(self) -> None:
        self._known: dict[str | None, Identity] = {}

    def of(self, client_id: str | None) -> Identity:
        """Return the identity *client_id*, the same one each time."""
        if client_id not in self._known:
            self._known[client_id] = Identity(client_id)
        return self._known[client_id]

    async def close(self) -> None:
        """Close every identity."""
        for identity in self._known.values():
            await identity.close()


_NO_CREDENTIAL = "Setting AZURE_TOKEN_CREDENTIALS names no credential of Azure's; set it to ManagedIdentityCredential."
_SYSTEM_GOT_NONE = (
    "The app's system-assigned identity got no token for {service}; if that does not pass by itself, turn it on, or "
    "name a user-assigned one in the settings AZURE_CLIENT_ID and …__clientId of the storage."
)
_USER_ASSIGNED_GOT_NONE = (
    "The app's identity {identity} got no token for {service}; if that does not pass by itself, check that this "
    "user-assigned identity is assigned to the app, and that its client id stands in the settings AZURE_CLIENT_ID and "
    "…__clientId of the storage."
)
