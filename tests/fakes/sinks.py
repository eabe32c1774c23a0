"""Klaviyo accounts in memory, by the secrets that open them."""

from collections.abc import Mapping

from shared.domain.errors import CONNECTION_TROUBLE, CredentialsRefused
from tests.fakes.sink import MemorySink


class MemorySinks:
    """The `Sinks` port over accounts in memory, by the name of a secret; another name is refused, as by a vault.

    The same sink under two names is an account with two keys.
    """

    def __init__(self, sinks: Mapping[str, MemorySink]) -> None:
        self.asked: list[str] = []
        """The names that were asked for, in order."""
        self._sinks = dict(sinks)

    def __call__(self, secret_name: str, account_id: str | None = None) -> MemorySink:
        self.asked.append(secret_name)
        if secret_name not in self._sinks:
            stranger = MemorySink()
            text = f"There is no secret '{secret_name}', or it is empty."
            error = CredentialsRefused(text, public=CONNECTION_TROUBLE)
            stranger.faults.fail("*", error=error, times=1_000_000)
            self._sinks[secret_name] = stranger
        return self._sinks[secret_name]
