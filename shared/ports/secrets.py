"""Keys by name."""

from typing import Protocol


class Secrets(Protocol):
    """Keys by name."""

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the secret *name*; *fresh* asks the source itself, past any cache.

        Raises `CredentialsRefused` when there is none or it may not be read, `Unavailable`.
        """
        ...

    async def put(self, name: str, value: str) -> None:
        """Write a new version of the secret *name*, which need not be there yet.

        From then on this process gets the new value. Others may get the old one for ten minutes more, unless they ask
        afresh, as whoever meets a refused key does.

        Raises `ConfigurationError` when secrets cannot be written here, or not under this name or with this value;
        `CredentialsRefused` when the app may not; `Unavailable`, after which the value may be written or not.
        """
        ...
