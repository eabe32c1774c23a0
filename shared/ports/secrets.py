"""Secrets: the keys to Klaviyo accounts."""

from datetime import datetime
from typing import Protocol


class Secrets(Protocol):
    """Secrets by name; the value of each is a key to a Klaviyo account."""

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the value of the secret *name*, without blanks around it; *fresh* asks the source itself and no cache.

        The value can be a key of Klaviyo's. Raises `CredentialsRefused` when the app may not read the secret or the
        secret cannot be used: it is missing, empty or no possible key, or its name has not the prefix of such secrets;
        which of these it is, the error does not tell. Raises `Retryable`.
        """
        ...

    async def expires(self, name: str) -> datetime | None:
        """Return when the secret *name* expires (UTC), None where its source does not say; raises as `get` does.

        What this process knows of a secret may be ten minutes old.
        """
        ...

    async def put(self, name: str, value: str) -> None:
        """Write a new version of the secret *name*, which is made when there is none.

        From then on this process gets the new value. Other processes may get the old one for ten minutes more, unless
        they ask with *fresh*, as they do when Klaviyo refuses a key.

        Raises `ConfigurationError` when secrets cannot be written here, or not with this name or value;
        `CredentialsRefused` when the app may not write; `Retryable`, after which the value may be written or not.
        """
        ...
